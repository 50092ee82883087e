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

#[cfg(smidgen_dsp)]
use super::dsp::{add_active, add_run};

/// Neurons that are summed side by side.
pub const LANES: usize = 6;

/// Words that hold the weights of `LANES` neurons for a pair of inputs.
pub const WORDS: usize = LANES / 2;

/// Pairs of inputs that are listed before they are added.
const LISTED: usize = 32;

/// Pairs of inputs that are laid out before they are added: four rows of an image, a multiple of four.
pub const RUN: usize = 56;

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

/// A pair of inputs that are not both 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Active {
    /// The inputs, one in each half.
    pub inputs: u32,
    /// The number of its first word in a pass.
    pub word: usize,
}

/// The two sums of each word, taken apart.
#[inline(always)]
pub fn split(sums: &Sums) -> [i32; LANES] {
    let [a, ab, c, cd, e, ef] = *sums;
    let odd = |even: i32, both: i32| both.wrapping_sub(even) >> 8;
    [a, odd(a, ab), c, odd(c, cd), e, odd(e, ef)]
}

/// Two bytes as the halves of a word.
#[inline(always)]
const fn spread(bytes: u32) -> u32 {
    (bytes & 0xFF) | (bytes & 0xFF00) << 8
}

/// A word of four inputs; those beyond the end are 0.
#[inline(always)]
fn last_word(rest: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    bytes
        .iter_mut()
        .zip(rest)
        .for_each(|(to, &from)| *to = from);
    u32::from_le_bytes(bytes)
}

/// Adds the products of a layer's inputs and weights to the sums of its passes; pairs of zeros are left out.
///
/// | argument  | shape              | meaning                                             |
/// |-----------|--------------------|-----------------------------------------------------|
/// | `input`   | `[IN]`             | bytes                                               |
/// | `weights` | `[PASSES · pairs]` | as the module says                                  |
/// | `pairs`   |                    | [`pairs`] of `IN`                                   |
/// | `sums`    | `[PASSES]`         | added to                                            |
#[cfg_attr(target_os = "none", inline(never))]
pub fn sum_active(input: &[u8], weights: &[Words], pairs: usize, sums: &mut [Sums]) {
    let (words, rest) = input.as_chunks::<4>();
    let mut list = heapless::Vec::<Active, LISTED>::new();
    let mut word = 0;
    for four in words
        .iter()
        .map(|bytes| u32::from_le_bytes(*bytes))
        .chain([last_word(rest)])
    {
        if four != 0 {
            for (bytes, word) in [(four & 0xFFFF, word), (four >> 16, word + WORDS)] {
                let inputs = spread(bytes);
                if inputs != 0 && list.push(Active { inputs, word }).is_err() {
                    flush(&list, weights, pairs, sums);
                    list.clear();
                    let _ = list.push(Active { inputs, word });
                }
            }
        }
        word += 2 * WORDS;
    }
    flush(&list, weights, pairs, sums);
}

/// Adds listed pairs to the sums of all passes.
#[inline(never)]
fn flush(list: &[Active], weights: &[Words], pairs: usize, sums: &mut [Sums]) {
    let mut rest = weights;
    for sums in sums {
        add_active(list, rest, sums);
        rest = rest.get(pairs..).unwrap_or_default();
    }
}

/// [`sum_active`] without leaving anything out: the same instructions whatever the input.
#[cfg_attr(target_os = "none", inline(never))]
pub fn sum_all(input: &[u8], weights: &[Words], pairs: usize, sums: &mut [Sums]) {
    let mut rest = weights;
    for inputs in input.chunks(2 * RUN) {
        let mut run = [0; RUN];
        lay_out(inputs, &mut run);
        let length = self::pairs(inputs.len());
        let mut weights = rest;
        for sums in &mut *sums {
            add_run(&run, length, weights, sums);
            weights = weights.get(pairs..).unwrap_or_default();
        }
        rest = rest.get(RUN..).unwrap_or_default();
    }
}

/// Bytes as pairs in the halves of words.
#[inline(always)]
fn lay_out(inputs: &[u8], run: &mut [u32; RUN]) {
    let (words, rest) = inputs.as_chunks::<4>();
    let words = words
        .iter()
        .map(|bytes| u32::from_le_bytes(*bytes))
        .chain([last_word(rest)]);
    for ([low, high], four) in run.as_chunks_mut::<2>().0.iter_mut().zip(words) {
        *low = spread(four);
        *high = spread(four >> 16);
    }
}

/// Adds listed pairs to the sums of a pass.
#[cfg(not(smidgen_dsp))]
#[inline(always)]
fn add_active(list: &[Active], weights: &[Words], sums: &mut Sums) {
    let words = weights.as_flattened();
    for active in list {
        if let Some(words) = words.get(active.word..).and_then(|rest| rest.first_chunk()) {
            add_pair(active.inputs, words, sums);
        }
    }
}

/// Adds the first `length` pairs of a run to the sums of a pass.
#[cfg(not(smidgen_dsp))]
#[inline(always)]
fn add_run(run: &[u32; RUN], length: usize, weights: &[Words], sums: &mut Sums) {
    for (&inputs, words) in run.iter().take(length).zip(weights) {
        add_pair(inputs, words, sums);
    }
}

/// Adds the products of two inputs with the weights of a pass.
#[cfg(not(smidgen_dsp))]
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
