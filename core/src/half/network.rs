//! `HalfNetwork`: what every network of 16-bit weights can do, whatever its depth.

use crate::network::inference::Inference;
use crate::network::trace::Trace;
use crate::values::input::Input;
use crate::values::row::Row;

/// A network of `I` inputs and `O` outputs whose weights are kept in 16 bits: [`HalfDense`](crate::HalfDense), or a
/// [`Chain`](crate::Chain) of one and the rest.
pub trait HalfNetwork<const I: usize, const O: usize>: Inference<I, O> {
    /// The activations of every layer for one input, the same type as the float network's.
    type Trace: Trace<O>;

    /// All weights and biases 0. Bytes of zero mean the same.
    const ZERO: Self;

    /// Carries an input through all layers and keeps every layer's activations, `aˡ = σ(Wˡ aˡ⁻¹ + bˡ)`.
    fn forward(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace);

    /// The output for an input; any bits are taken, as in [`Network::feedforward`](crate::Network::feedforward).
    #[inline(always)]
    fn feedforward(&self, input: &(impl Input<I> + ?Sized)) -> Row<O> {
        let mut trace = Self::Trace::ZERO;
        self.forward(input, &mut trace);
        *trace.output()
    }
}
