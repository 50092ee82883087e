//! What a network reads: whatever can name its non-zero components in ascending order.

use super::image::{INTENSITIES, PIXELS, intensity};
use super::row::Row;

/// `N` input values x₀ … x_{N−1}, of which a layer needs only those that are not zero.
///
/// A zero adds ±0 to every sum, and a sum that starts from +0 does not change by it as long as the weights are finite.
/// So leaving zeros out keeps the bits of the textbook's loop.
pub trait Input<const N: usize> {
    /// (k, `x_k`) for each k with `x_k` ≠ 0 (zeros may be among them), k ascending and below `N`.
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone;

    /// Sums the rows of weights that leave the active components, `out_j = 0 + Σ_k x_k w_jk`, by a loop of its own, and
    /// says true; false, and nothing is done, if it has none.
    ///
    /// For a host that has vector instructions which no compiler finds. The bits must be those of
    /// [`sum_rows`](crate::kernels::sum_rows) over [`Input::active`].
    #[inline(always)]
    fn sum_rows<const OUT: usize>(&self, weights: &[Row<OUT>; N], out: &mut Row<OUT>) -> bool {
        let _ = (weights, out);
        false
    }

    /// Σ |`x_k`|, or a bound of it; a NaN or an infinity where a value is one.
    #[inline(always)]
    fn magnitude(&self) -> f32 {
        self.active().fold(0.0, |sum, (_, x)| sum + x.abs())
    }
}

/// Input values that can be asked for one by one.
pub trait Components<const N: usize> {
    /// `x_k`, and 0 for k ≥ `N`.
    fn component(&self, k: usize) -> f32;
}

/// Plain values.
impl<const N: usize> Input<N> for [f32; N] {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        self.iter().copied().enumerate().filter(|&(_, x)| x != 0.0)
    }
}

/// Plain values whose number is known only at run time; those beyond the `N`th are left out.
impl<const N: usize> Input<N> for [f32] {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        let values = self.iter().copied().take(N).enumerate();
        values.filter(|&(_, x)| x != 0.0)
    }
}

impl<const N: usize> Components<N> for [f32; N] {
    #[inline(always)]
    fn component(&self, k: usize) -> f32 {
        self.get(k).copied().unwrap_or_default()
    }
}

/// The activations of a layer, none of which is zero.
impl<const N: usize> Input<N> for Row<N> {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        self.0.iter().copied().enumerate()
    }
}

impl<const N: usize> Components<N> for Row<N> {
    #[inline(always)]
    fn component(&self, k: usize) -> f32 {
        self.0.component(k)
    }
}

/// Bytes, as pixels: x = p / 255.
impl<const N: usize> Input<N> for [u8; N] {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        // Most of an image is paper, which is left out four bytes at a time.
        let (words, rest) = self.as_chunks::<4>();
        let inked = (0..)
            .step_by(4)
            .zip(words)
            .filter(|&(_, word)| *word != [0; 4]);
        let in_words = inked.flat_map(|(start, word)| (start..).zip(word));
        in_words
            .chain((4 * words.len()..).zip(rest))
            .filter(|&(_, &pixel)| pixel != 0)
            .map(|(k, &pixel)| (k, intensity(pixel)))
    }

    #[inline(always)]
    fn magnitude(&self) -> f32 {
        N as f32
    }
}

impl<const N: usize> Components<N> for [u8; N] {
    #[inline(always)]
    fn component(&self, k: usize) -> f32 {
        self.get(k).map_or(0.0, |&pixel| intensity(pixel))
    }
}

/// One pixel that is not paper.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivePixel {
    /// Where it is, from 0, row by row.
    pub index: u16,
    /// How dark it is, 1 to 255.
    pub value: u8,
}

/// The active pixels of one image in ascending order; made once, walked as often as there are columns of neurons.
pub type ActivePixels = heapless::Vec<ActivePixel, PIXELS>;

/// The active pixels of an image, in ascending order; those beyond the 65,536th have no index and are left out.
pub fn active_pixels(image: &[u8]) -> impl Iterator<Item = ActivePixel> {
    image
        .iter()
        .enumerate()
        .take(1 << 16)
        .filter(|&(_, &value)| value != 0)
        .map(|(index, &value)| ActivePixel {
            index: index as u16,
            value,
        })
}

impl<const N: usize> Input<N> for [ActivePixel] {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        self.iter().map(|pixel| {
            (
                usize::from(pixel.index),
                INTENSITIES[usize::from(pixel.value)],
            )
        })
    }
}
