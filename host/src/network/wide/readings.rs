//! `Readings` and `ReadingColumns`: rows of dense floats, and the sums and steps by them.

use smidgen_core::{Batch, Input, Row};

use super::lanes::{Lanes, MOST_SUMS, Walks};
use super::step::{Gradient, Rows, Stepping, TILE, side_by_side};

/// A row of readings, to be walked with vectors of a width; few of them are 0, so none is left out.
#[derive(Clone, Copy, Debug)]
pub struct Readings<'a, L> {
    lanes: L,
    row: &'a [f32],
}

impl<'a, L: Lanes> Readings<'a, L> {
    /// The readings of a row.
    #[inline(always)]
    pub fn new(lanes: L, row: &'a [f32]) -> Self {
        Self { lanes, row }
    }

    /// The sums of `width` vectors of columns from vector `first` on.
    #[inline(always)]
    fn walk<const N: usize, const OUT: usize>(
        self,
        weights: &[Row<OUT>; N],
        out: &mut Row<OUT>,
        first: usize,
        width: usize,
    ) {
        let lanes = self.lanes;
        let mut sums = [lanes.splat(0.0); MOST_SUMS];
        for (row, &x) in weights.iter().zip(self.row) {
            let x = lanes.splat(x);
            for (c, sum) in sums.iter_mut().enumerate().take(width) {
                *sum = lanes.add_product(*sum, x, lanes.load(row, (first + c) * L::LANES));
            }
        }
        for (c, sum) in sums.iter().enumerate().take(width) {
            lanes.store(*sum, out, (first + c) * L::LANES);
        }
    }
}

impl<L: Lanes, const N: usize> Input<N> for Readings<'_, L> {
    #[inline(always)]
    fn active(&self) -> impl Iterator<Item = (usize, f32)> + Clone {
        Input::<N>::active(self.row)
    }

    #[inline(always)]
    fn sum_rows<const OUT: usize>(&self, weights: &[Row<OUT>; N], out: &mut Row<OUT>) -> bool {
        let walks = const { Walks::over::<L>(OUT) };
        for walk in 0..walks.full {
            self.walk(weights, out, walk * walks.width, walks.width);
        }
        self.walk(weights, out, walks.full * walks.width, walks.last);
        true
    }
}

/// The readings of a mini-batch, turned from row by row to input by input.
#[derive(Debug)]
pub struct ReadingColumns {
    /// Examples that there is room for.
    capacity: usize,
    /// By input and example.
    values: Vec<f32>,
    /// How many examples there are.
    examples: usize,
}

impl ReadingColumns {
    /// Room for `capacity` examples of `inputs` readings.
    #[must_use]
    pub fn new(inputs: usize, capacity: usize) -> Self {
        let capacity = capacity.max(1);
        Self {
            capacity,
            values: vec![0.0; inputs * capacity],
            examples: 0,
        }
    }

    /// Takes all examples out, for the next `examples` of them, at most as many as there is room for.
    pub fn clear(&mut self, examples: usize) {
        self.examples = examples;
    }

    /// Enters the readings of an example; every example must be entered, with as many readings as there are inputs.
    #[inline(always)]
    pub fn enter(&mut self, example: usize, row: &[f32]) {
        for (column, &x) in self.values.chunks_exact_mut(self.capacity).zip(row) {
            if let Some(place) = column.get_mut(example) {
                *place = x;
            }
        }
    }
}

/// The readings of a mini-batch, to be walked with vectors of a width.
#[derive(Clone, Copy, Debug)]
pub struct TurnedReadings<'a, L> {
    /// The vectors.
    pub lanes: L,
    /// The columns.
    pub columns: &'a ReadingColumns,
}

impl<'a, L> TurnedReadings<'a, L> {
    /// Each input with its column.
    #[inline(always)]
    fn inputs(&self) -> impl Iterator<Item = (usize, &'a [f32])> {
        let ReadingColumns {
            capacity, examples, ..
        } = *self.columns;
        let columns = self.columns.values.chunks_exact(capacity).enumerate();
        columns.map(move |(k, column)| (k, column.get(..examples).unwrap_or_default()))
    }
}

impl<L: Lanes, const N: usize> Batch<N> for TurnedReadings<'_, L> {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        let inputs = self.inputs();
        inputs.map(|(k, column)| (k, column.iter().copied().enumerate()))
    }

    #[inline(always)]
    fn descend<'d, const OUT: usize>(
        &self,
        weights: &mut [Row<OUT>; N],
        decay: f32,
        deltas: impl Fn(usize) -> Option<&'d Row<OUT>> + Copy,
        step: f32,
    ) -> bool {
        let Self { lanes, columns } = *self;
        let (mut near, mut far) = ([[Row::ZERO; TILE + 1]], Vec::new());
        let rows = side_by_side(&mut near, &mut far, columns.examples, deltas);
        let stepping = Stepping { lanes, decay, step };
        let inputs = self.inputs();
        stepping.rows(
            weights,
            inputs.map(|(k, column)| (k, Column { column, rows })),
        );
        true
    }
}

/// The readings of an input.
struct Column<'a, const OUT: usize> {
    column: &'a [f32],
    /// The deltas, by tile.
    rows: &'a [Rows<OUT>],
}

impl<const OUT: usize> Gradient<OUT> for Column<'_, OUT> {
    #[inline(always)]
    fn add<L: Lanes>(&self, lanes: L, sums: &mut [L::Vector], first: usize, width: usize) {
        for (column, rows) in self.column.chunks(TILE).zip(self.rows) {
            for (&x, row) in column.iter().zip(rows) {
                let x = lanes.splat(x);
                for (c, sum) in sums.iter_mut().enumerate().take(width) {
                    *sum = lanes.add_product(*sum, x, lanes.load(row, (first + c) * L::LANES));
                }
            }
        }
    }
}
