//! The loops of one layer: the weighted input, the error sent back, the step down the gradient of a mini-batch.

use core::iter;

use super::dot::dot_rows;
use super::rolled::keep_rolled;
use super::{half_rows, rows};
use crate::values::batch::Batch;
use crate::values::half::HalfRow;
use crate::values::input::Input;
use crate::values::row::Row;

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
/// As [`sum_rows`](super::sum_rows), k ascending. Equal to the loop over all inputs bit for bit as long as the weights are finite.
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
    if !input.sum_rows(weights, out) {
        let active = input.active();
        rows::sum_rows(active.filter_map(|(k, x)| Some((weights.get(k)?, x))), out);
    }
    add_assign(&mut out.0, &biases.0);
}

/// [`weighted_input`] of weights and biases of 16 bits: the bits are those of the same numbers in 32 bits.
///
/// The biases are added as one more row, whose input is 1: a product with 1 changes nothing, and so they are decoded where
/// the weights are.
///
/// ```
/// use smidgen_core::{Half, HalfRow, Row, kernels::weighted_input_half};
/// let row = |values: [f32; 2]| HalfRow(values.map(|value| Half::nearest(value).unwrap()));
/// let weights = [row([1.0, 4.0]), row([2.0, 5.0]), row([3.0, 6.0])]; // IN = 3, OUT = 2
/// let mut z = Row::ZERO;
/// weighted_input_half(&weights, &row([0.5, -0.5]), &[1.0, 0.0, 2.0], &mut z);
/// assert_eq!(z, Row([7.5, 15.5]));
/// ```
#[inline(always)]
pub fn weighted_input_half<const IN: usize, const OUT: usize>(
    weights: &[HalfRow<OUT>; IN],
    biases: &HalfRow<OUT>,
    input: &(impl Input<IN> + ?Sized),
    out: &mut Row<OUT>,
) {
    let active = input.active();
    let rows = active.filter_map(|(k, x)| Some((weights.get(k)?, x)));
    half_rows::sum_half_rows(rows.chain(iter::once((biases, 1.0))), out);
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

/// [`transpose_mul`] for each example of a mini-batch; `split` finds its δ, and where its error goes.
///
/// The weights are turned once for all examples, `OUT · IN` floats on the stack: so the sums of an error run side by side in
/// vectors, each in its order still. Few examples are not worth it.
#[inline(always)]
pub fn transpose_mul_each<T, const IN: usize, const OUT: usize>(
    weights: &[Row<OUT>; IN],
    examples: &mut [T],
    split: impl Fn(&mut T) -> (&Row<OUT>, &mut Row<IN>),
) {
    if examples.len() < FEW {
        for example in examples {
            let (delta, out) = split(example);
            transpose_mul(weights, delta, out);
        }
        return;
    }
    let mut turned = [Row::ZERO; OUT];
    for (k, row) in weights.iter().enumerate() {
        for (turned, &weight) in turned.iter_mut().zip(&row.0) {
            turned[k] = weight;
        }
    }
    for example in examples {
        let (delta, out) = split(example);
        rows::sum_rows(turned.iter().zip(delta.iter().copied()), out);
    }
}

/// Examples for which weights are not turned.
const FEW: usize = 4;

/// Rows whose sums run side by side in [`transpose_mul`].
const ROWS: usize = 4;

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
/// A row's gradient adds up in the order of the examples, starting from 0, as [`sum_rows`](super::sum_rows); rows that no example
/// touches are left alone, which is what a step of 0 would do to them.
#[inline(always)]
pub fn descend<'a, const IN: usize, const OUT: usize>(
    weights: &mut [Row<OUT>; IN],
    inputs: &impl Batch<IN>,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    if inputs.descend(weights, 1.0, deltas, step) {
        return;
    }
    for (k, column) in inputs.columns() {
        if let Some(row) = weights.get_mut(k) {
            rows::descend_row(row, column, deltas, step);
        }
    }
}
