//! `Dense`: one layer in which every input reaches every neuron.

use bytemuck::Zeroable;

use super::Network;
use super::inference::Inference;
use super::trace::Backprop;
use crate::activation::sigmoid;
use crate::format::bytes::read_f32;
use crate::format::element::ELEMENT_F32;
use crate::format::error::ModelError;
use crate::format::stored::Stored;
use crate::kernels::rolled::keep_rolled;
use crate::kernels::{descend, descend_row, transpose_mul, transpose_mul_each, weighted_input};
use crate::values::batch::Batch;
use crate::values::input::Input;
use crate::values::row::Row;
use crate::values::scaling::{NotANumber, Scaling};

/// A layer of `OUT` sigmoid neurons over `IN` inputs.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Debug, PartialEq, Zeroable)]
#[repr(C)]
pub struct Dense<const IN: usize, const OUT: usize> {
    /// `w_jk` as `weights[k][j]`: all that leaves input k lies side by side.
    pub weights: [Row<OUT>; IN],
    /// `b_j`.
    pub biases: Row<OUT>,
}

impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
    /// All weights and biases 0.
    pub const ZERO: Self = Self {
        weights: [Row::ZERO; IN],
        biases: Row::ZERO,
    };

    /// Reads the layer from the bytes of a model file, and gives the position after it.
    ///
    /// The file has the book's order, neuron by neuron; this is where it becomes input-major.
    ///
    /// # Errors
    ///
    /// [`ModelError::Truncated`] where `bytes` end, [`ModelError::NotFinite`] at a NaN or an infinity.
    pub const fn read(&mut self, bytes: &[u8], mut position: usize) -> Result<usize, ModelError> {
        let mut j = 0;
        while j < OUT {
            let mut k = 0;
            while k < IN {
                match read_f32(bytes, position) {
                    Ok(weight) => self.weights[k].0[j] = weight,
                    Err(error) => return Err(error),
                }
                position += 4;
                k += 1;
            }
            j += 1;
        }
        j = 0;
        while j < OUT {
            match read_f32(bytes, position) {
                Ok(bias) => self.biases.0[j] = bias,
                Err(error) => return Err(error),
            }
            position += 4;
            j += 1;
        }
        Ok(position)
    }
}

/// The sigmoid of each value.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn activate<const N: usize>(values: &mut Row<N>) {
    if N < LANES || cfg!(target_os = "none") {
        return activate_each(&mut values.0);
    }
    // By whole vectors, the last of which is moved back until it fits: so what it shares with the one before is read
    // from a copy.
    let z = *values;
    for vector in 0..N.div_ceil(LANES) {
        let first = (vector * LANES).min(N.saturating_sub(LANES));
        let from = z.get(first..).and_then(|tail| tail.first_chunk::<LANES>());
        let to = values.get_mut(first..);
        if let (Some(from), Some(to)) = (from, to.and_then(|tail| tail.first_chunk_mut::<LANES>()))
        {
            for j in 0..LANES {
                to[j] = sigmoid(from[j]);
            }
        }
    }
}

/// Neurons whose sigmoids are computed side by side.
const LANES: usize = 8;

/// [`activate`] one by one; on a microcontroller one piece of code for all layers.
#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(target_os = "none"), inline(always))]
fn activate_each(values: &mut [f32]) {
    for z in values {
        keep_rolled();
        *z = sigmoid(*z);
    }
}

impl<const IN: usize, const OUT: usize> Network<IN, OUT> for Dense<IN, OUT> {
    type Trace = Row<OUT>;

    const ZERO: Self = Self::ZERO;
    const PARAMETERS: usize = (IN + 1) * OUT;

    #[inline(always)]
    fn forward(&self, input: &(impl Input<IN> + ?Sized), activations: &mut Row<OUT>) {
        self.weigh(input, activations);
        self.fire(activations);
    }

    #[inline(always)]
    fn weigh(&self, input: &(impl Input<IN> + ?Sized), z: &mut Row<OUT>) {
        weighted_input(&self.weights, &self.biases, input, z);
    }

    #[inline(always)]
    fn fire(&self, activations: &mut Row<OUT>) {
        activate(activations);
    }

    #[inline(always)]
    fn backward(&self, _activations: &Row<OUT>, _deltas: &mut Row<OUT>) {}

