//! The sizes of a network from input to output, as values.

/// Sizes as one types them, `784,30,10`.
#[must_use]
pub fn join(sizes: &[usize]) -> String {
    let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
    sizes.join(",")
}

/// The last of some sizes; 0 if there is none.
#[must_use]
pub const fn last(sizes: &[usize]) -> usize {
    match sizes.last() {
        Some(&last) => last,
        None => 0,
    }
}

/// Weights and biases in all layers.
#[must_use]
pub fn parameters(sizes: &[usize]) -> usize {
    let layers = sizes.iter().zip(sizes.iter().skip(1));
    layers.map(|(inputs, neurons)| (inputs + 1) * neurons).sum()
}
