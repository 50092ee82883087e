//! `Chain`: a layer followed by the rest of the network, and `network!`, which spells one out.

use bytemuck::Zeroable;

use super::Network;
use super::dense::Dense;
use super::inference::Inference;
use super::trace::{Backprop, Trace};
use crate::activation::sigmoid_prime_from_activation;
use crate::format::error::ModelError;
use crate::format::stored::Stored;
use crate::values::batch::{Batch, Examples};
use crate::values::input::Input;
use crate::values::row::Row;
use crate::values::scaling::{NotANumber, Scaling};

/// A first part and what follows it: a layer and the rest of the network, or the values of both.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Zeroable)]
#[repr(C)]
pub struct Chain<L, R> {
    /// The first layer, or its values.
    pub layer: L,
    /// All layers after it, or their values.
    pub rest: R,
}

/// The type of a network, by its sizes from input to output.
///
/// ```
/// use smidgen_core::{Chain, Dense, Stored, network};
/// type Book = network![784, 30, 10];
/// let _: fn(Book) -> Chain<Dense<784, 30>, Dense<30, 10>> = |network| network;
/// assert_eq!(<network![784, 30, 30, 10]>::LAYERS, 3);
/// ```
#[macro_export]
macro_rules! network {
    ($in:expr, $out:expr $(,)?) => { $crate::Dense<{ $in }, { $out }> };
    ($in:expr, $out:expr, $($rest:expr),+ $(,)?) => {
        $crate::Chain<$crate::Dense<{ $in }, { $out }>, $crate::network![$out, $($rest),+]>
    };
}

impl<const H: usize, const O: usize, T: Trace<O>> Trace<O> for Chain<Row<H>, T> {
    const ZERO: Self = Self {
        layer: Row::ZERO,
        rest: T::ZERO,
    };

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn output(&self) -> &Row<O> {
        self.rest.output()
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn output_mut(&mut self) -> &mut Row<O> {
        self.rest.output_mut()
    }

    fn for_each_layer(&self, mut visit: impl FnMut(&[f32])) {
        visit(&self.layer.0);
        self.rest.for_each_layer(visit);
    }
}

impl<const I: usize, const H: usize, const O: usize, R: Network<H, O>> Network<I, O>
    for Chain<Dense<I, H>, R>
{
    type Trace = Chain<Row<H>, R::Trace>;

    const ZERO: Self = Self {
        layer: Dense::ZERO,
        rest: R::ZERO,
    };
    const PARAMETERS: usize = Dense::<I, H>::PARAMETERS + R::PARAMETERS;

    #[inline(always)]
    fn forward(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace) {
        self.weigh(input, trace);
        self.fire(trace);
    }

    #[inline(always)]
    fn weigh(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace) {
        self.layer.weigh(input, &mut trace.layer);
    }

    #[inline(always)]
    fn fire(&self, trace: &mut Self::Trace) {
        self.layer.fire(&mut trace.layer);
        self.rest.forward(&trace.layer, &mut trace.rest);
    }

    #[inline(always)]
    fn fire_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        part: impl Fn(&mut T) -> &mut Self::Trace + Copy,
    ) {
        self.layer
            .fire_each(examples, |values| &mut part(values).layer);
        for example in &mut *examples {
            let Self::Trace { layer, rest } = part(&mut example.trace);
            self.rest.weigh(&*layer, rest);
        }
        self.rest
            .fire_each(examples, |values| &mut part(values).rest);
    }

    #[inline(always)]
    fn backward(&self, trace: &Self::Trace, deltas: &mut Self::Trace) {
        self.rest.backward(&trace.rest, &mut deltas.rest);
        self.rest.input_error(&deltas.rest, &mut deltas.layer);
        slope(&trace.layer, &mut deltas.layer);
    }

