//! Sums of scaled rows by vectors of columns, for every processor whose registers hold vectors, and one by one where
//! they do not. The oracle of `vfp`, whose names are the same.

use crate::values::row::Row;

/// Neurons whose sums are carried side by side as one vector.
const LANES: usize = 8;

/// Vectors of sums that stay in registers during one walk over the rows.
const CHUNKS: usize = 8;

/// The sum of scaled rows, `out_j = 0 + Σ factor · row_j`.
///
/// | argument | shape   | meaning                                                        |
/// |----------|---------|----------------------------------------------------------------|
/// | `rows`   | `[OUT]` each | walked once for every `CHUNKS · LANES` columns            |
/// | `out`    | `[OUT]` | overwritten, never read                                        |
///
/// # Accuracy and cost
///
/// Element `j` adds its products in the order of the rows, product and sum rounded apart, so every IEEE 754 target
/// (nearest, no flush to zero) gives the same bits. One multiplication and one addition for each element of each row.
/// Where `OUT` is no multiple of `LANES`, the last vector of columns overlaps the one before it, and both get the
/// same sums.
#[inline(always)]
pub fn sum_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)> + Clone,
    out: &mut Row<OUT>,
) {
    // What is constant is chosen before it is compiled, so no other width than the one that is needed is.
    if OUT < LANES || cfg!(target_os = "none") {
        return sum_narrow(rows, out);
    }
    let mut first = 0;
    if const { OUT.div_ceil(LANES) >= CHUNKS } {
        while first + CHUNKS <= OUT.div_ceil(LANES) {
            sum_columns::<OUT, CHUNKS>(rows.clone(), first, out);
            first += CHUNKS;
        }
    }
    match const { OUT.div_ceil(LANES) % CHUNKS } {
        1 => sum_columns::<OUT, 1>(rows, first, out),
        2 => sum_columns::<OUT, 2>(rows, first, out),
        3 => sum_columns::<OUT, 3>(rows, first, out),
        4 => sum_columns::<OUT, 4>(rows, first, out),
        5 => sum_columns::<OUT, 5>(rows, first, out),
        6 => sum_columns::<OUT, 6>(rows, first, out),
        7 => sum_columns::<OUT, 7>(rows, first, out),
        _ => {}
    }
}

/// `sum_rows` for fewer columns than a vector has lanes.
#[inline(always)]
fn sum_narrow<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    let mut sums = Row::ZERO;
    rows.for_each(|(row, factor)| {
        for (sum, value) in sums.iter_mut().zip(&row.0) {
            *sum += factor * value;
        }
    });
    *out = sums;
}

/// `sum_rows` for the `C` vectors of columns from vector `first` on.
#[inline(always)]
fn sum_columns<'a, const OUT: usize, const C: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)>,
    first: usize,
    out: &mut Row<OUT>,
) {
    let mut sums = [[0.0_f32; LANES]; C];
    for (row, factor) in rows {
        for (c, sum) in sums.iter_mut().enumerate() {
            let column = start::<OUT>(first + c);
            if let Some(values) = row
                .get(column..)
                .and_then(|tail| tail.first_chunk::<LANES>())
            {
                for j in 0..LANES {
                    sum[j] += factor * values[j];
                }
            }
        }
    }
    for (c, sum) in sums.iter().enumerate() {
        let column = start::<OUT>(first + c);
        if let Some(values) = out
            .get_mut(column..)
            .and_then(|tail| tail.first_chunk_mut::<LANES>())
        {
            *values = *sum;
        }
    }
}

/// The first column of a vector; the last vector is moved back until it fits.
#[inline(always)]
const fn start<const OUT: usize>(vector: usize) -> usize {
    let start = vector * LANES;
    if start + LANES > OUT {
        OUT - LANES
    } else {
        start
    }
}

/// One step of one row, `row_j ← row_j − step · Σ_i x_i δ_ij`; [`descend`](super::descend) for a single input.
#[inline(always)]
pub fn descend_row<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    column: impl Iterator<Item = (usize, f32)> + Clone,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    let mut gradient = Row::ZERO;
    let rows = column.filter_map(|(i, x)| Some((deltas(i)?, x)));
    sum_rows(rows, &mut gradient);
    for (w, g) in row.iter_mut().zip(&gradient.0) {
        *w -= step * g;
    }
}
