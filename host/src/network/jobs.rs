//! What momentum does to a network as a whole, compiled for the widest vectors.

use smidgen_core::{Network, advance, slow};

use super::epoch::Update;
use super::wide::{Job, Lanes};

/// What the velocity does before its step.
pub struct SlowJob<'a, N, const I: usize, const O: usize> {
    /// v.
    pub velocity: &'a mut N,
    /// The network.
    pub network: &'a N,
    /// How to step.
    pub update: Update,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for SlowJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _lanes: L) {
        let Update {
            learning_rate,
            momentum,
            regularization,
        } = self.update;
        slow(
            self.velocity,
            self.network,
            learning_rate,
            momentum,
            regularization,
        );
    }
}

/// What the velocity does to the network after its step.
pub struct AdvanceJob<'a, N, const I: usize, const O: usize> {
    /// The network.
    pub network: &'a mut N,
    /// v.
    pub velocity: &'a N,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for AdvanceJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _lanes: L) {
        advance(self.network, self.velocity);
    }
}
