//! `Network`: what every network can do, whatever its depth: forward, backward, and a step down the gradient.

pub mod chain;
pub mod dense;
pub mod inference;
pub mod rejection;
pub mod trace;

use crate::network::inference::Inference;
use crate::network::trace::{Backprop, Trace};
use crate::values::batch::Batch;
use crate::values::input::Input;
use crate::values::row::Row;

/// A feedforward network of `I` inputs and `O` outputs: [`Dense`](crate::Dense), or a [`Chain`](crate::Chain) of one
/// and the rest.
///
/// Networks can be large, so nothing returns one by value at run time: start from [`Network::ZERO`] in a `static`, or
/// from zeroed memory, and change it in place.
pub trait Network<const I: usize, const O: usize>: Inference<I, O> {
    /// The activations of every layer for one input; the deltas of every layer have the same type.
    type Trace: Trace<O>;

    /// All weights and biases 0. Bytes of zero mean the same.
    const ZERO: Self;

    /// Weights and biases in all layers.
    const PARAMETERS: usize;

    /// Carries an input through all layers and keeps every layer's activations, `aˡ = σ(Wˡ aˡ⁻¹ + bˡ)`.
    fn forward(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace);

    /// The first half of [`Network::forward`], or all of it: what reads the input, and leaves in `trace` what
    /// [`Network::fire`] needs.
    ///
    /// So the examples of a mini-batch can go through the layers side by side: first each reads its input, then each does
    /// the rest.
    #[inline(always)]
    fn weigh(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace) {
        self.forward(input, trace);
    }

    /// The second half of [`Network::forward`], after [`Network::weigh`].
    #[inline(always)]
    fn fire(&self, trace: &mut Self::Trace) {
        let _ = trace;
    }

    /// [`Network::fire`] for each example of a mini-batch, layer by layer; `part` finds this network's values among those
    /// of an example.
    #[inline(always)]
    fn fire_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        part: impl Fn(&mut T) -> &mut Self::Trace + Copy,
    ) {
        for example in examples {
            self.fire(part(&mut example.trace));
        }
    }

    /// The output for an input; the activations on the way are given up.
    ///
    /// Any bits are taken. A NaN among the inputs makes every output a NaN, so it shows; an infinity saturates the neurons
    /// it reaches, 0 or 1 by the sign of its product with the weight, and makes those a NaN whose weight is 0 or that
    /// another infinity pulls the other way. Outputs that are no NaN have the same bits on every target.
    #[inline(always)]
    fn feedforward(&self, input: &(impl Input<I> + ?Sized)) -> Row<O> {
        let mut trace = Self::Trace::ZERO;
        self.forward(input, &mut trace);
        *trace.output()
    }

    /// From the deltas of the output to those of every layer before it, (BP2).
    ///
    /// | argument | holds                                                                                |
    /// |----------|--------------------------------------------------------------------------------------|
    /// | `trace`  | the activations that [`Network::forward`] left                                       |
    /// | `deltas` | the output's deltas, [`Trace::output`]; those of the other layers are overwritten    |
    fn backward(&self, trace: &Self::Trace, deltas: &mut Self::Trace);

    /// [`Network::backward`] for each example of a mini-batch; `part` and `part_mut` find this network's values among
    /// those of an example.
    #[inline(always)]
    fn backward_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        part_mut: impl Fn(&mut T) -> &mut Self::Trace + Copy,
    ) {
        for Backprop { trace, deltas } in examples {
            self.backward(part(trace), part_mut(deltas));
        }
    }

    /// The error that the first layer sends back to what feeds it, ∂C/∂a of the inputs.
    fn input_error(&self, deltas: &Self::Trace, out: &mut Row<I>);

    /// [`Network::input_error`] for each example of a mini-batch; `split` finds this network's deltas among those of an
    /// example, and where the error goes.
    #[inline(always)]
    fn input_error_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        split: impl Fn(&mut T) -> (&Self::Trace, &mut Row<I>) + Copy,
    ) {
        for example in examples {
            let (deltas, out) = split(&mut example.deltas);
            self.input_error(deltas, out);
        }
    }

    /// Every layer's step down the gradient of a mini-batch, (BP3) and (BP4): `w ← w − step · Σ_i ∂C_i/∂w`.
    ///
    /// `inputs` and `examples` are the same examples in the same order; `part` finds this network's share in the
    /// trace of the whole network. From [`Network::ZERO`] a step of −1 gives the gradient itself.
    fn descend<T>(
        &mut self,
        inputs: &impl Batch<I>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        step: f32,
    );

    /// [`Network::descend`] of weights, but no biases, that first became `decay · w`: rounded as the two one after the other.
    #[inline(always)]
    fn decay_and_descend<T>(
        &mut self,
        decay: f32,
        inputs: &impl Batch<I>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        step: f32,
    ) {
        self.map_weights(|_, weight| decay * weight);
        self.descend(inputs, examples, part, step);
    }

    /// Calls `visit` with every weight and bias in the order of the model file: layer by layer, the weights neuron by
    /// neuron, then the biases.
    fn for_each_parameter(&self, visit: impl FnMut(f32));

    /// [`Network::for_each_parameter`] with leave to change.
    fn for_each_parameter_mut(&mut self, visit: impl FnMut(&mut f32));

    /// Changes every weight w of every layer, but no bias, to `change(inputs, w)`; `inputs` is the layer's number of them.
    fn map_weights(&mut self, change: impl Fn(usize, f32) -> f32 + Copy);

    /// Changes every weight and bias to a function of it and of the same parameter of another network.
    fn zip_map(
        &mut self,
        other: &Self,
        weight: impl Fn(f32, f32) -> f32 + Copy,
        bias: impl Fn(f32, f32) -> f32 + Copy,
    );

    /// Whether every weight and bias is a finite number, as the kernels presume.
    fn is_finite(&self) -> bool {
        let mut finite = true;
        self.for_each_parameter(|parameter| finite &= parameter.is_finite());
        finite
    }
}
