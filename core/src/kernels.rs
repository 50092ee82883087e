//! The loops over arrays: sums of scaled rows, the weighted input, its transpose, and the descent along a gradient.
//!
//! Everything heavy is one loop, [`sum_rows`]: the weighted input of a layer is the sum of the rows of weights that
//! leave its active inputs, and the gradient of a row of weights is the sum of the deltas of the examples that have
//! this input. The neurons of a row lie side by side, so vector instructions run *across* sums and never inside one:
//! the order of every sum stays the textbook's whatever the width of the registers. Nothing here knows a network.

use crate::input::Input;
use crate::row::Row;

/// Neurons whose sums are carried side by side as one vector.
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
const LANES: usize = 8;

/// Vectors of sums that stay in registers during one walk over the rows.
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
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
    #[cfg(all(target_arch = "arm", target_os = "none", target_abi = "eabihf"))]
    crate::vfp::sum_rows(rows, out);
    #[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
    sum_vectors(rows, out);
}

/// `sum_rows` by vectors of columns, where registers hold vectors.
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
#[inline(always)]
fn sum_vectors<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)> + Clone,
    out: &mut Row<OUT>,
) {
    if OUT < LANES || cfg!(target_os = "none") {
        return sum_narrow(rows, out);
    }
    let vectors = OUT.div_ceil(LANES);
    let mut first = 0;
    while first + CHUNKS <= vectors {
        sum_columns::<OUT, CHUNKS>(rows.clone(), first, out);
        first += CHUNKS;
    }
    match vectors - first {
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
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
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
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
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
#[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
#[inline(always)]
const fn start<const OUT: usize>(vector: usize) -> usize {
    let start = vector * LANES;
    if start + LANES > OUT {
        OUT - LANES
    } else {
        start
    }
}

/// The weighted input of a layer, `z_j = (0 + Σ_k w_jk x_k) + b_j`.
///
/// (25) of Nielsen, *Neural Networks and Deep Learning*, ch. 2, without its σ.
///
/// | argument  | shape       | meaning                                                         |
/// |-----------|-------------|-----------------------------------------------------------------|
/// | `weights` | `[IN][OUT]` | `weights[k][j]` joins input `k` to neuron `j`                   |
/// | `biases`  | `[OUT]`     | added last                                                      |
/// | `input`   | `[IN]`      | only its non-zero components are looked at                      |
/// | `out`     | `[OUT]`     | z of the layer; overwritten, never read                         |
///
/// # Accuracy and cost
///
/// As [`sum_rows`], k ascending. Equal to the loop over all inputs bit for bit as long as the weights are finite.
///
/// # Examples
///
/// ```
/// use smidgen_core::{kernels::weighted_input, Row};
/// let weights = [Row([1.0, 4.0]), Row([2.0, 5.0]), Row([3.0, 6.0])]; // IN = 3, OUT = 2
/// let mut z = Row::ZERO;
/// weighted_input(&weights, &Row([0.5, -0.5]), &[1.0, 0.0, 2.0], &mut z);
/// assert_eq!(z, Row([7.5, 15.5]));
/// ```
///
/// A wrong shape does not compile:
///
/// ```compile_fail,E0308
/// # use smidgen_core::{kernels::weighted_input, Row};
/// weighted_input(&[Row([1.0, 4.0]), Row([2.0, 5.0])], &Row([0.5]), &[1.0, 2.0], &mut Row::ZERO);
/// ```
#[inline(always)]
pub fn weighted_input<const IN: usize, const OUT: usize>(
    weights: &[Row<OUT>; IN],
    biases: &Row<OUT>,
    input: &(impl Input<IN> + ?Sized),
    out: &mut Row<OUT>,
) {
    sum_rows(
        input
            .active()
            .filter_map(|(k, x)| Some((weights.get(k)?, x))),
        out,
    );
    add_assign(&mut out.0, &biases.0);
}

/// `out_j ← out_j + values_j`; on a microcontroller one piece of code for all layers.
#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(target_os = "none"), inline(always))]
fn add_assign(out: &mut [f32], values: &[f32]) {
    for (sum, value) in out.iter_mut().zip(values) {
        keep_rolled();
        *sum += value;
    }
}

/// Keeps the loop in which it stands from being unrolled on a microcontroller, where flash is dear.
#[inline(always)]
pub(crate) fn keep_rolled() {
    // Compilers leave loops alone that hold something they cannot look into.
    #[cfg(target_os = "none")]
    core::hint::black_box(());
}

/// The same reference, of which a compiler for a microcontroller knows nothing: so it makes no copy of the code behind it
/// for each length, and unrolls nothing.
#[inline(always)]
pub(crate) fn opaque<T>(reference: T) -> T {
    #[cfg(target_os = "none")]
    return core::hint::black_box(reference);
    #[cfg(not(target_os = "none"))]
    reference
}

/// Sends an error back through a layer, `out = Wᵀ δ`.
///
/// The bracket of (BP2), Nielsen, *Neural Networks and Deep Learning*, ch. 2: `δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ⊙ σ′(zˡ)`. The
/// factor `⊙ σ′(zˡ)` belongs to the caller.
///
/// | argument  | shape       | meaning                                                         |
/// |-----------|-------------|-----------------------------------------------------------------|
/// | `weights` | `[IN][OUT]` | `weights[k][j]` joins neuron `k` of layer l to `j` of l + 1     |
/// | `delta`   | `[OUT]`     | ∂C/∂z of layer l + 1                                            |
/// | `out`     | `[IN]`      | ∂C/∂a of layer l; overwritten, never read                       |
///
/// # Accuracy and cost
///
/// Element `k` adds its products in the order j = 0, 1, …, starting from 0, product and sum rounded apart.
/// `OUT · IN` multiplications and additions, rows in memory order.
///
/// # Examples
///
/// ```
/// use smidgen_core::{kernels::transpose_mul, Row};
/// let weights = [Row([1.0, 4.0]), Row([2.0, 5.0]), Row([3.0, 6.0])];
/// let mut out = Row::ZERO;
/// transpose_mul(&weights, &Row([1.0, -1.0]), &mut out);
/// assert_eq!(out, Row([-3.0, -3.0, -3.0]));
/// ```
#[inline(always)]
pub fn transpose_mul<const IN: usize, const OUT: usize>(
    weights: &[Row<OUT>; IN],
    delta: &Row<OUT>,
    out: &mut Row<IN>,
) {
    let (blocks, last) = weights.as_chunks::<ROWS>();
    let (out_blocks, out_last) = out.as_chunks_mut::<ROWS>();
    for (errors, rows) in out_blocks.iter_mut().zip(blocks) {
        *errors = dot_rows(rows, delta);
    }
    for (error, row) in out_last.iter_mut().zip(last) {
        [*error] = dot_rows(&[*row], delta);
    }
}

/// Rows whose sums run side by side in [`transpose_mul`].
const ROWS: usize = 4;

/// The products of some rows with the same vector, each `0 + Σ_j row_j δ_j`, j ascending.
#[inline(always)]
fn dot_rows<const R: usize, const OUT: usize>(rows: &[Row<OUT>; R], delta: &Row<OUT>) -> [f32; R] {
    let mut sums = [0.0; R];
    for j in 0..OUT {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += row[j] * delta[j];
        }
    }
    sums
}

/// The inputs of a mini-batch, turned: for each input the examples in which it is not zero.
pub trait Batch<const N: usize> {
    /// Each input k that is not zero in some example, once, with its *column*: (i, x) for each example i, ascending,
    /// in which the input is x ≠ 0.
    ///
    /// Inputs and values that are zero may be among them. The order of the inputs is free, for no sum crosses them.
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)>;
}

