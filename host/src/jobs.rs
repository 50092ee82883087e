//! The hot work of a training, compiled for the widest vectors: backpropagation of an example, update by a mini-batch.

use smidgen_core::{
    ActivePixel, Backprop, Cost, Network, Regularization, backprop, update_regularized,
    update_with_momentum,
};

use crate::columns::PixelColumns;
use crate::simd::Job;

/// What every update of an epoch needs besides the examples.
#[derive(Clone, Copy)]
pub struct Update {
    /// η.
    pub learning_rate: f32,
    /// μ.
    pub momentum: f32,
    /// What keeps weights small.
    pub regularization: Regularization,
}

/// Backpropagation of one example.
pub struct BackpropJob<'a, N: Network<784, 10>> {
    /// The network.
    pub network: &'a N,
    /// What is lowered.
    pub cost: Cost,
    /// The image, ascending.
    pub pixels: &'a [ActivePixel],
    /// What it shows.
    pub label: usize,
    /// Where activations and deltas go.
    pub example: &'a mut Backprop<N::Trace>,
}

impl<N: Network<784, 10>> Job for BackpropJob<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        backprop(
            self.network,
            self.cost,
            self.pixels,
            self.label,
            self.example,
        );
    }
}

/// The step of a mini-batch that has been backpropagated.
pub struct UpdateJob<'a, N: Network<784, 10>> {
    /// The network.
    pub network: &'a mut N,
    /// v of the momentum, if there is any.
    pub velocity: Option<&'a mut N>,
    /// The images, pixel by pixel.
    pub columns: &'a PixelColumns,
    /// The examples, in the same order.
    pub examples: &'a [Backprop<N::Trace>],
    /// How to step.
    pub update: Update,
}

impl<N: Network<784, 10>> Job for UpdateJob<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self {
            network,
            velocity,
            columns,
            examples,
            update,
        } = self;
        let Update {
            learning_rate,
            momentum,
            regularization,
        } = update;
        match velocity {
            None => update_regularized(network, columns, examples, learning_rate, regularization),
            Some(velocity) => {
                update_with_momentum(
                    network,
                    velocity,
                    columns,
                    examples,
                    learning_rate,
                    momentum,
                    regularization,
                );
            }
        }
    }
}
