//! The step down the gradient of a mini-batch, and whether it may be taken.

use crate::network::Network;
use crate::network::trace::{Backprop, Trace};
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
/// Says whether it learned. An empty mini-batch changes nothing, nor does one with a NaN or an infinity in its inputs,
/// its deltas or its learning rate, nor one whose step could be longer than 2⁶⁴: no such step makes a weight infinite.
#[inline(always)]
pub fn update_mini_batch<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
) -> bool {
    let learns = is_learnable::<N, I, O>(inputs, examples, learning_rate);
    if learns {
        network.descend(
            inputs,
            examples,
            |trace| trace,
            learning_rate / examples.len() as f32,
        );
    }
    learns
}

/// No step is longer. A number of steps that could add up to an infinity takes longer than any device lasts.
const LONGEST: f32 = 18_446_744_073_709_551_616.0;

/// Whether there is an example, and a step down the gradient is finite and no longer than [`LONGEST`].
///
/// A gradient's `Σ_i x_i δ_i` is at most `Σ |x| · Σ |δ|`; the activations of a layer and the 1 of a bias are at most 1.
#[inline(always)]
pub fn is_learnable<N: Network<I, O>, const I: usize, const O: usize>(
    inputs: &impl Batch<I>,
    examples: &[Backprop<N::Trace>],
    learning_rate: f32,
) -> bool {
    let mut deltas = 0.0;
    for example in examples {
        example.deltas.for_each_layer(|layer| {
            for delta in layer {
                deltas += delta.abs();
            }
        });
    }
    let gradient = (1.0 + inputs.magnitude()) * deltas;
    // A comparison with a NaN is false.
    !examples.is_empty() && gradient < LONGEST && learning_rate.abs() * gradient < LONGEST
}