/// One step of a layer down the gradient of a mini-batch, `w_jk ← w_jk − step · Σ_i x_ik δ_ij`.
///
/// The sum is ∂C/∂w of (BP4), Nielsen, *Neural Networks and Deep Learning*, ch. 2, over the mini-batch; the step is
/// that of (20), ch. 1. The gradient of one row of weights lives in registers, so none of the network's size is needed.
///
/// | argument  | shape       | meaning                                                         |
/// |-----------|-------------|-----------------------------------------------------------------|
/// | `weights` | `[IN][OUT]` | changed in place                                                |
/// | `inputs`  | `[IN]` each | of the examples of the mini-batch                               |
/// | `deltas`  | `[OUT]` each | `deltas(i)` is ∂C/∂z of example i; an example without is left out |
/// | `step`    |             | η / m, the learning rate over the length of the mini-batch      |
///
/// # Accuracy and cost
///
/// A row's gradient adds up in the order of the examples, starting from 0, as [`sum_rows`]; rows that no example
/// touches are left alone, which is what a step of 0 would do to them.
#[inline(always)]
pub fn descend<'a, const IN: usize, const OUT: usize>(
    weights: &mut [Row<OUT>; IN],
    inputs: &impl Batch<IN>,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    for (k, column) in inputs.columns() {
        if let Some(row) = weights.get_mut(k) {
            descend_row(row, column, deltas, step);
        }
    }
}

/// One step of one row, `row_j ← row_j − step · Σ_i x_i δ_ij`; [`descend`] for a single input.
#[inline(always)]
pub fn descend_row<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    column: impl Iterator<Item = (usize, f32)> + Clone,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    let rows = column.filter_map(|(i, x)| Some((deltas(i)?, x)));
    #[cfg(all(target_arch = "arm", target_os = "none", target_abi = "eabihf"))]
    crate::vfp::descend_row(row, rows, step);
    #[cfg(not(all(target_arch = "arm", target_os = "none", target_abi = "eabihf")))]
    {
        let mut gradient = Row::ZERO;
        sum_rows(rows, &mut gradient);
        for (w, g) in row.iter_mut().zip(&gradient.0) {
            *w -= step * g;
        }
    }
}
