//! An epoch: backpropagation of each example and the update by each mini-batch, compiled for one network and for the
//! widest vectors.

use std::ops::ControlFlow;

use smidgen_core::{
    ActivePixel, Backprop, Cost, Network, Regularization, Trace, advance, backprop, shrink, slow,
    update_mini_batch,
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
    let mut batch = MiniBatch::new(I, epoch.mini_batch_size);
    let (mut reported, mut done) = (0, 0);
    for mini_batch in order.chunks(epoch.mini_batch_size.max(1)) {
        done += mini_batch.len();
        let next = order.get(done..).unwrap_or_default();
        batch.backprop(network, epoch, mini_batch, next);
        batch.step(network, velocity.as_deref_mut(), update);
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

/// A mini-batch that has been backpropagated, and the memory for the next.
pub struct MiniBatch<T> {
    columns: PixelColumns,
    examples: Vec<Backprop<T>>,
    /// How many examples there are now.
    length: usize,
    /// The pixels of an image that was moved.
    moved: Vec<ActivePixel>,
}

impl<T> MiniBatch<T> {
    /// Room for `capacity` examples of `inputs` pixels.
    pub fn new<const O: usize>(inputs: usize, capacity: usize) -> Self
    where
        T: Trace<O>,
    {
        Self {
            columns: PixelColumns::new(inputs, capacity),
            examples: vec![Backprop::zero(); capacity.max(1)],
            length: 0,
            moved: Vec::new(),
        }
    }

    /// Backpropagation of the examples of a mini-batch, at most as many as there is room for, while memory fetches what
    /// comes `next`.
    pub fn backprop<N: Network<I, O, Trace = T>, const I: usize, const O: usize>(
        &mut self,
        network: &N,
        epoch: &Epoch<'_>,
        mini_batch: &[usize],
        next: &[usize],
    ) where
        T: Trace<O>,
    {
        self.length = mini_batch.len().min(self.examples.len());
        simd::run(BackpropJob::<N, I, O> {
            network,
            epoch,
            mini_batch,
            next,
            batch: self,
        });
    }

    /// What backpropagation left of the examples.
    pub fn examples(&self) -> &[Backprop<T>] {
        self.examples.get(..self.length).unwrap_or_default()
    }

    /// The update by the mini-batch, [`smidgen_core::update_regularized`] or, where there is a velocity,
    /// [`smidgen_core::update_with_momentum`]; in passes, each of which is compiled once.
    pub fn step<N: Network<I, O, Trace = T>, const I: usize, const O: usize>(
        &self,
        network: &mut N,
        velocity: Option<&mut N>,
        update: Update,
    ) where
        T: Trace<O>,
    {
        if self.length == 0 {
            return;
        }
        let Some(velocity) = velocity else {
            if update.regularization != Regularization::None {
                simd::run(ShrinkJob { network, update });
            }
            return self.descend(network, update.learning_rate);
        };
        simd::run(SlowJob {
            velocity,
            network,
            update,
        });
        self.descend(velocity, update.learning_rate);
        simd::run(AdvanceJob { network, velocity });
    }

    /// The step of a network, or of a velocity, down the gradient.
    pub fn descend<N: Network<I, O, Trace = T>, const I: usize, const O: usize>(
        &self,
        network: &mut N,
        learning_rate: f32,
    ) where
        T: Trace<O>,
    {
        simd::run(StepJob {
            network,
            columns: &self.columns,
            examples: self.examples(),
            learning_rate,
        });
    }
}

/// Backpropagation of a mini-batch.
struct BackpropJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a N,
    epoch: &'a Epoch<'a>,
    mini_batch: &'a [usize],
    next: &'a [usize],
    batch: &'a mut MiniBatch<N::Trace>,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for BackpropJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Epoch {
            data, expand, cost, ..
        } = *self.epoch;
        let MiniBatch {
            columns,
            examples,
            moved,
            ..
        } = self.batch;
        columns.clear();
        for (i, (&index, example)) in self.mini_batch.iter().zip(examples).enumerate() {
            if let Some(&ahead) = self.next.get(i) {
                simd::prefetch::<AHEAD, _>(data.pixels(ahead / expand.factor()));
            }
            let (image, pixels) = expand.pixels(index, |image| data.pixels(image), moved);
            backprop(self.network, cost, pixels, data.label(image), example);
            columns.push(i, pixels);
        }
    }
}

/// The step of a network, or of a velocity, down the gradient of a mini-batch.
struct StepJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a mut N,
    columns: &'a PixelColumns,
    /// The examples, in the same order.
    examples: &'a [Backprop<N::Trace>],
    learning_rate: f32,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for StepJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        update_mini_batch(
            self.network,
            self.columns,
            self.examples,
            self.learning_rate,
        );
    }
}

/// What regularisation does before the step.
struct ShrinkJob<'a, N, const I: usize, const O: usize> {
    network: &'a mut N,
    update: Update,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for ShrinkJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let update = self.update;
        shrink(self.network, update.learning_rate, update.regularization);
    }
}

/// What the velocity does before its step.
struct SlowJob<'a, N, const I: usize, const O: usize> {
    velocity: &'a mut N,
    network: &'a N,
    update: Update,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for SlowJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
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
struct AdvanceJob<'a, N, const I: usize, const O: usize> {
    network: &'a mut N,
    velocity: &'a N,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for AdvanceJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        advance(self.network, self.velocity);
    }
}
