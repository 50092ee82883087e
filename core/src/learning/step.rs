//! The step down the gradient of a mini-batch.

use crate::network::Network;
use crate::network::trace::Backprop;
use crate::values::batch::Batch;

/// Updates every weight and bias by the gradient of a mini-batch, `w ← w − (η / m) Σ_i ∂C_i/∂w`.
///
/// (20) and (21) of Nielsen, *Neural Networks and Deep Learning*, ch. 1. No memory of the network's size is needed.
///
/// | argument        | meaning                                                                           |
/// |-----------------|-----------------------------------------------------------------------------------|
/// | `inputs`        | the inputs of the mini-batch, in the order of `examples`                          |
/// | `examples`      | what [`backprop`](crate::backprop) gave for each with this very network; m is their number         |
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
