//! `Batch`: the inputs of a mini-batch, turned from example by example to input by input.

use super::input::{Components, Input};
use super::row::Row;

/// The inputs of a mini-batch, turned: for each input the examples in which it is not zero.
pub trait Batch<const N: usize> {
    /// Each input k that is not zero in some example, once, with its *column*: (i, x) for each example i, ascending,
    /// in which the input is x ≠ 0.
    ///
    /// Inputs and values that are zero may be among them. The order of the inputs is free, for no sum crosses them.
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)>;

    /// Steps the rows of weights down the gradient, `w_jk ← decay · w_jk − step · Σ_i x_ik δ_ij`, by a loop of its own, and
    /// says true; false, and nothing is done, if it has none.
    ///
    /// As [`Input::sum_rows`] for a host; the bits must be those of the product, which a decay of 1 leaves out, and then of
    /// [`descend`](crate::kernels::descend) over [`Batch::columns`], whose arguments the others are.
    #[inline(always)]
    fn descend<'a, const OUT: usize>(
        &self,
        weights: &mut [Row<OUT>; N],
        decay: f32,
        deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
        step: f32,
    ) -> bool {
        let _ = (weights, decay, deltas, step);
        false
    }

    /// Σ |x| over all examples, or a bound of every example's; a NaN or an infinity where a value is one.
    #[inline(always)]
    fn magnitude(&self) -> f32 {
        let values = self.columns().flat_map(|(_, column)| column);
        values.fold(0.0, |sum, (_, x)| sum + x.abs())
    }
}

/// A mini-batch of one example.
#[derive(Debug)]
pub struct Single<'a, X: ?Sized>(pub &'a X);

impl<X: Input<N> + ?Sized, const N: usize> Batch<N> for Single<'_, X> {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        self.0.active().map(|(k, x)| (k, core::iter::once((0, x))))
    }

    #[inline(always)]
    fn magnitude(&self) -> f32 {
        self.0.magnitude()
    }
}

/// A mini-batch whose example i is `example(i)`: images in an array, or what a hidden layer gets from the one before.
///
/// Looks at every input of every example and leaves out the zeros.
#[derive(Debug)]
pub struct Examples<F> {
    count: usize,
    example: F,
}

impl<F> Examples<F> {
    /// The examples `example(0)` to `example(count − 1)`; one that is `None` is left out.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub fn new<'a, X: 'a>(count: usize, example: F) -> Self
    where
        F: Fn(usize) -> Option<&'a X>,
    {
        Self { count, example }
    }
}

impl<'a, F: Fn(usize) -> Option<&'a X>, X: Components<N> + 'a, const N: usize> Batch<N>
    for Examples<F>
{
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        (0..N).map(move |k| {
            let column =
                (0..self.count).filter_map(move |i| Some((i, (self.example)(i)?.component(k))));
            (k, column.filter(|&(_, x)| x != 0.0))
        })
    }
}
