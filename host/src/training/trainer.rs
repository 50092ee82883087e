//! `Trainer`: the SGD driver, epochs of shuffled mini-batches over a network.

use std::ops::ControlFlow;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::Cost;

use super::settings::Settings;
use crate::data::Dataset;
use crate::data::shuffle::shuffle;
use crate::network::epoch::{Epoch, Update};
use crate::network::{Learner, Stop};

/// A network in training.
///
/// `N` is the type of the network, [`network!`](crate::network!) for one, or by default any network whose sizes are values.
pub struct Trainer<N: Learner + ?Sized = dyn Learner> {
    settings: Settings,
    rng: XorShiftRng,
    network: Box<N>,
}

/// A training between two epochs, without its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The weights and biases, in the order of the model file.
    pub parameters: Vec<f32>,
    /// v of the momentum, if there is any, in the same order.
    pub velocity: Option<Vec<f32>>,
    /// Where the next order comes from.
    pub rng: XorShiftRng,
}

impl<N: Learner + ?Sized> Trainer<N> {
    /// A network with a Gaussian start from the seed; what it was before does not matter.
    #[must_use]
    pub fn new(network: impl Into<Box<N>>, settings: Settings) -> Self {
        let mut network = network.into();
        let mut rng = XorShiftRng::seed_from_u64(settings.seed);
        network.start(settings.start, &mut rng);
        network.set_velocity(None);
        Self {
            settings,
            rng,
            network,
        }
    }

    /// A training that goes on with the same settings; a velocity that is needed and missing starts at 0.
    #[must_use]
    pub fn resume(network: impl Into<Box<N>>, settings: Settings, snapshot: &Snapshot) -> Self {
        let mut network = network.into();
        network.set_parameters(&snapshot.parameters);
        let velocity = snapshot.velocity.as_deref();
        network.set_velocity(velocity.filter(|_| settings.momentum > 0.0));
        Self {
            settings,
            rng: snapshot.rng.clone(),
            network,
        }
    }

    /// What [`Trainer::resume`] needs; to be taken between two epochs.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            parameters: self.network.parameters(),
            velocity: self.network.velocity(),
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
        let Settings {
            mini_batch_size,
            cost,
            momentum,
            expand,
            ..
        } = self.settings;
        let mut order: Vec<usize> = (0..self.examples(data)).collect();
        shuffle(&mut order, &mut self.rng);
        let epoch = Epoch {
            data,
            order: &order,
            expand,
            mini_batch_size,
            cost,
            update: Update {
                learning_rate,
                momentum,
                regularization: self.settings.regularization(order.len()),
            },
        };
        self.network.epoch(&epoch, &mut report)
    }
}
