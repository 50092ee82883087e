//! `Epoch`: what an epoch goes through and how, and why one stops.

use smidgen_core::{Cost, Regularization};

use crate::data::Dataset;
use crate::data::expand::Expand;

/// What an epoch goes through, and how.
#[derive(Clone, Copy, Debug)]
pub struct Epoch<'a> {
    /// The images.
    pub data: &'a Dataset,
    /// The numbers of the examples in the order in which they are learned; each image gives [`Expand::factor`] of them.
    pub order: &'a [usize],
    /// Whether images are also moved.
    pub expand: Expand,
    /// Examples per update, at least 1; the last update may have fewer.
    pub mini_batch_size: usize,
    /// What is lowered.
    pub cost: Cost,
    /// How to step.
    pub update: Update,
}

/// What every update of an epoch needs besides the examples.
#[derive(Clone, Copy, Debug, Default)]
pub struct Update {
    /// η.
    pub learning_rate: f32,
    /// μ; 0 for no momentum.
    pub momentum: f32,
    /// What keeps weights small.
    pub regularization: Regularization,
}

/// Why an epoch did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The caller's report asked for it; the network is in the middle of an epoch.
    #[error("broken off in the middle of an epoch")]
    Asked,
    /// A weight is no finite number any more.
    #[error("training diverged: a weight is no finite number any more")]
    Diverged,
}