    #[inline(always)]
    fn input_error(&self, deltas: &Row<OUT>, out: &mut Row<IN>) {
        transpose_mul(&self.weights, deltas, out);
    }

    #[inline(always)]
    fn input_error_each<T>(
        &self,
        examples: &mut [Backprop<T>],
        split: impl Fn(&mut T) -> (&Row<OUT>, &mut Row<IN>) + Copy,
    ) {
        transpose_mul_each(&self.weights, examples, |example| {
            split(&mut example.deltas)
        });
    }

    #[inline(always)]
    fn descend<T>(
        &mut self,
        inputs: &impl Batch<IN>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Row<OUT> + Copy,
        step: f32,
    ) {
        let deltas = |i: usize| examples.get(i).map(|example| part(&example.deltas));
        descend(&mut self.weights, inputs, deltas, step);
        descend_biases(&mut self.biases, examples.len(), deltas, step);
    }

    #[inline(always)]
    fn decay_and_descend<T>(
        &mut self,
        decay: f32,
        inputs: &impl Batch<IN>,
        examples: &[Backprop<T>],
        part: impl Fn(&T) -> &Row<OUT> + Copy,
        step: f32,
    ) {
        let deltas = |i: usize| examples.get(i).map(|example| part(&example.deltas));
        if inputs.descend(&mut self.weights, decay, deltas, step) {
            descend_biases(&mut self.biases, examples.len(), deltas, step);
        } else {
            self.map_weights(|_, weight| decay * weight);
            self.descend(inputs, examples, part, step);
        }
    }

    fn for_each_parameter(&self, mut visit: impl FnMut(f32)) {
        for j in 0..OUT {
            self.weights
                .iter()
                .filter_map(|row| row.get(j))
                .for_each(|&weight| visit(weight));
        }
        self.biases.iter().for_each(|&bias| visit(bias));
    }

    fn for_each_parameter_mut(&mut self, mut visit: impl FnMut(&mut f32)) {
        for j in 0..OUT {
            self.weights
                .iter_mut()
                .filter_map(|row| row.get_mut(j))
                .for_each(&mut visit);
        }
        self.biases.iter_mut().for_each(visit);
    }

    #[inline(always)]
    fn map_weights(&mut self, change: impl Fn(usize, f32) -> f32 + Copy) {
        for row in &mut self.weights {
            for weight in &mut row.0 {
                *weight = change(IN, *weight);
            }
        }
    }

    #[inline(always)]
    fn zip_map(
        &mut self,
        other: &Self,
        weight: impl Fn(f32, f32) -> f32 + Copy,
        bias: impl Fn(f32, f32) -> f32 + Copy,
    ) {
        for (row, others) in self.weights.iter_mut().zip(&other.weights) {
            zip_row(row, others, weight);
        }
        zip_row(&mut self.biases, &other.biases, bias);
    }
}

impl<const I: usize, const O: usize> Inference<I, O> for Dense<I, O> {
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

impl<const IN: usize, const OUT: usize> Stored for Dense<IN, OUT> {
    const ELEMENT: u8 = ELEMENT_F32;
    const INPUTS: usize = IN;
    const LAYERS: usize = 1;
    const BYTES: usize = 4 * (IN + 1) * OUT;

    fn for_each_size(mut visit: impl FnMut(usize)) {
        visit(OUT);
    }

    fn for_each_part(&self, mut visit: impl FnMut(&[u8])) {
        self.for_each_parameter(|parameter| visit(&parameter.to_le_bytes()));
    }

    fn for_each_word(&self, mut visit: impl FnMut(u32)) {
        for row in self.weights.iter().chain([&self.biases]) {
            row.0.iter().for_each(|value| visit(value.to_bits()));
        }
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError> {
        self.read(bytes, position)
    }
}

/// The step of the biases, whose input is 1 in each of the examples.
#[inline(always)]
fn descend_biases<'a, const OUT: usize>(
    biases: &mut Row<OUT>,
    examples: usize,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    descend_row(biases, (0..examples).map(|i| (i, 1.0)), deltas, step);
}

#[inline(always)]
fn zip_row<const N: usize>(row: &mut Row<N>, others: &Row<N>, change: impl Fn(f32, f32) -> f32) {
    for (value, &other) in row.iter_mut().zip(&others.0) {
        *value = change(*value, other);
    }
}
