//! `Settings`: the hyper-parameters that stay for all epochs of a training.

use smidgen_core::{Cost, Regularization};

use crate::data::expand::Expand;
use crate::network::Start;

/// How to train: the hyper-parameters that stay for all epochs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Examples per update, at least 1.
    pub mini_batch_size: usize,
    /// η of the first epoch, a positive number.
    pub learning_rate: f32,
    /// Where the Gaussian start and the shuffling come from.
    pub seed: u64,
    /// What training lowers.
    pub cost: Cost,
    /// λ, at least 0; its pull on a weight is divided by the number of training examples.
    pub regularization: f32,
    /// Whether the pull is that of L1 instead of L2.
    pub l1: bool,
    /// How weights start.
    pub start: Start,
    /// μ in [0, 1).
    pub momentum: f32,
    /// Whether images are also moved.
    pub expand: Expand,
}

impl Default for Settings {
    /// The book's first settings, Nielsen, *Neural Networks and Deep Learning*, ch. 1, with the seed 1.
    fn default() -> Self {
        Self {
            mini_batch_size: 10,
            learning_rate: 3.0,
            seed: 1,
            cost: Cost::Quadratic,
            regularization: 0.0,
            l1: false,
            start: Start::Unit,
            momentum: 0.0,
            expand: Expand::None,
        }
    }
}

impl Settings {
    /// The regularisation of an update, for `examples` training examples.
    #[must_use]
    pub fn regularization(&self, examples: usize) -> Regularization {
        let strength = self.regularization / examples.max(1) as f32;
        match () {
            () if strength <= 0.0 => Regularization::None,
            () if self.l1 => Regularization::L1 { strength },
            () => Regularization::L2 { strength },
        }
    }
}
