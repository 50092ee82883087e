//! Stochastic gradient descent: backpropagation of one example, the update of a mini-batch, learning in place.

use bytemuck::Zeroable;

use crate::batch::Single;
use crate::cost::Cost;
use crate::input::Input;
use crate::kernels::Batch;
use crate::network::{Network, Trace};

/// What backpropagation leaves of one example, and all that the update needs besides the input.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Zeroable)]
pub struct Backprop<T> {
    /// aˡ of every layer.
    pub trace: T,
    /// δˡ = ∂C/∂zˡ of every layer.
    pub deltas: T,
}

impl<T> Backprop<T> {
    /// All activations and deltas 0.
    #[must_use]
    pub const fn zero<const O: usize>() -> Self
    where
        T: Trace<O>,
    {
        Self {
            trace: T::ZERO,
            deltas: T::ZERO,
        }
    }
}

/// Backpropagation: forward, the output's error (BP1), and that error sent back through every layer (BP2).
///
/// The algorithm of Nielsen, *Neural Networks and Deep Learning*, ch. 2, "The backpropagation algorithm", steps 1 to
/// 4; the gradient of step 5 is never stored, [`update_mini_batch`] forms it row by row.
#[inline(always)]
pub fn backprop<N: Network<I, O>, const I: usize, const O: usize>(
    network: &N,
    cost: Cost,
    input: &(impl Input<I> + ?Sized),
    label: usize,
    out: &mut Backprop<N::Trace>,
) {
    network.forward(input, &mut out.trace);
    cost.output_delta(out.trace.output(), label, out.deltas.output_mut());
    network.backward(&out.trace, &mut out.deltas);
}

/// Updates every weight and bias by the gradient of a mini-batch, `w ← w − (η / m) Σ_i ∂C_i/∂w`.
///
/// (20) and (21) of Nielsen, *Neural Networks and Deep Learning*, ch. 1. No memory of the network's size is needed.
///
/// | argument        | meaning                                                                           |
/// |-----------------|-----------------------------------------------------------------------------------|
/// | `inputs`        | the inputs of the mini-batch, in the order of `examples`                          |
/// | `examples`      | what [`backprop`] gave for each with this very network; m is their number         |
/// | `learning_rate` | η                                                                                 |
///
/// An empty mini-batch changes nothing.
#[inline(always)]
pub fn update_mini_batch<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
) {
    if !examples.is_empty() {
        network.descend(
            inputs,
            examples,
            |trace| trace,
            learning_rate / examples.len() as f32,
        );
    }
}

/// Learns one example in place: [`backprop`], then the update of a mini-batch of one, with the same bits.
///
/// `scratch` is a few hundred bytes and holds nothing from call to call.
///
/// ```
/// use smidgen_core::{Backprop, Cost, Network, init, learn, network};
/// use rand_core::SeedableRng;
/// let mut xor = <network![2, 4, 1]>::ZERO;
/// init::unit_gaussian(&mut xor, &mut rand_xorshift::XorShiftRng::seed_from_u64(1));
/// let before = Cost::Quadratic.value(&xor.feedforward(&[1.0, 0.0]), 0);
/// learn(&mut xor, Cost::Quadratic, &[1.0, 0.0], 0, 0.5, &mut Backprop::zero());
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
) {
    backprop(network, cost, input, label, scratch);
    update_mini_batch(
        network,
        &Single(input),
        core::slice::from_ref(scratch),
        learning_rate,
    );
}

/// Learns one example with the last layer alone; all before it stays as it is, in flash for one.
///
/// [`learn`] of `last` on what `frozen` makes of the input. The last layer of `network![784, 30, 10]` has 310
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
) where
    F: Network<I, H>,
    L: Network<H, O>,
{
    learn(
        last,
        cost,
        &frozen.feedforward(input),
        label,
        learning_rate,
        scratch,
    );
}
