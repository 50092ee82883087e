//! Learning one example in place: all layers, or the last alone.

use super::backprop::backprop;
use super::step::update_mini_batch;
use crate::cost::Cost;
use crate::network::Network;
use crate::network::trace::Backprop;
use crate::values::batch::Single;
use crate::values::input::Input;

/// Learns one example in place: [`backprop`], then the update of a mini-batch of one, with the same bits.
///
/// `scratch` is a few hundred bytes and holds nothing from call to call. Says whether it learned: where the input, the
/// learning rate or what comes of them is a NaN or an infinity the network stays as it is
/// ([`update_mini_batch`]).
///
/// ```
/// use smidgen_core::{Backprop, Cost, Network, init, learn, network};
/// use rand_core::SeedableRng;
/// let mut xor = <network![2, 4, 1]>::ZERO;
/// init::unit_gaussian(&mut xor, &mut rand_xorshift::XorShiftRng::seed_from_u64(1));
/// let before = Cost::Quadratic.value(&xor.feedforward(&[1.0, 0.0]), 0);
/// assert!(learn(&mut xor, Cost::Quadratic, &[1.0, 0.0], 0, 0.5, &mut Backprop::zero()));
/// assert!(!learn(&mut xor, Cost::Quadratic, &[f32::NAN, 0.0], 0, 0.5, &mut Backprop::zero())); // a broken sensor
/// assert!(Cost::Quadratic.value(&xor.feedforward(&[1.0, 0.0]), 0) < before);
/// ```
#[inline(always)]
pub fn learn<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    cost: Cost,
    input: &(impl Input<I> + ?Sized),
    label: usize,
    learning_rate: f32,
    scratch: &mut Backprop<N::Trace>,
) -> bool {
    backprop(network, cost, input, label, scratch);
    update_mini_batch(
        network,
        &Single(input),
        core::slice::from_ref(scratch),
        learning_rate,
    )
}

/// Learns one example with the last layer alone; all before it stays as it is, in flash for one.
///
/// [`learn`] of `last` on what `frozen` makes of the input, and its answer; false, too, where the input holds a NaN or an
/// infinity. The last layer of `network![784, 30, 10]` has 310
/// parameters, 1,240 bytes of RAM.
///
/// ```
/// use smidgen_core::{Backprop, Cost, Dense, Row, learn_last_layer};
/// static HIDDEN: Dense<2, 3> = Dense { weights: [Row([1.0; 3]); 2], biases: Row([0.5; 3]) };
/// let mut last = Dense::<3, 1>::ZERO;
/// learn_last_layer(&HIDDEN, &mut last, Cost::Quadratic, &[1.0, 0.0], 0, 0.5, &mut Backprop::zero());
/// assert_ne!(last, Dense::ZERO);
/// ```
#[inline(always)]
pub fn learn_last_layer<F, L, const I: usize, const H: usize, const O: usize>(
    frozen: &F,
    last: &mut L,
    cost: Cost,
    input: &(impl Input<I> + ?Sized),
    label: usize,
    learning_rate: f32,
    scratch: &mut Backprop<L::Trace>,
) -> bool
where
    F: Network<I, H>,
    L: Network<H, O>,
{
    // An infinity saturates the frozen layers, whose outputs are finite again.
    input.magnitude().is_finite()
        && learn(
            last,
            cost,
            &frozen.feedforward(input),
            label,
            learning_rate,
            scratch,
        )
}
