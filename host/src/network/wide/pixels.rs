//! `Pixels`: the active pixels of an image, and the sums of the rows of weights that leave them.

use smidgen_core::image::INTENSITIES;
use smidgen_core::{ActivePixel, Input, Row};

use super::lanes::{Lanes, MOST_SUMS, Walks};

/// The active pixels of an image, to be walked with vectors of a width; `visit` sees each once, in order, on the way.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a, L, F> {
    /// The vectors.
    pub lanes: L,
    /// In ascending order.
    pub pixels: &'a [ActivePixel],
    /// What else is done with each of them while the first sums are made.
    pub visit: F,
}

impl<'a, L: Lanes> Pixels<'a, L, fn(ActivePixel)> {
    /// Pixels of which nothing but the sums is wanted.
    #[inline(always)]
    pub fn new(lanes: L, pixels: &'a [ActivePixel]) -> Pixels<'a, L, impl Fn(ActivePixel)> {
        Pixels {
            lanes,
            pixels,
            visit: |_| {},
        }
    }
}

impl<L: Lanes, F: Fn(ActivePixel)> Pixels<'_, L, F> {
    /// The sums of `width` vectors of columns from vector `first` on.
    #[inline(always)]
    fn walk<const N: usize, const OUT: usize>(
        &self,
        weights: &[Row<OUT>; N],
        out: &mut Row<OUT>,
        first: usize,
        width: usize,
    ) {
        let lanes = self.lanes;
        let mut sums = [lanes.splat(0.0); MOST_SUMS];
        for &pixel in self.pixels {
            let Some(row) = weights.get(usize::from(pixel.index)) else {
                continue;
            };
            let x = lanes.splat(INTENSITIES[usize::from(pixel.value)]);
            for (c, sum) in sums.iter_mut().enumerate().take(width) {
                *sum = lanes.add_product(*sum, x, lanes.load(row, (first + c) * L::LANES));
            }
            if first == 0 {
                (self.visit)(pixel);
            }
        }
        for (c, sum) in sums.iter().enumerate().take(width) {
            lanes.store(*sum, out, (first + c) * L::LANES);
        }
    }
}

impl<L: Lanes, F: Fn(ActivePixel), const N: usize> Input<N> for Pixels<'_, L, F> {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        Input::<N>::active(self.pixels)
    }

    #[inline(always)]
    fn sum_rows<const OUT: usize>(&self, weights: &[Row<OUT>; N], out: &mut Row<OUT>) -> bool {
        let walks = const { Walks::over::<L>(OUT) };
        for walk in 0..walks.full {
            self.walk(weights, out, walk * walks.width, walks.width);
        }
        self.walk(weights, out, walks.full * walks.width, walks.last);
        true
    }
}
