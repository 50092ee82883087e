//! `Lanes`: vectors of floats, as wide as the processor has them; `Portable` for every processor.

use smidgen_core::Row;

/// A proof that the processor has vectors of some width, and what they do.
///
/// Every operation rounds as that of single floats does: nothing is fused, nothing is added across lanes.
pub trait Lanes: Copy {
    /// Floats side by side.
    type Vector: Copy;

    /// How many.
    const LANES: usize;

    /// Vectors of sums that stay in registers during one walk over the rows, at least 1 and at most `MOST_SUMS`.
    const SUMS: usize;

    /// The same float in every lane.
    fn splat(self, x: f32) -> Self::Vector;

    /// The floats of a row from `first` on, and 0 in the lanes beyond its end; `first` is a multiple of the lanes below `N`.
    fn load<const N: usize>(self, row: &Row<N>, first: usize) -> Self::Vector;

    /// Puts a vector where [`Lanes::load`] took it; what is in the lanes beyond the end is lost.
    fn store<const N: usize>(self, vector: Self::Vector, row: &mut Row<N>, first: usize);

    /// `sum + x · y`, rounded twice.
    fn add_product(self, sum: Self::Vector, x: Self::Vector, y: Self::Vector) -> Self::Vector;

    /// `x · y`.
    fn product(self, x: Self::Vector, y: Self::Vector) -> Self::Vector;

    /// `from − x · y`, rounded twice.
    fn sub_product(self, from: Self::Vector, x: Self::Vector, y: Self::Vector) -> Self::Vector;

    /// Which of the bytes are not 0, the first in the lowest bit.
    fn inked(self, bytes: &[u8; 64]) -> u64;

    /// Lists the places, from `first` on, of those masks that are not 0, and gives their number.
    #[inline(always)]
    fn list(self, masks: &[u16; LISTED], first: u16, list: &mut [u16; LISTED]) -> usize {
        let mut length = 0;
        for (place, &mask) in (first..).zip(masks) {
            // Stored without asking: the next takes the same place if this is none.
            list[length % LISTED] = place;
            length += usize::from(mask != 0);
        }
        length
    }
}

/// Masks that [`Lanes::list`] goes through.
pub const LISTED: usize = 32;

/// The most that [`Lanes::SUMS`] may be.
pub const MOST_SUMS: usize = 16;

/// How the vectors of a row are shared out among walks over the rows: `full` of `width` vectors, and one of `last`.
#[derive(Clone, Copy, Debug)]
pub struct Walks {
    /// Walks before the last.
    pub full: usize,
    /// Vectors in each of them.
    pub width: usize,
    /// Vectors in the last walk, 1 to `width`.
    pub last: usize,
}

impl Walks {
    /// As few walks as there must be over rows of `floats`, and of much the same width.
    pub const fn over<L: Lanes>(floats: usize) -> Self {
        let vectors = floats.div_ceil(L::LANES);
        let width = vectors.div_ceil(vectors.div_ceil(L::SUMS));
        let full = (vectors - 1) / width;
        Self {
            full,
            width,
            last: vectors - full * width,
        }
    }
}

/// Vectors of four, made of single floats: compilers find the instructions of every processor that has such vectors.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Lanes for Portable {
    type Vector = [f32; 4];

    const LANES: usize = 4;
    const SUMS: usize = 8;

    #[inline(always)]
    fn splat(self, x: f32) -> [f32; 4] {
        [x; 4]
    }

    #[inline(always)]
    fn load<const N: usize>(self, row: &Row<N>, first: usize) -> [f32; 4] {
        let tail = row.get(first..).unwrap_or_default();
        match tail.first_chunk() {
            Some(vector) => *vector,
            None => core::array::from_fn(|lane| tail.get(lane).copied().unwrap_or_default()),
        }
    }

    #[inline(always)]
    fn store<const N: usize>(self, vector: [f32; 4], row: &mut Row<N>, first: usize) {
        let tail = row.get_mut(first..).unwrap_or_default();
        for (to, from) in tail.iter_mut().zip(vector) {
            *to = from;
        }
    }

    #[inline(always)]
    fn add_product(self, sum: [f32; 4], x: [f32; 4], y: [f32; 4]) -> [f32; 4] {
        core::array::from_fn(|lane| sum[lane] + x[lane] * y[lane])
    }

    #[inline(always)]
    fn product(self, x: [f32; 4], y: [f32; 4]) -> [f32; 4] {
        core::array::from_fn(|lane| x[lane] * y[lane])
    }

    #[inline(always)]
    fn sub_product(self, from: [f32; 4], x: [f32; 4], y: [f32; 4]) -> [f32; 4] {
        core::array::from_fn(|lane| from[lane] - x[lane] * y[lane])
    }

    #[inline(always)]
    fn inked(self, bytes: &[u8; 64]) -> u64 {
        let bits = bytes.iter().rev();
        bits.fold(0, |mask, &byte| mask << 1 | u64::from(byte != 0))
    }
}
