//! `QuantizedDense`: one layer of the integer network, and how it is read from a model file.

use bytemuck::Zeroable;

use super::kernel::with_weighted_inputs;
use super::layout::{LANES, Parts, WORDS, Word, pairs, passes, split};
use super::network::{Path, QuantizedNetwork};
use super::scale::Scale;
use super::scores::Scores;
use crate::format::bytes::read_4;
use crate::format::element::ELEMENT_I8;
use crate::format::error::ModelError;
use crate::format::stored::Stored;
use crate::network::inference::Inference;
use crate::values::scaling::{NotANumber, Scaling};

/// What the largest sum of a neuron must be below.
pub const SUM_LIMIT: u32 = 1 << 23;

/// A layer of `OUT` sigmoid neurons over `IN` inputs, in integers.
///
/// `PAIRS` is [`pairs`] of `IN` and `PASSES` is [`passes`] of `OUT`; [`quantized_network!`](crate::quantized_network) fills
/// them in, and others do not compile where the layer is made. What rounds up has weights of 0.
#[derive(Clone, Debug, PartialEq, Eq, Zeroable)]
#[repr(transparent)]
pub struct QuantizedDense<
    const IN: usize,
    const OUT: usize,
    const PAIRS: usize,
    const PASSES: usize,
> {
    parts: Parts<PAIRS, PASSES>,
}

impl<const IN: usize, const OUT: usize, const PAIRS: usize, const PASSES: usize>
    QuantizedDense<IN, OUT, PAIRS, PASSES>
{
    /// All weights, scales and biases 0.
    pub const ZERO: Self = {
        assert!(
            PAIRS == pairs(IN) && PASSES == passes(OUT),
            "use quantized_network!"
        );
        Self {
            parts: Parts {
                weights: [[[Word::ZERO; WORDS]; PAIRS]; PASSES],
                scales: [[Scale::ZERO; LANES]; PASSES],
                starts: [[0; LANES]; PASSES],
            },
        }
    };

    /// `w_jk` as the file has it; 0 beyond the ends.
    #[must_use]
    pub fn weight(&self, j: usize, k: usize) -> i8 {
        let word = self
            .parts
            .weights
            .get(j / LANES)
            .and_then(|pass| pass.get(k / 2)?.get(j % LANES / 2));
        word.map_or(0, |word| word.weight(k % 2, j % 2))
    }

    /// Reads the layer from the bytes of a model file, and gives the position after it.
    ///
    /// # Errors
    ///
    /// [`ModelError::Truncated`] where `bytes` end; [`ModelError::Weight`], [`ModelError::Scale`] and
    /// [`ModelError::Overflow`] for what may not be.
    pub const fn read(&mut self, bytes: &[u8], start: usize) -> Result<usize, ModelError> {
        let scales = start + IN * OUT;
        let biases = scales + 4 * OUT;
        if biases + 4 * OUT > bytes.len() {
            return Err(ModelError::Truncated {
                expected: biases + 4 * OUT,
                found: bytes.len(),
            });
        }
        *self = Self::ZERO;
        let mut j = 0;
        while j < OUT {
            let largest = match self.read_weights(bytes, start + j * IN, j) {
                Ok(largest) => largest,
                Err(error) => return Err(error),
            };
            match read_scale(bytes, scales + 4 * j) {
                Ok(scale) => self.parts.scales[j / LANES][j % LANES] = scale,
                Err(error) => return Err(error),
            }
            match read_bias(bytes, biases + 4 * j, largest) {
                Ok(bias) => self.set_bias(j, bias),
                Err(error) => return Err(error),
            }
            j += 1;
        }
        Ok(biases + 4 * OUT)
    }

    /// Sets a bias that was 0 so far.
    const fn set_bias(&mut self, j: usize, bias: i32) {
        let (even, odd) = if j.is_multiple_of(2) {
            (bias, 0)
        } else {
            (0, bias)
        };
        let (starts, lane) = (&mut self.parts.starts[j / LANES], j % LANES / 2 * 2);
        starts[lane] += even;
        starts[lane + 1] = starts[lane + 1].wrapping_add(even).wrapping_add(odd << 8);
    }

    /// Reads the weights of neuron `j`, and gives the largest magnitude its sum can have without the bias.
    const fn read_weights(
        &mut self,
        bytes: &[u8],
        start: usize,
        j: usize,
    ) -> Result<u32, ModelError> {
        let (mut positive, mut negative) = (0_u32, 0_u32);
        let mut k = 0;
        while k < IN {
            let weight = bytes[start + k] as i8;
            if weight == i8::MIN {
                return Err(ModelError::Weight {
                    position: start + k,
                });
            }
            if weight > 0 {
                positive = positive.saturating_add(weight as u32);
            } else {
                negative = negative.saturating_add(weight.unsigned_abs() as u32);
            }
            let word = &mut self.parts.weights[j / LANES][k / 2][j % LANES / 2];
            *word = word.with(k % 2, j % 2, weight);
            k += 1;
        }
        let largest = if positive > negative {
            positive
        } else {
            negative
        };
        Ok(largest.saturating_mul(255))
    }

    /// What `then` makes of the weighted inputs.
    #[inline(always)]
    pub(super) fn with_weighted_inputs<P: Path, T>(
        &self,
        _path: P,
        input: &[[u8; 8]],
        then: impl FnOnce(&[i32]) -> T,
    ) -> T {
        with_weighted_inputs(P::SKIPS_ZEROS, &self.parts, input, |z| {
            then(z.as_flattened().get(..OUT).unwrap_or_default())
        })
    }
}

