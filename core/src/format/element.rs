//! The kinds of element that a model file can have.

/// The kind of element of a float network: IEEE 754 binary32.
pub const ELEMENT_F32: u8 = 1;
/// The kind of element of an integer network: weights in 8 bits.
pub const ELEMENT_I8: u8 = 2;
/// The kind of element of a float network whose weights and biases are kept in 16 bits: IEEE 754 binary16.
pub const ELEMENT_F16: u8 = 3;

/// Whether there is such a kind of element.
pub(crate) const fn is_known(element: u8) -> bool {
    matches!(element, ELEMENT_F32 | ELEMENT_I8 | ELEMENT_F16)
}
