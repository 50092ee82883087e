//! How the weights and the sums of an integer layer lie in memory.
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

use super::scale::Scale;

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
pub struct Word(pub(super) u32);

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
pub(super) const fn odd(even: i32, both: i32) -> i32 {
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

impl<const PAIRS: usize, const PASSES: usize> Parts<PAIRS, PASSES> {
    /// Calls `visit` with each word of 32 bits, in the order of memory.
    pub(super) fn visit_words(&self, mut visit: impl FnMut(u32)) {
        let words = self.weights.as_flattened().as_flattened();
        words.iter().for_each(|word| visit(word.0));
        let scales = self.scales.as_flattened();
        scales.iter().for_each(|scale| visit(scale.word()));
        let starts = self.starts.as_flattened();
        starts.iter().for_each(|start| visit(start.cast_unsigned()));
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
