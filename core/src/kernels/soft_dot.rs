//! Products of rows with a vector, for processors without a floating-point unit.

use super::arithmetic::{Factor, Sum};
use super::rolled::keep_rolled;
use crate::values::row::Row;

/// The products of some rows with the same vector, each `0 + Σ_j row_j δ_j`, j ascending.
#[inline(always)]
pub fn dot_rows<const R: usize, const OUT: usize>(
    rows: &[Row<OUT>; R],
    delta: &Row<OUT>,
) -> [f32; R] {
    rows.each_ref().map(|row| dot(&row.0, &delta.0))
}

/// The product of two rows; one piece of code for all lengths.
#[inline(never)]
fn dot(row: &[f32], delta: &[f32]) -> f32 {
    let mut sum = Sum::ZERO;
    for (weight, &delta) in row.iter().zip(delta) {
        keep_rolled();
        sum.add(Factor::new(delta), weight.to_bits());
    }
    sum.value()
}
