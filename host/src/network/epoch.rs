//! An epoch: backpropagation of each example and the update by each mini-batch, compiled for one network and for the
//! widest vectors.

use std::ops::ControlFlow;

use smidgen_core::{
    ActivePixel, Backprop, Cost, Network, Regularization, backprop, update_regularized,
    update_with_momentum,
};

use super::columns::PixelColumns;
use super::simd::{self, Job};
use crate::data::Dataset;
use crate::data::expand::Expand;

/// Examples between two reports of progress.
const REPORT: usize = 1000;

/// Cache lines of an example that are fetched ahead; ten hold the active pixels of an average digit.
const AHEAD: usize = 10;

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
#[derive(Clone, Copy, Debug)]
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

/// Trains a network for an epoch; `velocity` is that of the momentum, if there is any.
///
/// # Errors
///
/// [`Stop::Asked`] if `report` breaks off, [`Stop::Diverged`] if a weight is not finite at the end of the epoch.
pub fn run<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    mut velocity: Option<&mut N>,
    epoch: &Epoch<'_>,
    report: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<(), Stop> {
    let Epoch { order, update, .. } = *epoch;
    let mini_batch_size = epoch.mini_batch_size.max(1);
    let mut batch = MiniBatch {
        columns: PixelColumns::new(I, mini_batch_size),
        examples: vec![Backprop::zero(); mini_batch_size],
        moved: Vec::new(),
    };
    let (mut reported, mut done) = (0, 0);
    for mini_batch in order.chunks(mini_batch_size) {
        done += mini_batch.len();
        batch.backprop(
            network,
            epoch,
            mini_batch,
            order.get(done..).unwrap_or_default(),
        );
        simd::run(UpdateJob {
            network: &mut *network,
            velocity: velocity.as_deref_mut(),
            columns: &batch.columns,
            examples: batch.examples.get(..mini_batch.len()).unwrap_or_default(),
            update,
        });
        if done - reported >= REPORT || done == order.len() {
            reported = done;
            if report(done).is_break() {
                return Err(Stop::Asked);
            }
        }
    }
    if network.is_finite() {
        Ok(())
    } else {
        Err(Stop::Diverged)
    }
}

/// The memory that mini-batches take.
struct MiniBatch<T> {
    columns: PixelColumns,
    examples: Vec<Backprop<T>>,
    /// The pixels of an image that was moved.
    moved: Vec<ActivePixel>,
}

impl<T> MiniBatch<T> {
    /// Backpropagation of each example, while memory fetches what comes `next`.
    fn backprop<N: Network<I, O, Trace = T>, const I: usize, const O: usize>(
        &mut self,
        network: &N,
        epoch: &Epoch<'_>,
        mini_batch: &[usize],
        next: &[usize],
    ) {
        let Epoch {
            data, expand, cost, ..
        } = *epoch;
        self.columns.clear();
        for (i, (&index, example)) in mini_batch.iter().zip(&mut self.examples).enumerate() {
            if let Some(&ahead) = next.get(i) {
                simd::prefetch::<AHEAD, _>(data.pixels(ahead / expand.factor()));
            }
            let (image, pixels) = expand.pixels(index, |image| data.pixels(image), &mut self.moved);
            simd::run(BackpropJob {
                network,
                cost,
                pixels,
                label: data.label(image),
                example,
            });
            self.columns.push(i, pixels);
        }
    }
}

/// Backpropagation of one example.
struct BackpropJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a N,
    cost: Cost,
    /// The image, ascending.
    pixels: &'a [ActivePixel],
    label: usize,
    /// Where activations and deltas go.
    example: &'a mut Backprop<N::Trace>,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for BackpropJob<'_, N, I, O> {
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
struct UpdateJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a mut N,
    /// v of the momentum, if there is any.
    velocity: Option<&'a mut N>,
    /// The images, pixel by pixel.
    columns: &'a PixelColumns,
    /// The examples, in the same order.
    examples: &'a [Backprop<N::Trace>],
    update: Update,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for UpdateJob<'_, N, I, O> {
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
            Some(velocity) => update_with_momentum(
                network,
                velocity,
                columns,
                examples,
                learning_rate,
                momentum,
                regularization,
            ),
        }
    }
}
