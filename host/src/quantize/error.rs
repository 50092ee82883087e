//! `QuantizeError`: what keeps a network from being made a smaller one.

use smidgen_core::{Half, ModelError};

/// Why a network cannot be quantised.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantizeError {
    /// A layer in which nothing depends on the input.
    #[error("all weights of layer {layer} are 0")]
    AllZero {
        /// From 1, as in the book.
        layer: usize,
    },
    /// A neuron whose weights or bias are too large for any scale.
    #[error(
        "the weights or the bias of neuron {neuron} in layer {layer} are too large: its scale is saturated"
    )]
    Saturated {
        /// From 1, as in the book.
        layer: usize,
        /// From 0.
        neuron: usize,
    },
    /// A weight or bias that no float of 16 bits is near.
    #[error(
        "a weight or the bias of neuron {neuron} in layer {layer} is {value}, and floats of 16 bits go up to {largest}",
        largest = Half::LARGEST
    )]
    TooLarge {
        /// From 1, as in the book.
        layer: usize,
        /// From 0.
        neuron: usize,
        /// The weight or bias.
        value: f32,
    },
    /// What was made does not read back; the core says why.
    #[error("{0}")]
    Model(#[from] ModelError),
}
