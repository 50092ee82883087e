//! `MiniBatch`: backpropagation of the examples of a mini-batch and the update by them, compiled for the widest vectors.

use smidgen_core::{
    ActivePixel, Backprop, Batch, Network, Regularization, Trace, backprop_weighed,
    descend_regularized,
};

use super::epoch::{Epoch, Update};
use super::jobs::{AdvanceJob, SlowJob};
use super::wide::{
    self, Job, Lanes, PixelColumns, Pixels, ReadingColumns, Readings, Turned, TurnedReadings,
};
use crate::data::Dataset;

/// Cache lines of an example that are fetched ahead; ten hold the active pixels of an average digit.
const AHEAD: usize = 10;

/// A mini-batch that has been backpropagated, and the memory for the next.
pub struct MiniBatch<T> {
    pixels: PixelColumns,
    readings: ReadingColumns,
    /// Whether the examples are rows of readings.
    table: bool,
    examples: Vec<Backprop<T>>,
    /// How many examples there are now.
    length: usize,
    /// The pixels of an image that was moved.
    moved: Vec<ActivePixel>,
}

impl<T> MiniBatch<T> {
    /// Room for `capacity` examples of a data set, for a network of `inputs` inputs.
    pub fn new<const O: usize>(data: &Dataset, inputs: usize, capacity: usize) -> Self
    where
        T: Trace<O>,
    {
        let table = data.is_table();
        let (pixels, readings) = if table { (0, inputs) } else { (inputs, 0) };
        Self {
            pixels: PixelColumns::new(pixels, capacity),
            readings: ReadingColumns::new(readings, capacity),
            table,
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
        wide::run(BackpropJob::<N, I, O> {
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
            return wide::run(StepJob {
                network,
                batch: self,
                learning_rate: update.learning_rate,
                regularization: update.regularization,
            });
        };
        wide::run(SlowJob {
            velocity,
            network,
            update,
        });
        self.descend(velocity, update.learning_rate);
        wide::run(AdvanceJob { network, velocity });
    }

    /// The step of a network, or of a velocity, down the gradient.
    pub fn descend<N: Network<I, O, Trace = T>, const I: usize, const O: usize>(
        &self,
        network: &mut N,
        learning_rate: f32,
    ) where
        T: Trace<O>,
    {
        wide::run(StepJob {
            network,
            batch: self,
            learning_rate,
            regularization: Regularization::None,
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
    fn run<L: Lanes>(mut self, lanes: L) {
        if self.batch.table {
            self.weigh_rows(lanes);
        } else {
            self.weigh_images(lanes);
        }
        let Epoch {
            data, expand, cost, ..
        } = *self.epoch;
        let label = |i: usize| {
            let index = self.mini_batch.get(i);
            index.map_or(0, |index| data.label(index / expand.factor()))
        };
        let examples = self.batch.examples.get_mut(..self.batch.length);
        backprop_weighed(self.network, cost, label, examples.unwrap_or_default());
    }
}

impl<N: Network<I, O>, const I: usize, const O: usize> BackpropJob<'_, N, I, O> {
    /// Lets the first layer read the images, and enters their pixels into the columns on the way.
    #[inline(always)]
    fn weigh_images(&mut self, lanes: impl Lanes) {
        let Epoch { data, expand, .. } = *self.epoch;
        let MiniBatch {
            pixels: columns,
            examples,
            length,
            moved,
            ..
        } = &mut *self.batch;
        columns.clear(*length);
        for (i, (&index, example)) in self.mini_batch.iter().zip(examples).enumerate() {
            if let Some(&ahead) = self.next.get(i) {
                wide::prefetch::<AHEAD, _>(data.pixels(ahead / expand.factor()));
            }
            if let Some(&far) = self.next.get(i + *length) {
                wide::prefetch::<1, _>(data.place(far / expand.factor()));
            }
            let (_, pixels) = expand.pixels(index, |image| data.pixels(image), moved);
            columns.keep(pixels);
            let pixels = Pixels {
                lanes,
                pixels,
                visit: columns.enter(i),
            };
            self.network.weigh(&pixels, &mut example.trace);
        }
        columns.close(lanes);
    }

    /// Lets the first layer read the rows, and enters their readings into the columns.
    #[inline(always)]
    fn weigh_rows(&mut self, lanes: impl Lanes) {
        let data = self.epoch.data;
        let MiniBatch {
            readings: columns,
            examples,
            length,
            ..
        } = &mut *self.batch;
        columns.clear(*length);
        for (i, (&index, example)) in self.mini_batch.iter().zip(examples).enumerate() {
            if let Some(&ahead) = self.next.get(i) {
                wide::prefetch::<1, _>(data.readings(ahead));
            }
            let row = data.readings(index);
            columns.enter(i, row);
            let readings = Readings::new(lanes, row);
            self.network.weigh(&readings, &mut example.trace);
        }
    }
}

/// The step of a network, or of a velocity, down the gradient of a mini-batch.
struct StepJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a mut N,
    batch: &'a MiniBatch<N::Trace>,
    learning_rate: f32,
    regularization: Regularization,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for StepJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        if self.batch.table {
            let columns = &self.batch.readings;
            self.by(&TurnedReadings { lanes, columns });
        } else {
            let columns = &self.batch.pixels;
            self.by(&Turned { lanes, columns });
        }
    }
}

impl<N: Network<I, O>, const I: usize, const O: usize> StepJob<'_, N, I, O> {
    #[inline(always)]
    fn by(self, inputs: &impl Batch<I>) {
        let Self {
            network,
            batch,
            learning_rate: rate,
            regularization,
        } = self;
        descend_regularized(network, inputs, batch.examples(), rate, regularization);
    }
}
