//! Sums of scaled rows of 16 bits, for processors without a floating-point unit: as `soft`, each value decoded on the way.

use super::rows::sum_decoded;
use crate::values::half::HalfRow;
use crate::values::row::Row;

/// As the portable `sum_half_rows`.
#[inline(always)]
pub fn sum_half_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a HalfRow<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    sum_decoded(rows.map(|(row, factor)| (&row.0, factor)), out);
}
