//! The SGD driver: epochs of shuffled mini-batches over the core's network.

use std::ops::ControlFlow;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::{ActivePixel, Backprop, Cost, Network, Regularization, init};

use crate::columns::PixelColumns;
use crate::dataset::Dataset;
use crate::expand::Expand;
use crate::jobs::{BackpropJob, Update, UpdateJob};
use crate::parameters;
use crate::shuffle::shuffle;
use crate::simd;

/// Examples between two reports of progress.
const REPORT: usize = 1000;

/// Cache lines of an example that are fetched ahead; ten hold the active pixels of an average digit.
const AHEAD: usize = 10;

/// How weights start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Start {
    /// N(0, 1), as in chapter 1 of the book.
    #[default]
    Unit,
    /// N(0, 1/IN), as in chapter 3.
    Scaled,
}

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

/// Why an epoch did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The caller's report asked for it; the network is in the middle of an epoch.
    Asked,
    /// A weight is no finite number any more.
    Diverged,
}

/// A network in training with all the memory that it takes; the network and its buffers never cross the stack.
pub struct Trainer<N: Network<784, 10>> {
    network: Box<N>,
    /// v of the momentum, if there is any.
    velocity: Option<Box<N>>,
    settings: Settings,
    rng: XorShiftRng,
    columns: PixelColumns,
    examples: Vec<Backprop<N::Trace>>,
    /// The pixels of an image that was moved.
    moved: Vec<ActivePixel>,
}

/// A training between two epochs, without its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<N> {
    /// The network.
    pub network: Box<N>,
    /// v of the momentum, if there is any.
    pub velocity: Option<Box<N>>,
    /// Where the next order comes from.
    pub rng: XorShiftRng,
}

impl<N: Network<784, 10>> Trainer<N> {
    /// A network with a Gaussian start from the seed.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut network: Box<N> = bytemuck::zeroed_box();
        let mut rng = XorShiftRng::seed_from_u64(settings.seed);
        match settings.start {
            Start::Unit => init::unit_gaussian(&mut *network, &mut rng),
            Start::Scaled => init::scaled_gaussian(&mut *network, &mut rng),
        }
        let velocity = None;
        Self::resume(
            settings,
            Snapshot {
                network,
                velocity,
                rng,
            },
        )
    }

    /// A training that goes on with the same settings; a velocity that is needed and missing starts at 0.
    #[must_use]
    pub fn resume(settings: Settings, snapshot: Snapshot<N>) -> Self {
        let Snapshot {
            network,
            velocity,
            rng,
        } = snapshot;
        Self {
            network,
            velocity: (settings.momentum > 0.0)
                .then(|| velocity.unwrap_or_else(bytemuck::zeroed_box)),
            settings,
            rng,
            columns: PixelColumns::new(settings.mini_batch_size),
            examples: vec![Backprop::zero(); settings.mini_batch_size.max(1)],
            moved: Vec::new(),
        }
    }

    /// A copy of what [`Trainer::resume`] needs; to be taken between two epochs.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<N> {
        Snapshot {
            network: parameters::copy(&*self.network),
            velocity: self.velocity.as_deref().map(parameters::copy),
            rng: self.rng.clone(),
        }
    }

    /// The network as it is now.
    #[must_use]
    pub fn network(&self) -> &N {
        &self.network
    }

    /// The cost that training lowers.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.settings.cost
    }

    /// The examples of an epoch over `data`: its images, times those that are made of each.
    #[must_use]
    pub fn examples(&self, data: &Dataset) -> usize {
        data.len() * self.settings.expand.factor()
    }

    /// One epoch at the learning rate of the settings; see [`Trainer::epoch_at`].
    ///
    /// # Errors
    ///
    /// As [`Trainer::epoch_at`].
    pub fn epoch(
        &mut self,
        data: &Dataset,
        report: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), Stop> {
        self.epoch_at(self.settings.learning_rate, data, report)
    }

    /// One epoch: shuffles the examples and updates the network by each mini-batch, the last of which may be short.
    ///
    /// `report` gets the number of examples done, every thousand or so and at the end, and says whether to go on.
    ///
    /// # Errors
    ///
    /// [`Stop::Asked`] if `report` breaks off, [`Stop::Diverged`] if a weight is not finite at the end of the epoch.
    pub fn epoch_at(
        &mut self,
        learning_rate: f32,
        data: &Dataset,
        mut report: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), Stop> {
        let mut order: Vec<usize> = (0..self.examples(data)).collect();
        shuffle(&mut order, &mut self.rng);
        let regularization = self.settings.regularization(order.len());
        let update = Update {
            learning_rate,
            momentum: self.settings.momentum,
            regularization,
        };
        let mut reported = 0;
        let mut done = 0;
        for mini_batch in order.chunks(self.settings.mini_batch_size.max(1)) {
            done += mini_batch.len();
            self.backprop(data, mini_batch, &order[done..]);
            self.update(mini_batch.len(), update);
            if done - reported >= REPORT || done == order.len() {
                reported = done;
                if report(done).is_break() {
                    return Err(Stop::Asked);
                }
            }
        }
        if self.network.is_finite() {
            Ok(())
        } else {
            Err(Stop::Diverged)
        }
    }

    /// Backpropagation of each example of a mini-batch, while memory fetches what comes `next`.
    fn backprop(&mut self, data: &Dataset, mini_batch: &[usize], next: &[usize]) {
        let Settings { expand, cost, .. } = self.settings;
        self.columns.clear();
        for (i, (&index, example)) in mini_batch.iter().zip(&mut self.examples).enumerate() {
            if let Some(&ahead) = next.get(i) {
                simd::prefetch::<AHEAD, _>(data.pixels(ahead / expand.factor()));
            }
            let (image, pixels) = expand.pixels(index, |image| data.pixels(image), &mut self.moved);
            let (network, label) = (&*self.network, data.label(image));
            simd::run(BackpropJob {
                network,
                cost,
                pixels,
                label,
                example,
            });
            self.columns.push(i, pixels);
        }
    }

    /// The step of a mini-batch of `length` examples that have been backpropagated.
    fn update(&mut self, length: usize, update: Update) {
        simd::run(UpdateJob {
            network: &mut *self.network,
            velocity: self.velocity.as_deref_mut(),
            columns: &self.columns,
            examples: self.examples.get(..length).unwrap_or_default(),
            update,
        });
    }
}
