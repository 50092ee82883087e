//! `QuantizedDense`: one layer of the integer network, and how it is read from a model file.

use bytemuck::Zeroable;

use super::kernel::{
    LANES, Layer, Sums, WORDS, Word, Words, pairs, passes, split, weighted_inputs,
};
use super::{Path, QuantizedNetwork, Scale};
use crate::kernels::{keep_rolled, opaque};
use crate::model::{ELEMENT_I8, ModelError, read_4};
use crate::stored::Stored;

/// What the largest sum of a neuron must be below.
pub const SUM_LIMIT: u32 = 1 << 23;

/// A layer of `OUT` sigmoid neurons over `IN` inputs, in integers.
///
/// `PAIRS` is [`pairs`] of `IN` and `PASSES` is [`passes`] of `OUT`; [`quantized_network!`](crate::quantized_network) fills
/// them in, and others do not compile where the layer is made. What rounds up has weights of 0.
#[derive(Clone, Debug, PartialEq, Eq, Zeroable)]
#[repr(C)]
pub struct QuantizedDense<
    const IN: usize,
    const OUT: usize,
    const PAIRS: usize,
    const PASSES: usize,
> {
    weights: [[Words; PAIRS]; PASSES],
    scales: [[Scale; LANES]; PASSES],
    /// The biases, as sums on their way have them.
    starts: [Sums; PASSES],
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
            weights: [[[Word::ZERO; WORDS]; PAIRS]; PASSES],
            scales: [[Scale::ZERO; LANES]; PASSES],
            starts: [[0; LANES]; PASSES],
        }
    };

    /// `w_jk` as the file has it; 0 beyond the ends.
    #[must_use]
    pub fn weight(&self, j: usize, k: usize) -> i8 {
        let word = self
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
                Ok(scale) => self.scales[j / LANES][j % LANES] = scale,
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
        let (starts, lane) = (&mut self.starts[j / LANES], j % LANES / 2 * 2);
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
            let word = &mut self.weights[j / LANES][k / 2][j % LANES / 2];
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

    /// What `then` makes of the weighted inputs, six neurons together, and then those that round up.
    #[inline(always)]
    pub(super) fn with_weighted_inputs<P: Path, T>(
        &self,
        _path: P,
        input: &[u8],
        then: impl FnOnce(&[Sums]) -> T,
    ) -> T {
        let mut z = heapless::Vec::<Sums, PASSES>::new();
        let layer = Layer {
            weights: self.weights.as_flattened(),
            pairs: PAIRS,
            starts: &self.starts,
            scales: &self.scales,
        };
        weighted_inputs::<P>(opaque(&layer), opaque(input), &mut z);
        then(&z)
    }
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
    fn forward(&self, path: impl Path, input: &[u8], mut observe: impl FnMut(i32)) -> [i32; OUT] {
        self.with_weighted_inputs(path, input, |found| {
            let mut z = core::array::from_fn(|_| {
                keep_rolled();
                0
            });
            for (z, &found) in opaque(&mut z[..]).iter_mut().zip(found.as_flattened()) {
                keep_rolled();
                *z = found;
                observe(found);
            }
            z
        })
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
        for scale in self.scales.as_flattened().iter().take(OUT) {
            visit(&scale.multiplier().to_le_bytes());
            visit(&scale.shift().to_le_bytes());
        }
        for bias in self.starts.iter().flat_map(split).take(OUT) {
            visit(&bias.to_le_bytes());
        }
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError> {
        self.read(bytes, position)
    }
}
