//! `PageError`: why a model has no page.

use std::io;

use super::limits::{CLASSES, INPUTS, LAYERS, NEURONS};

/// What a page has no room for, or what cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// Inputs that are no picture as a page has it.
    #[error(
        "the inputs of the network must be the pixels of a picture, {INPUTS} at most, and it has {inputs}"
    )]
    Inputs {
        /// How many there are.
        inputs: usize,
    },
    /// Too many classes, or names for more or fewer.
    #[error("a page has room for {CLASSES} classes, and the network has {classes}")]
    Classes {
        /// How many there are.
        classes: usize,
    },
    /// A hidden layer that is too large.
    #[error(
        "a page has room for {NEURONS} neurons in a hidden layer, and the network has {neurons}"
    )]
    Neurons {
        /// How many there are.
        neurons: usize,
    },
    /// A network that is too deep.
    #[error("a page has room for {LAYERS} layers, and the network has {layers}")]
    Layers {
        /// How many there are.
        layers: usize,
    },
    /// Weights of 16 bits.
    #[error("a page has no room for weights of 16 bits (f16): they must be made 32 first")]
    Halves,
    /// The bytes cannot be packed.
    #[error("cannot pack the page: {0}")]
    Pack(#[from] io::Error),
}
