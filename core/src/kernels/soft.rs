//! Sums of scaled rows for processors without a floating-point unit: sums stay unpacked from one product to the next. The
//! names are those of `portable`, its oracle: the cross-target tests compare the bits with a host's.

use super::arithmetic::{Factor, Sum};
use super::rolled::keep_rolled;
use crate::values::half::Half;
use crate::values::row::Row;

/// What a row holds: numbers that are floats of 32 bits, or become such.
pub trait Decoded: Copy + 'static {
    /// The bits of the float.
    fn bits(self) -> u32;
}

impl Decoded for f32 {
    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_bits()
    }
}

impl Decoded for Half {
    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_f32().to_bits()
    }
}

/// Adds `factor · row` to sums; one piece of code for rows of every length.
#[inline(never)]
fn add_row<V: Decoded>(sums: &mut [Sum], row: &[V], factor: f32) {
    let factor = Factor::new(factor);
    for (sum, value) in sums.iter_mut().zip(row) {
        keep_rolled();
        sum.add(factor, value.bits());
    }
}

/// Makes the sums `0 + factor · row`.
#[inline(never)]
fn start_row<V: Decoded>(sums: &mut [Sum], row: &[V], factor: f32) {
    let factor = Factor::new(factor);
    for (sum, value) in sums.iter_mut().zip(row) {
        keep_rolled();
        *sum = Sum::of_product(factor, value.bits());
    }
}

/// Makes the sums `0 + Σ factor · row`, and says whether there is a row; else they are left alone.
#[inline(always)]
fn add_rows<'a, V: Decoded, const OUT: usize>(
    sums: &mut [Sum; OUT],
    mut rows: impl Iterator<Item = (&'a [V; OUT], f32)>,
) -> bool {
    let Some((row, factor)) = rows.next() else {
        return false;
    };
    start_row(sums, row, factor);
    rows.for_each(|(row, factor)| add_row(sums, row, factor));
    true
}

/// As the portable `sum_rows`.
#[inline(always)]
pub fn sum_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    sum_decoded(rows.map(|(row, factor)| (&row.0, factor)), out);
}

/// [`sum_rows`] of rows of any values.
#[inline(always)]
pub fn sum_decoded<'a, V: Decoded, const OUT: usize>(
    rows: impl Iterator<Item = (&'a [V; OUT], f32)>,
    out: &mut Row<OUT>,
) {
    let mut sums = [Sum::ZERO; OUT];
    add_rows(&mut sums, rows);
    for (value, sum) in out.iter_mut().zip(&sums) {
        *value = sum.value();
    }
}

/// As the portable `descend_row`.
#[inline(always)]
pub fn descend_row<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    column: impl Iterator<Item = (usize, f32)> + Clone,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    let mut gradient = [Sum::ZERO; OUT];
    let rows = column.filter_map(|(i, x)| Some((&deltas(i)?.0, x)));
    if add_rows(&mut gradient, rows) {
        step_down(&mut row.0, &gradient, step);
    }
}

/// `row ← row − step · gradient`.
#[inline(never)]
fn step_down(row: &mut [f32], gradient: &[Sum], step: f32) {
    let factor = Factor::new(-step);
    for (weight, &gradient) in row.iter_mut().zip(gradient) {
        keep_rolled();
        let mut next = Sum::new(*weight);
        next.add_scaled(factor, gradient);
        *weight = next.value();
    }
}
