//! `Columns`: the images of a mini-batch as the update reads them, pixel by pixel.

use crate::values::batch::Batch;
use crate::values::image::intensity;

/// Up to `M` images of `I` bytes: `pixels[k][i]` is pixel k of image i, so what the update walks lies side by side.
#[derive(Clone, Debug)]
pub struct Columns<const M: usize, const I: usize> {
    pixels: [[u8; M]; I],
}

impl<const M: usize, const I: usize> Columns<M, I> {
    /// Paper.
    pub const EMPTY: Self = Self {
        pixels: [[0; M]; I],
    };

    /// Makes image i this one; nothing is done for i ≥ `M`.
    #[inline(always)]
    pub fn put(&mut self, i: usize, image: &[u8; I]) {
        if i < M {
            for (column, &pixel) in self.pixels.iter_mut().zip(image) {
                column[i] = pixel;
            }
        }
    }

    /// The first `count` images.
    pub const fn first(&self, count: usize) -> First<'_, M, I> {
        First {
            pixels: &self.pixels,
            count,
        }
    }
}

/// The first of some images; what stands behind them in a column is of another mini-batch.
#[derive(Debug)]
pub struct First<'a, const M: usize, const I: usize> {
    pixels: &'a [[u8; M]; I],
    count: usize,
}

/// Whether there is ink in a column.
#[inline(always)]
fn is_inked<const M: usize>(column: &[u8; M]) -> bool {
    column.iter().fold(0, |any, pixel| any | pixel) != 0
}

impl<const M: usize, const I: usize> Batch<I> for First<'_, M, I> {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        let columns = self.pixels.iter().enumerate();
        let inked = columns.filter(|(_, column)| is_inked(column));
        inked.map(|(k, column)| {
            let pixels = (0..self.count).zip(column);
            let inked = pixels.filter(|&(_, &pixel)| pixel != 0);
            (k, inked.map(|(i, &pixel)| (i, intensity(pixel))))
        })
    }

    #[inline(always)]
    fn magnitude(&self) -> f32 {
        I as f32
    }
}
