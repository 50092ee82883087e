//! Sums of scaled rows of 16 bits, for every processor. The oracle of `vfp_half` and `soft_half`, whose names are the same.

use crate::values::half::HalfRow;
use crate::values::row::Row;

/// [`sum_rows`](super::sum_rows) of rows of 16 bits, each value decoded on the way: the bits are those of the same numbers
/// in 32 bits.
#[inline(always)]
pub fn sum_half_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a HalfRow<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    let mut sums = Row::ZERO;
    rows.for_each(|(row, factor)| {
        for (sum, value) in sums.iter_mut().zip(&row.0) {
            *sum += factor * value.to_f32();
        }
    });
    *out = sums;
}
