//! Regularisation and momentum: what an update does to parameters besides the step down the gradient.
//!
//! Each is a pass of its own over the network, so that firmware pays only for what it uses, and the step down the
//! gradient stays one piece of code ([`Network::descend`]): plain, on the parameters; with momentum, on the velocity.

use super::step::{is_learnable, update_mini_batch};
use crate::network::Network;
use crate::network::trace::Backprop;
use crate::values::batch::Batch;

/// What keeps weights small. Biases are left alone.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Regularization {
    /// Nothing.
    #[default]
    None,
    /// Weight decay, `w ← (1 − ηλ/n) w`: (93) of Nielsen, *Neural Networks and Deep Learning*, ch. 3.
    L2 {
        /// λ/n: the strength over the number of training examples, at least 0.
        strength: f32,
    },
    /// A pull of constant size towards 0, `w ← w − ηλ/n · sgn(w)`: (97) of ch. 3; a weight of 0 stays.
    L1 {
        /// λ/n, at least 0.
        strength: f32,
    },
}

impl Regularization {
    /// The pull on a weight in one update.
    #[inline(always)]
    fn pull(self, learning_rate: f32, weight: f32) -> f32 {
        match self {
            Self::None => 0.0,
            Self::L2 { strength } => learning_rate * strength * weight,
            Self::L1 { strength } => learning_rate * strength * sign(weight),
        }
    }

    /// Whether the pull on a weight of 1 is a number.
    fn is_finite(self, learning_rate: f32) -> bool {
        self.pull(learning_rate, 1.0).is_finite()
    }
}

/// −1, 0 or 1.
#[inline(always)]
fn sign(weight: f32) -> f32 {
    if weight > 0.0 {
        1.0
    } else if weight < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// Shrinks every weight as an update does before it steps: `w ← (1 − ηλ/n) w` for L2, `w ← w − ηλ/n · sgn(w)` for L1.
///
/// The factor is rounded once, and so are the product and the difference.
#[inline(always)]
pub fn shrink<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    learning_rate: f32,
    regularization: Regularization,
) {
    match regularization {
        Regularization::None => {}
        Regularization::L2 { strength } => {
            let factor = 1.0 - learning_rate * strength;
            network.map_weights(|_, weight| factor * weight);
        }
        Regularization::L1 { .. } => {
            network.map_weights(|_, weight| weight - regularization.pull(learning_rate, weight));
        }
    }
}

/// [`update_mini_batch`](crate::update_mini_batch) with regularisation: first the weights shrink ([`shrink`]), then they
/// step.
///
/// `w ← (1 − ηλ/n) w − (η/m) Σ_i ∂C_i/∂w` for L2, as `network2.py` has it. Says whether it learned; what
/// [`update_mini_batch`](crate::update_mini_batch) refuses changes nothing, nor does a strength that is not finite.
#[inline(always)]
pub fn update_regularized<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
    regularization: Regularization,
) -> bool {
    let learns = is_learnable::<N, I, O>(inputs, examples, learning_rate)
        && regularization.is_finite(learning_rate);
    if learns {
        descend_regularized(network, inputs, examples, learning_rate, regularization);
    }
    learns
}

/// [`update_regularized`] of whatever the examples hold: for hosts, which look once in an epoch whether every weight is
/// still finite. An empty mini-batch changes nothing.
#[inline(always)]
pub fn descend_regularized<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
    regularization: Regularization,
) {
    if examples.is_empty() {
        return;
    }
    let step = learning_rate / examples.len() as f32;
    if let Regularization::L2 { strength } = regularization {
        let decay = 1.0 - learning_rate * strength;
        return network.decay_and_descend(decay, inputs, examples, |trace| trace, step);
    }
    shrink(network, learning_rate, regularization);
    network.descend(inputs, examples, |trace| trace, step);
}

/// Slows the velocity of the momentum as an update does before it steps: `v ← μ v − pull`, where the pull of the
/// regularisation is that on the weight of `network`.
#[inline(always)]
pub fn slow<N: Network<I, O>, const I: usize, const O: usize>(
    velocity: &mut N,
    network: &N,
    learning_rate: f32,
    momentum: f32,
    regularization: Regularization,
) {
    velocity.zip_map(
        network,
        |v, w| momentum * v - regularization.pull(learning_rate, w),
        |v, _| momentum * v,
    );
}

/// Moves a network by the velocity, `w ← w + v`: (108) of Nielsen, *Neural Networks and Deep Learning*, ch. 3.
#[inline(always)]
pub fn advance<N: Network<I, O>, const I: usize, const O: usize>(network: &mut N, velocity: &N) {
    network.zip_map(velocity, |w, v| w + v, |b, v| b + v);
}

/// The update with momentum, `v ← μ v − η ∇C`, `w ← w + v`: (107) and (108) of Nielsen, *Neural Networks and Deep
/// Learning*, ch. 3; [`slow`], a step of the velocity, [`advance`].
///
/// | argument         | meaning                                                                                |
/// |------------------|----------------------------------------------------------------------------------------|
/// | `velocity`       | v, a network of the same type; it starts as [`Network::ZERO`] and is the caller's      |
/// | `momentum`       | μ in [0, 1): 0 is no momentum                                                          |
/// | `regularization` | its pull is part of ∇C, and so of the velocity                                         |
///
/// The other arguments are those of [`update_mini_batch`](crate::update_mini_batch). Order: `(μ v − pull) − step · Σ`,
/// each operation rounded by itself. Says whether it learned: as [`update_regularized`], and a momentum that is not finite
/// changes nothing either.
#[inline(always)]
pub fn update_with_momentum<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    velocity: &mut N,
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
    momentum: f32,
    regularization: Regularization,
) -> bool {
    let learns = is_learnable::<N, I, O>(inputs, examples, learning_rate)
        && regularization.is_finite(learning_rate)
        && momentum.is_finite();
    if learns {
        slow(velocity, network, learning_rate, momentum, regularization);
        update_mini_batch(velocity, inputs, examples, learning_rate);
        advance(network, velocity);
    }
    learns
}
