//! From a float network to integers of 8 bits: a scale for each neuron, and biases corrected on training images.
//!
//! Scales are symmetric and one for each neuron (Krishnamoorthi, "Quantizing deep convolutional networks for efficient
//! inference", 2018, section 2). Rounding shifts the mean of a neuron's weighted input; the bias takes that back, by the
//! mean inputs of the calibration images (Nagel, van Baalen, Blankevoort and Welling, "Data-Free Quantization Through
//! Weight Equalization and Bias Correction", 2019, section 4.2, with real data for the means).

use smidgen_core::model::ELEMENT_I8;
use smidgen_core::quantized::{SHIFTS, SUM_LIMIT, Scale, Z_BITS};
use smidgen_core::scaling::byte;

use super::error::QuantizeError;
use crate::data::Dataset;
use crate::network::layer::{Layer, layers};
use crate::network::{AnyNetwork, Learner};

/// The largest 8-bit weight; −128 is not used, so that scales are symmetric.
const LARGEST: f64 = 127.0;
/// The byte that stands for an input of 1.
const ONE: f64 = 255.0;

/// A float network as it is quantised: its layers, and the mean inputs of each on the calibration images.
#[derive(Clone, Debug)]
pub struct Original {
    layers: Vec<Layer>,
    means: Vec<Vec<f64>>,
}

impl Original {
    /// Measures a network on the images that the biases are to be corrected on.
    #[must_use]
    pub fn measure(network: &dyn Learner, data: &Dataset) -> Self {
        let layers = layers(&network.sizes(), &network.parameters());
        let means = means(network, data);
        Self { layers, means }
    }

    /// Makes an integer network of the same sizes; `data` are the images of [`Original::measure`].
    ///
    /// # Errors
    ///
    /// [`QuantizeError`]; `quantized` then holds nothing of meaning.
    pub fn quantize(
        &self,
        data: &Dataset,
        quantized: &mut dyn AnyNetwork,
    ) -> Result<(), QuantizeError> {
        let mut found = self.means.clone();
        // Layer by layer, for what a layer gets depends on the biases of those before it.
        for round in 1..=self.layers.len() {
            let mut bytes = Vec::new();
            let means = self.means.iter().zip(&found);
            for ((number, layer), (wanted, found)) in (1..).zip(&self.layers).zip(means) {
                bytes.extend(quantize_layer(number, layer, &Means { wanted, found })?);
            }
            quantized.read_parameters(&bytes, 0)?;
            if round < self.layers.len() {
                found = self::means(quantized, data);
            }
        }
        Ok(())
    }
}

/// The mean inputs of a layer in the float network, and in the integer one.
struct Means<'a> {
    wanted: &'a [f64],
    found: &'a [f64],
}

/// The mean inputs of every layer of a network: of the pixels or readings, then of the activations of each hidden layer.
fn means(network: &dyn AnyNetwork, data: &Dataset) -> Vec<Vec<f64>> {
    let sizes = network.sizes();
    let sums = network.sum_activations(data);
    let mut sums = sums.as_slice();
    let inputs = sizes.first().copied().unwrap_or(0);
    let integers = network.element() == ELEMENT_I8;
    let mut means = vec![if data.is_table() {
        sum_readings(data, inputs, integers)
    } else {
        sum_pixels(data, inputs)
    }];
    for &neurons in sizes.iter().skip(1) {
        let (layer, rest) = sums.split_at_checked(neurons).unwrap_or((sums, &[]));
        means.push(layer.to_vec());
        sums = rest;
    }
    // What comes out of the last layer goes into none.
    means.pop();
    let count = data.len().max(1) as f64;
    means.iter_mut().flatten().for_each(|sum| *sum /= count);
    means
}

/// The values of every pixel added up over a data set.
fn sum_pixels(data: &Dataset, inputs: usize) -> Vec<f64> {
    let mut sums = vec![0.0; inputs];
    for pixel in (0..data.len()).flat_map(|i| data.pixels(i)) {
        if let Some(sum) = sums.get_mut(usize::from(pixel.index)) {
            *sum += f64::from(pixel.value) / ONE;
        }
    }
    sums
}

/// The readings of every column added up over a data set, as a network of floats or of integers takes them.
fn sum_readings(data: &Dataset, inputs: usize, integers: bool) -> Vec<f64> {
    let mut sums = vec![0.0; inputs];
    for row in (0..data.len()).map(|i| data.readings(i)) {
        for (sum, &x) in sums.iter_mut().zip(row) {
            *sum += if integers {
                f64::from(byte(x)) / ONE
            } else {
                f64::from(x)
            };
        }
    }
    sums
}

/// A layer as the model file has it.
fn quantize_layer(number: usize, layer: &Layer, means: &Means) -> Result<Vec<u8>, QuantizeError> {
    let neurons = 0..layer.neurons;
    if neurons
        .clone()
        .all(|j| layer.weights_into(j).iter().all(|&w| w == 0.0))
    {
        return Err(QuantizeError::AllZero { layer: number });
    }
    let (mut weights, mut scales, mut biases) = (Vec::new(), Vec::new(), Vec::new());
    for (neuron, &bias) in neurons.zip(&layer.biases) {
        let made = Neuron::make(layer.weights_into(neuron), bias, means);
        let Some(Neuron { bytes, scale, bias }) = made else {
            return Err(QuantizeError::Saturated {
                layer: number,
                neuron,
            });
        };
        weights.extend(bytes);
        scales.extend(
            [scale.multiplier(), scale.shift()]
                .map(u16::to_le_bytes)
                .as_flattened(),
        );
        biases.extend(bias.to_le_bytes());
    }
    Ok([weights, scales, biases].concat())
}

/// The integers of one neuron.
struct Neuron {
    bytes: Vec<u8>,
    scale: Scale,
    bias: i32,
}

