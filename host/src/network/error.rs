//! `NetworkError`: what stands between a network's sizes as values and a type that was compiled.

use smidgen_core::ModelError;

use super::sizes::join;

/// Why there is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// Sizes for which no type was compiled in.
    #[error(
        "[{}] is not on the menu of sizes: {compiled} (add others in main.rs)",
        join(sizes)
    )]
    NotCompiled {
        /// The sizes that were asked for, from input to output.
        sizes: Vec<usize>,
        /// The sizes that there are, in words.
        compiled: String,
    },
    /// A model of integers where one of floats is needed.
    #[error("a model of integers, and this needs one of floats")]
    Integers,
    /// Numbers of a model file that may not be.
    #[error("{0}")]
    Model(#[from] ModelError),
}