    #[inline(always)]
    fn backward_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        part_mut: impl Fn(&mut T) -> &mut Self::Trace + Copy,
    ) {
        self.rest.backward_each(
            examples,
            |values| &part(values).rest,
            |values| &mut part_mut(values).rest,
        );
        self.rest.input_error_each(examples, |values| {
            let Self::Trace { layer, rest } = part_mut(values);
            (rest, layer)
        });
        for Backprop { trace, deltas } in examples {
            slope(&part(trace).layer, &mut part_mut(deltas).layer);
        }
    }

    #[inline(always)]
    fn input_error(&self, deltas: &Self::Trace, out: &mut Row<I>) {
        self.layer.input_error(&deltas.layer, out);
    }

    #[inline(always)]
    fn input_error_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        split: impl Fn(&mut T) -> (&Self::Trace, &mut Row<I>) + Copy,
    ) {
        self.layer.input_error_each(examples, |values| {
            let (deltas, out) = split(values);
            (&deltas.layer, out)
        });
    }

    #[inline(always)]
    fn descend<T>(
        &mut self,
        inputs: &impl Batch<I>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        step: f32,
    ) {
        let activations = Examples::new(examples.len(), |i| {
            examples.get(i).map(|example| &part(&example.trace).layer)
        });
        self.layer
            .descend(inputs, examples, |trace| &part(trace).layer, step);
        self.rest
            .descend(&activations, examples, |trace| &part(trace).rest, step);
    }

    #[inline(always)]
    fn decay_and_descend<T>(
        &mut self,
        decay: f32,
        inputs: &impl Batch<I>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Self::Trace + Copy,
        step: f32,
    ) {
        let activations = Examples::new(examples.len(), |i| {
            examples.get(i).map(|example| &part(&example.trace).layer)
        });
        self.layer
            .decay_and_descend(decay, inputs, examples, |trace| &part(trace).layer, step);
        self.rest.decay_and_descend(
            decay,
            &activations,
            examples,
            |trace| &part(trace).rest,
            step,
        );
    }

    fn for_each_parameter(&self, mut visit: impl FnMut(f32)) {
        self.layer.for_each_parameter(&mut visit);
        self.rest.for_each_parameter(visit);
    }

    fn for_each_parameter_mut(&mut self, mut visit: impl FnMut(&mut f32)) {
        self.layer.for_each_parameter_mut(&mut visit);
        self.rest.for_each_parameter_mut(visit);
    }

    #[inline(always)]
    fn map_weights(&mut self, change: impl Fn(usize, f32) -> f32 + Copy) {
        self.layer.map_weights(change);
        self.rest.map_weights(change);
    }

    #[inline(always)]
    fn zip_map(
        &mut self,
        other: &Self,
        weight: impl Fn(f32, f32) -> f32 + Copy,
        bias: impl Fn(f32, f32) -> f32 + Copy,
    ) {
        self.layer.zip_map(&other.layer, weight, bias);
        self.rest.zip_map(&other.rest, weight, bias);
    }
}

/// What an error makes of the deltas of a layer, `⊙ σ′(z)` of (BP2).
#[inline(always)]
fn slope<const N: usize>(activations: &Row<N>, deltas: &mut Row<N>) {
    for (delta, &a) in deltas.iter_mut().zip(&activations.0) {
        *delta *= sigmoid_prime_from_activation(a);
    }
}

impl<const I: usize, const H: usize, const O: usize, R: Network<H, O>> Inference<I, O>
    for Chain<Dense<I, H>, R>
{
    type Output = Row<O>;

    #[inline(always)]
    fn infer(&self, image: &[u8; I]) -> Row<O> {
        self.feedforward(image)
    }

    #[inline(always)]
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Row<O>, NotANumber> {
        Ok(self.feedforward(&scaling.apply(readings)?))
    }
}

impl<L: Stored, R: Stored> Stored for Chain<L, R> {
    const ELEMENT: u8 = L::ELEMENT;
    const INPUTS: usize = L::INPUTS;
    const LAYERS: usize = L::LAYERS + R::LAYERS;
    const BYTES: usize = L::BYTES + R::BYTES;

    fn for_each_size(mut visit: impl FnMut(usize)) {
        L::for_each_size(&mut visit);
        R::for_each_size(visit);
    }

    fn for_each_part(&self, mut visit: impl FnMut(&[u8])) {
        self.layer.for_each_part(&mut visit);
        self.rest.for_each_part(visit);
    }

    fn for_each_word(&self, mut visit: impl FnMut(u32)) {
        self.layer.for_each_word(&mut visit);
        self.rest.for_each_word(visit);
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError> {
        let position = self.layer.read_parameters(bytes, position)?;
        self.rest.read_parameters(bytes, position)
    }
}