impl Neuron {
    /// The finest scale that holds the largest weight and keeps the sum below its limit; `None` if there is none.
    fn make(weights: &[f32], bias: f32, means: &Means) -> Option<Self> {
        let largest = weights
            .iter()
            .fold(0.0_f32, |largest, w| largest.max(w.abs()));
        let mut step = (f64::from(largest) / LARGEST).max(factor_to_step(*SHIFTS.end()));
        loop {
            let scale = scale(step)?;
            if let Some(neuron) = Self::with_step(weights, bias, means, step, scale) {
                return Some(neuron);
            }
            step *= 1.05;
        }
    }

    /// The neuron at a step, which is the weight that the integer 1 stands for; `None` if its sum could overflow.
    fn with_step(
        weights: &[f32],
        bias: f32,
        means: &Means,
        step: f64,
        scale: Scale,
    ) -> Option<Self> {
        let rounded: Vec<i8> = weights
            .iter()
            .map(|&w| (f64::from(w) / step).round() as i8)
            .collect();
        let wanted: f64 = weights
            .iter()
            .zip(means.wanted)
            .map(|(&w, mean)| f64::from(w) * mean)
            .sum();
        let found: f64 = rounded
            .iter()
            .zip(means.found)
            .map(|(&w, mean)| f64::from(w) * step * mean)
            .sum();
        let bias = ((f64::from(bias) + wanted - found) * ONE / step).round();
        let sum = |sign: f64| -> f64 {
            rounded
                .iter()
                .map(|&w| (sign * f64::from(w)).max(0.0))
                .sum()
        };
        let most = ONE * sum(1.0).max(sum(-1.0)) + bias.abs();
        (most < f64::from(SUM_LIMIT)).then(|| Self {
            bytes: rounded.iter().map(|w| w.cast_unsigned()).collect(),
            scale,
            bias: bias as i32,
        })
    }
}

/// The step whose factor is the smallest that a shift allows.
fn factor_to_step(shift: u16) -> f64 {
    f64::from(1 << 15) / 2_f64.powi(shift.into()) * ONE / f64::from(1 << Z_BITS)
}

/// The scale nearest to a step's, `step / 255 · 2¹⁰`; `None` if it is too large.
fn scale(step: f64) -> Option<Scale> {
    let factor = step / ONE * f64::from(1 << Z_BITS);
    SHIFTS.rev().find_map(|shift| {
        let multiplier = (factor * 2_f64.powi(shift.into())).round();
        if multiplier > f64::from(u16::MAX) {
            return None;
        }
        Scale::new(multiplier as u16, shift)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Integer as AnyInteger;
    use smidgen_core::{Inference, Network, quantized_network};

    type Float = crate::network![784, 10, 10];
    type Integer = AnyInteger<quantized_network![784, 10, 10], 784, 10>;

    fn network() -> Float {
        let mut network = Float::zero();
        let mut next = 1_u32;
        network.for_each_parameter_mut(|parameter| {
            next = next.wrapping_mul(747_796_405).wrapping_add(1);
            *parameter = (next >> 8) as f32 / 16_777_216.0 - 0.5;
        });
        network
    }

    fn quantize(network: &Float, quantized: &mut Integer) -> Result<(), QuantizeError> {
        let data = Dataset::default();
        Original::measure(network, &data).quantize(&data, quantized)
    }

    fn error(network: &Float) -> QuantizeError {
        let mut quantized = Integer::zero();
        quantize(network, &mut quantized).unwrap_err()
    }

    #[test]
    fn weights_come_back_within_half_a_step() {
        let network = network();
        let mut quantized = Integer::zero();
        quantize(&network, &mut quantized).unwrap();
        for j in 0..10 {
            let weights: Vec<f32> = (0..784).map(|k| network.layer.weights[k][j]).collect();
            let largest = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            for (k, w) in weights.iter().enumerate() {
                let back = f32::from(quantized.layer.weight(j, k)) * largest / 127.0;
                assert!(
                    (back - w).abs() <= largest / 127.0 * 0.51,
                    "{j} {k}: {back} {w}"
                );
            }
        }
        let image = [200; 784];
        let float = network.feedforward(&image);
        let integer = Inference::infer(&*quantized, &image).activations();
        for (a, b) in float.iter().zip(integer) {
            assert!((a - f32::from(b) / 255.0).abs() < 0.02, "{a} {b}");
        }
    }

    #[test]
    fn a_layer_of_zeros_is_refused() {
        let mut network = network();
        network.rest.weights = [smidgen_core::Row::ZERO; 10];
        assert_eq!(error(&network), QuantizeError::AllZero { layer: 2 });
    }

    #[test]
    fn a_neuron_of_zeros_is_not() {
        let mut network = network();
        network
            .layer
            .weights
            .iter_mut()
            .for_each(|row| row[3] = 0.0);
        let mut quantized = Integer::zero();
        assert_eq!(quantize(&network, &mut quantized), Ok(()));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let saturated = QuantizeError::Saturated {
            layer: 1,
            neuron: 4,
        };
        let mut weights = network();
        weights.layer.weights[9][4] = 1e6;
        assert_eq!(error(&weights), saturated);
        let mut bias = network();
        bias.layer.biases[4] = -1e30;
        assert_eq!(error(&bias), saturated);
    }

    #[test]
    fn sums_that_could_overflow_get_a_coarser_scale() {
        let mut network = network();
        network
            .layer
            .weights
            .iter_mut()
            .for_each(|row| row[0] = 1.0);
        let mut quantized = Integer::zero();
        quantize(&network, &mut quantized).unwrap();
        let weight = quantized.layer.weight(0, 0);
        assert!((30..127).contains(&weight), "{weight}");
    }
}