/// `run` of a network whose first layer has so many pairs.
macro_rules! run_padded {
    ($network:ident, $pairs:ident, $path:ident, $image:ident, $observe:ident) => {
        match $image.as_chunks::<8>() {
            (eights, []) => $network.forward($path, eights, $observe),
            _ => {
                let padded = $crate::quantized::dense::padded::<$pairs>($image);
                $network.forward($path, padded.as_flattened().as_chunks().0, $observe)
            }
        }
    };
}
pub(super) use run_padded;

/// Bytes with zeros after the last, to a multiple of eight; `PAIRS` is [`pairs`] of their number.
#[inline(always)]
pub(super) fn padded<const PAIRS: usize>(input: &[u8]) -> heapless::Vec<[u8; 2], PAIRS> {
    let mut padded = heapless::Vec::from_array([[0; 2]; PAIRS]);
    let bytes = padded.as_flattened_mut().iter_mut();
    bytes.zip(input).for_each(|(to, &from)| *to = from);
    padded
}

const fn read_scale(bytes: &[u8], position: usize) -> Result<Scale, ModelError> {
    let [m0, m1, s0, s1] = match read_4(bytes, position) {
        Ok(four) => four,
        Err(error) => return Err(error),
    };
    match Scale::new(u16::from_le_bytes([m0, m1]), u16::from_le_bytes([s0, s1])) {
        Some(scale) => Ok(scale),
        None => Err(ModelError::Scale { position }),
    }
}

/// Reads the bias of a neuron whose sum can have the magnitude `largest` without it.
const fn read_bias(bytes: &[u8], position: usize, largest: u32) -> Result<i32, ModelError> {
    let bias = match read_4(bytes, position) {
        Ok(four) => i32::from_le_bytes(four),
        Err(error) => return Err(error),
    };
    if largest.saturating_add(bias.unsigned_abs()) < SUM_LIMIT {
        Ok(bias)
    } else {
        Err(ModelError::Overflow { position })
    }
}

impl<const IN: usize, const OUT: usize, const PAIRS: usize, const PASSES: usize>
    QuantizedNetwork<IN, OUT> for QuantizedDense<IN, OUT, PAIRS, PASSES>
{
    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn forward(&self, path: impl Path, input: &[[u8; 8]], observe: impl FnMut(i32)) -> [i32; OUT] {
        self.with_weighted_inputs(path, input, |z| {
            z.iter().copied().for_each(observe);
            // There are `OUT` of them.
            *z.first_chunk().unwrap_or(&[0; OUT])
        })
    }

    #[inline(always)]
    fn run(&self, path: impl Path, image: &[u8; IN], observe: impl FnMut(i32)) -> [i32; OUT] {
        run_padded!(self, PAIRS, path, image, observe)
    }
}

impl<const I: usize, const O: usize, const PAIRS: usize, const PASSES: usize> Inference<I, O>
    for QuantizedDense<I, O, PAIRS, PASSES>
{
    type Output = Scores<O>;

    #[inline(always)]
    fn infer(&self, image: &[u8; I]) -> Scores<O> {
        self.feedforward(image)
    }

    #[inline(always)]
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Scores<O>, NotANumber> {
        Ok(self.feedforward(&scaling.apply_to_bytes(readings)?))
    }
}

impl<const IN: usize, const OUT: usize, const PAIRS: usize, const PASSES: usize> Stored
    for QuantizedDense<IN, OUT, PAIRS, PASSES>
{
    const ELEMENT: u8 = ELEMENT_I8;
    const INPUTS: usize = IN;
    const LAYERS: usize = 1;
    const BYTES: usize = size_of::<Self>();

    fn for_each_size(mut visit: impl FnMut(usize)) {
        visit(OUT);
    }

    fn for_each_part(&self, mut visit: impl FnMut(&[u8])) {
        for j in 0..OUT {
            for k in 0..IN {
                visit(&self.weight(j, k).to_le_bytes());
            }
        }
        for scale in self.parts.scales.as_flattened().iter().take(OUT) {
            visit(&scale.multiplier().to_le_bytes());
            visit(&scale.shift().to_le_bytes());
        }
        for bias in self.parts.starts.iter().flat_map(split).take(OUT) {
            visit(&bias.to_le_bytes());
        }
    }

    fn for_each_word(&self, visit: impl FnMut(u32)) {
        self.parts.visit_words(visit);
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError> {
        self.read(bytes, position)
    }
}
