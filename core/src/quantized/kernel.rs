//! The loops of the integer network, over arrays: from a layer's inputs to the sums of its neurons.
//!
//! # Layout of the weights
//!
//! Six neurons are summed side by side, in one *pass* over the inputs; `weights[pass][pair]` holds what these six have for
//! two neighbouring inputs, in three [`Word`]s of 32 bits:
//!
//! ```text
//! word:  | input 2p + 1               | input 2p                   |
//! bits:  | 31 … 16                    | 15 … 0                     |
//! value: | 256 · w_odd + w_even       | 256 · w_odd + w_even       |
//! ```
//!
//! A half is the `i16` that two neighbouring neurons' weights make. `Σ x · half = 256 · S_odd + S_even`, and
//! `Σ x · (i8 of the half) = S_even`, so two multiplications give two sums, and only one of the two factors must be taken
//! out of the word: [`split`] subtracts at the end. Where a processor multiplies two halves by two and adds both (`SMLAD`),
//! this is three instructions for four weights. The sum of the halves may wrap around 2³²; the difference is right as
//! long as `|S_odd| < 2²³`, which decoding has made sure of.

use bytemuck::Zeroable;
use heapless::VecView;

#[cfg(smidgen_armv6m)]
use super::armv6m::add_pairs;
use super::{Scale, sigmoid};
use crate::kernels::keep_rolled;
#[cfg(not(smidgen_dsp))]
use crate::kernels::opaque;

/// Neurons that are summed side by side.
pub const LANES: usize = 6;

/// Words that hold the weights of `LANES` neurons for a pair of inputs.
pub const WORDS: usize = LANES / 2;

/// Pairs that a layer of so many inputs has: half of them, rounded up to a multiple of four.
#[must_use]
pub const fn pairs(inputs: usize) -> usize {
    4 * inputs.div_ceil(8)
}

/// Passes that a layer of so many neurons has: one for six, rounded up.
#[must_use]
pub const fn passes(neurons: usize) -> usize {
    neurons.div_ceil(LANES)
}

/// The weights of two neighbouring neurons for two neighbouring inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable)]
#[repr(transparent)]
pub struct Word(u32);

impl Word {
    /// Four weights of 0.
    pub const ZERO: Self = Self(0);

    /// The word with a weight that was 0 so far; `input` and `neuron` are 0 or 1.
    #[must_use]
    pub const fn with(self, input: usize, neuron: usize, weight: i8) -> Self {
        let shift = 16 * (input as u32 & 1);
        let half = (self.0 >> shift) as i16;
        let part = (weight as i16) << (8 * (neuron as u32 & 1));
        let half = half.wrapping_add(part) as u16 as u32;
        Self(self.0 & !(0xFFFF << shift) | half << shift)
    }

    /// A weight of the word; `input` and `neuron` are 0 or 1.
    #[must_use]
    pub const fn weight(self, input: usize, neuron: usize) -> i8 {
        let half = (self.0 >> (16 * (input as u32 & 1))) as i16;
        let even = half as i8;
        if neuron & 1 == 0 {
            even
        } else {
            (half.wrapping_sub(even as i16) >> 8) as i8
        }
    }
}

/// What `LANES` neurons have for a pair of inputs.
pub type Words = [Word; WORDS];

/// The sums of `LANES` neurons on their way: for two neurons `S_even`, then `256 · S_odd + S_even`.
pub type Sums = [i32; LANES];

/// The two sums of each word, taken apart.
#[inline(always)]
pub const fn split(sums: &Sums) -> [i32; LANES] {
    let [a, ab, c, cd, e, ef] = *sums;
    [a, odd(a, ab), c, odd(c, cd), e, odd(e, ef)]
}

/// `S_odd`, from `S_even` and `256 · S_odd + S_even`.
#[inline(always)]
const fn odd(even: i32, both: i32) -> i32 {
    both.wrapping_sub(even) >> 8
}

/// What a layer is made of, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq, Zeroable)]
#[repr(C)]
pub struct Parts<const PAIRS: usize, const PASSES: usize> {
    /// As the module says.
    pub weights: [[Words; PAIRS]; PASSES],
    /// Of each neuron.
    pub scales: [[Scale; LANES]; PASSES],
    /// The biases, as sums on their way have them.
    pub starts: [Sums; PASSES],
}

/// The weighted inputs of a layer's neurons, six of them together.
///
/// | argument      | shape         | meaning                                              |
/// |---------------|---------------|------------------------------------------------------|
/// | `skips_zeros` |               | whether pairs of zeros are left out                  |
/// | `input`       | `[PAIRS / 4]` | bytes, with zeros after the last; else nothing is done |
/// | `z`           | `[PASSES]`    | must be empty                                        |
#[cfg(not(smidgen_dsp))]
#[inline(always)]
pub fn weighted_inputs<const PAIRS: usize, const PASSES: usize>(
    skips_zeros: bool,
    layer: &Parts<PAIRS, PASSES>,
    input: &[[u8; 8]],
    z: &mut heapless::Vec<Sums, PASSES>,
) {
    if 4 * input.len() != PAIRS {
        return;
    }
    for start in opaque(&layer.starts[..]) {
        keep_rolled();
        let _ = z.push(*start);
    }
    add(
        skips_zeros,
        opaque(layer.weights.as_flattened()),
        opaque(input),
        z,
    );
    finish(z, &layer.scales);
}

