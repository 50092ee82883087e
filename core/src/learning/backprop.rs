//! Backpropagation of one example.

use crate::cost::Cost;
use crate::network::Network;
use crate::network::trace::{Backprop, Trace};
use crate::values::input::Input;

/// Backpropagation: forward, the output's error (BP1), and that error sent back through every layer (BP2).
///
/// The algorithm of Nielsen, *Neural Networks and Deep Learning*, ch. 2, "The backpropagation algorithm", steps 1 to
/// 4; the gradient of step 5 is never stored, [`update_mini_batch`](crate::update_mini_batch) forms it row by row.
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

/// [`backprop`] of the examples of a mini-batch, each of which has read its input ([`Network::weigh`]) into its trace;
/// `label(i)` is the class of example i.
///
/// They go through the layers side by side: the bits are those of one after the other.
#[inline(always)]
pub fn backprop_weighed<N: Network<I, O>, const I: usize, const O: usize>(
    network: &N,
    cost: Cost,
    label: impl Fn(usize) -> usize,
    examples: &mut [Backprop<N::Trace>],
) {
    network.fire_each(examples, |trace| trace);
    for (i, Backprop { trace, deltas }) in examples.iter_mut().enumerate() {
        cost.output_delta(trace.output(), label(i), deltas.output_mut());
    }
    network.backward_each(examples, |trace| trace, |trace| trace);
}
