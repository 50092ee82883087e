//! What of a processor its target's name says.

/// Whether it has a floating-point unit: the name ends with the ABI, `hf` for hard floats.
#[must_use]
pub fn has_floats(target: &str) -> bool {
    target.ends_with("hf")
}
