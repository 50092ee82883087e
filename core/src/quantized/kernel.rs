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

use super::{Path, Scale, sigmoid};
use crate::kernels::keep_rolled;

#[cfg(smidgen_dsp)]
use super::dsp::{add_active, add_run};

/// Neurons that are summed side by side.
pub const LANES: usize = 6;

/// Words that hold the weights of `LANES` neurons for a pair of inputs.
pub const WORDS: usize = LANES / 2;

/// Pairs of inputs that are listed before they are added.
const LISTED: usize = 32;

/// Pairs of inputs that are laid out before they are added: four rows of an image, a multiple of four.
const RUN: usize = 56;

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
pub const fn split(sums: &Sums) -> [i32; LANES] {
    let [a, ab, c, cd, e, ef] = *sums;
    [a, odd(a, ab), c, odd(c, cd), e, odd(e, ef)]
}

/// S_odd, from S_even and `256 · S_odd + S_even`.
#[inline(always)]
const fn odd(even: i32, both: i32) -> i32 {
    both.wrapping_sub(even) >> 8
}

/// A layer as the loops see it, whatever its size.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// `[PASSES · PAIRS]`, as the module says.
    pub weights: &'a [Words],
    /// [`pairs`] of its inputs.
    pub pairs: usize,
    /// `[PASSES]`, the biases as sums on their way.
    pub starts: &'a [Sums],
    /// `[PASSES]`.
    pub scales: &'a [[Scale; LANES]],
}

/// The weighted inputs of a layer's neurons, six of them together; `z` must be empty and have room for all passes.
#[cfg_attr(target_os = "none", inline(never))]
pub fn weighted_inputs<P: Path>(layer: &Layer, input: &[u8], z: &mut VecView<Sums>) {
    for start in layer.starts {
        keep_rolled();
        let _ = z.push(*start);
    }
    if P::SKIPS_ZEROS {
        sum_active(layer, input, z);
    } else {
        sum_all(layer, input, z);
    }
    finish(z, layer.scales);
}

/// From the sums of a layer to its weighted inputs, in place.
#[inline(always)]
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

/// The activations of a layer, appended; those of the neurons that round it up find no room.
#[cfg_attr(target_os = "none", inline(never))]
pub fn activate(z: &[Sums], activations: &mut VecView<u8>) {
    for &z in z.as_flattened() {
        keep_rolled();
        let _ = activations.push(sigmoid(z));
    }
}

/// Two bytes as the halves of a word.
#[inline(always)]
const fn spread(bytes: u32) -> u32 {
    (bytes & 0xFF) | (bytes & 0xFF00) << 8
}

/// A word of up to four inputs; those beyond the end are 0.
#[inline(always)]
fn last_word(rest: &[u8]) -> u32 {
    rest.iter().rev().fold(0, |word, &byte| {
        keep_rolled();
        word << 8 | u32::from(byte)
    })
}

/// Adds the products of a layer's inputs and weights to the sums of its passes; pairs of zeros are left out.
#[inline(always)]
fn sum_active(layer: &Layer, input: &[u8], sums: &mut [Sums]) {
    let (fours, rest) = input.as_chunks::<4>();
    let mut list = List::new();
    let mut word = 0;
    for four in fours {
        let four = u32::from_le_bytes(*four);
        if four != 0 {
            push(four, word, &mut list);
            if list.len() > LISTED - 2 {
                flush(layer, &list, sums);
                list.clear();
            }
        }
        word += 2 * WORDS;
    }
    push(last_word(rest), word, &mut list);
    flush(layer, &list, sums);
}

/// Pairs that wait to be added.
type List = heapless::Vec<Active, LISTED>;

/// Lists the pairs among four inputs that are not 0; there is room for two.
#[cfg_attr(target_os = "none", inline(never))]
fn push(four: u32, word: usize, list: &mut List) {
    let mut push = |inputs, word| {
        if inputs != 0 {
            let _ = list.push(Active { inputs, word });
        }
    };
    push(spread(four), word);
    push(spread(four >> 16), word + WORDS);
}

/// Adds listed pairs to the sums of all passes.
#[cfg_attr(target_os = "none", inline(never))]
fn flush(layer: &Layer, list: &[Active], sums: &mut [Sums]) {
    let mut rest = layer.weights;
    for sums in sums {
        keep_rolled();
        add_active(list, rest, sums);
        rest = rest.get(layer.pairs..).unwrap_or_default();
    }
}

/// [`sum_active`] without leaving anything out: the same instructions whatever the input.
#[inline(always)]
fn sum_all(layer: &Layer, input: &[u8], sums: &mut [Sums]) {
    let mut rest = layer.weights;
    for inputs in input.chunks(2 * RUN) {
        let run = lay_out(inputs);
        let mut weights = rest;
        for sums in &mut *sums {
            keep_rolled();
            add_run(&run, weights, sums);
            weights = weights.get(layer.pairs..).unwrap_or_default();
        }
        rest = rest.get(RUN..).unwrap_or_default();
    }
}

/// Pairs in the halves of words, a multiple of four.
type Run = heapless::Vec<[u32; 4], { RUN / 4 }>;

/// Bytes as pairs in the halves of words.
#[inline(always)]
fn lay_out(inputs: &[u8]) -> Run {
    let mut run = Run::new();
    let (eights, rest) = inputs.as_chunks::<8>();
    let spread4 = |a: u32, b: u32| [spread(a), spread(a >> 16), spread(b), spread(b >> 16)];
    for [a, b, c, d, e, f, g, h] in eights {
        keep_rolled();
        let (low, high) = (
            u32::from_le_bytes([*a, *b, *c, *d]),
            u32::from_le_bytes([*e, *f, *g, *h]),
        );
        let _ = run.push(spread4(low, high));
    }
    if !rest.is_empty() {
        let (low, high) = rest.split_at_checked(4).unwrap_or((rest, &[]));
        let _ = run.push(spread4(last_word(low), last_word(high)));
    }
    run
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

/// Adds a run to the sums of a pass, from the first of the words on.
#[cfg(not(smidgen_dsp))]
#[inline(always)]
fn add_run(run: &[[u32; 4]], weights: &[Words], sums: &mut Sums) {
    for (&inputs, words) in run.as_flattened().iter().zip(weights) {
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