/// From the sums of a layer to its weighted inputs, in place.
#[cfg(not(smidgen_dsp))]
#[cfg_attr(target_os = "none", inline(never))]
fn finish(sums: &mut [Sums], scales: &[[Scale; LANES]]) {
    let (sums, scales) = (sums.as_flattened_mut(), scales.as_flattened());
    let mut even = 0;
    for (j, (sum, scale)) in sums.iter_mut().zip(scales).enumerate() {
        keep_rolled();
        let raw = *sum;
        *sum = scale.apply(if j % 2 == 0 { raw } else { odd(even, raw) });
        even = raw;
    }
}

/// The activations of a layer, with zeros after the last; `activations` must be empty and have the room.
#[cfg_attr(target_os = "none", inline(never))]
pub fn activate(z: &[i32], activations: &mut VecView<[u8; 8]>) {
    for _ in 0..z.len().div_ceil(8) {
        keep_rolled();
        let _ = activations.push([0; 8]);
    }
    for (activation, &z) in activations.as_flattened_mut().iter_mut().zip(z) {
        keep_rolled();
        *activation = sigmoid(z);
    }
}

/// Adds the products of inputs and weights to the sums of all passes.
#[cfg(not(smidgen_dsp))]
#[cfg_attr(target_os = "none", inline(never))]
fn add(skips_zeros: bool, weights: &[Words], input: &[[u8; 8]], sums: &mut [Sums]) {
    let pairs = 4 * input.len();
    let mut list = List::new();
    let mut index = 0;
    for four in input.as_flattened().as_chunks::<4>().0 {
        let four = u32::from_le_bytes(*four);
        if four != 0 || !skips_zeros {
            list_pairs(skips_zeros, four, index, &mut list);
            if list.len() > LISTED - 2 {
                flush(weights, pairs, &list, sums);
                list.clear();
            }
        }
        index += 2;
    }
    flush(weights, pairs, &list, sums);
}

/// A pair of inputs.
#[cfg(not(smidgen_dsp))]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Pair {
    /// The inputs, one in each half.
    inputs: u32,
    /// Its number in a pass.
    pub(super) index: usize,
}

/// Pairs that are listed before they are added.
#[cfg(not(smidgen_dsp))]
const LISTED: usize = 32;

/// Pairs that wait to be added.
#[cfg(not(smidgen_dsp))]
type List = heapless::Vec<Pair, LISTED>;

/// Lists the pairs among four inputs; there is room for two.
#[cfg(not(smidgen_dsp))]
#[inline(always)]
fn list_pairs(skips_zeros: bool, four: u32, index: usize, list: &mut List) {
    for (bytes, index) in [(four & 0xFFFF, index), (four >> 16, index + 1)] {
        if bytes != 0 || !skips_zeros {
            let inputs = (bytes & 0xFF) | (bytes & 0xFF00) << 8;
            let _ = list.push(Pair { inputs, index });
        }
    }
}

/// Adds listed pairs to the sums of all passes.
#[cfg(not(smidgen_dsp))]
#[cfg_attr(target_os = "none", inline(never))]
fn flush(weights: &[Words], pairs: usize, list: &[Pair], sums: &mut [Sums]) {
    let mut rest = weights;
    for sums in sums {
        keep_rolled();
        add_pairs(list, rest, sums);
        rest = rest.get(pairs..).unwrap_or_default();
    }
}

/// Adds listed pairs to the sums of a pass.
#[cfg(not(any(smidgen_dsp, smidgen_armv6m)))]
#[inline(always)]
fn add_pairs(list: &[Pair], weights: &[Words], sums: &mut Sums) {
    for pair in list {
        keep_rolled();
        if let Some(words) = weights.get(pair.index) {
            add_pair(pair.inputs, words, sums);
        }
    }
}

/// Adds the products of two inputs with the weights of a pass.
#[cfg(not(any(smidgen_dsp, smidgen_armv6m)))]
#[inline(always)]
fn add_pair(inputs: u32, words: &Words, sums: &mut Sums) {
    let (x0, x1) = ((inputs & 0xFFFF) as i32, (inputs >> 16) as i32);
    for ([even, both], word) in sums.as_chunks_mut::<2>().0.iter_mut().zip(words) {
        let (half0, half1) = (word.0 as i16, (word.0 >> 16) as i16);
        let evens = x0 * i32::from(half0 as i8) + x1 * i32::from(half1 as i8);
        *even = even.wrapping_add(evens);
        *both = both.wrapping_add(x0 * i32::from(half0) + x1 * i32::from(half1));
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn a_word_keeps_four_weights_of_any_sign() {
        for a in [-127, -1, 0, 1, 127] {
            for b in [-127, -1, 0, 1, 127] {
                let mut word = Word::ZERO.with(0, 1, a).with(1, 0, b);
                word = word.with(1, 1, a).with(0, 0, b);
                let found = [(0, 0), (0, 1), (1, 0), (1, 1)]
                    .map(|(input, neuron)| word.weight(input, neuron));
                assert_eq!(found, [b, a, b, a]);
            }
        }
    }
}
