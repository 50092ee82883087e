//! Products of rows with a vector, several side by side.

use crate::values::row::Row;

/// The products of some rows with the same vector, each `0 + Σ_j row_j δ_j`, j ascending.
#[inline(always)]
pub fn dot_rows<const R: usize, const OUT: usize>(
    rows: &[Row<OUT>; R],
    delta: &Row<OUT>,
) -> [f32; R] {
    let mut sums = [0.0; R];
    for j in 0..OUT {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += row[j] * delta[j];
        }
    }
    sums
}
