//! `Stepping`: the step of the rows of weights down the gradient of a mini-batch, whatever its inputs are.

use smidgen_core::Row;

use super::lanes::{Lanes, MOST_SUMS, Walks};

/// Examples whose inputs stand side by side.
pub const TILE: usize = 16;

/// The deltas of a tile, then a row of zeros, which adds ±0 to a sum that started from +0: nothing.
pub type Rows<const OUT: usize> = [Row<OUT>; TILE + 1];

/// The deltas of a mini-batch by tile; those of a single tile need no memory but `near`.
#[inline(always)]
pub fn side_by_side<'r, 'd, const OUT: usize>(
    near: &'r mut [Rows<OUT>; 1],
    far: &'r mut Vec<Rows<OUT>>,
    examples: usize,
    deltas: impl Fn(usize) -> Option<&'d Row<OUT>>,
) -> &'r [Rows<OUT>] {
    let rows = if examples <= TILE {
        near.as_mut_slice()
    } else {
        far.resize(examples.div_ceil(TILE), [Row::ZERO; TILE + 1]);
        far.as_mut_slice()
    };
    for i in 0..examples {
        let tile = rows.get_mut(i / TILE);
        if let (Some(place), Some(delta)) = (tile.and_then(|t| t.get_mut(i % TILE)), deltas(i)) {
            *place = *delta;
        }
    }
    rows
}

/// How rows of weights step: `w_j ← decay · w_j − step · (0 + Σ_i x_i δ_ij)`.
#[derive(Clone, Copy, Debug)]
pub struct Stepping<L> {
    /// The vectors.
    pub lanes: L,
    /// What weights are multiplied by; 1 leaves rows without a gradient alone.
    pub decay: f32,
    /// η / m.
    pub step: f32,
}

impl<L: Lanes> Stepping<L> {
    /// The step of those rows that have a gradient, ascending; the others only decay.
    #[inline(always)]
    pub fn rows<const N: usize, const OUT: usize>(
        self,
        weights: &mut [Row<OUT>; N],
        gradients: impl Iterator<Item = (usize, impl Gradient<OUT>)>,
    ) {
        let decays = self.decay.to_bits() != 1.0_f32.to_bits();
        let mut next = 0;
        for (k, gradient) in gradients {
            if decays {
                self.decay(weights.get_mut(next..k).unwrap_or_default());
                next = k + 1;
            }
            if let Some(row) = weights.get_mut(k) {
                self.row(row, gradient);
            }
        }
        if decays {
            self.decay(weights.get_mut(next..).unwrap_or_default());
        }
    }

    /// The decay of rows without a gradient.
    #[inline(always)]
    fn decay<const OUT: usize>(self, rows: &mut [Row<OUT>]) {
        let decay = self.lanes.splat(self.decay);
        for row in rows {
            for vector in 0..OUT.div_ceil(L::LANES) {
                let weights = self.lanes.load(row, vector * L::LANES);
                let weights = self.lanes.product(decay, weights);
                self.lanes.store(weights, row, vector * L::LANES);
            }
        }
    }

    /// The step of a row.
    #[inline(always)]
    fn row<const OUT: usize>(self, row: &mut Row<OUT>, gradient: impl Gradient<OUT>) {
        let walks = const { Walks::over::<L>(OUT) };
        for walk in 0..walks.full {
            self.vectors(row, &gradient, walk * walks.width, walks.width);
        }
        self.vectors(row, &gradient, walks.full * walks.width, walks.last);
    }

    /// [`Stepping::row`] for `width` vectors of columns from vector `first` on.
    #[inline(always)]
    fn vectors<const OUT: usize>(
        self,
        row: &mut Row<OUT>,
        gradient: &impl Gradient<OUT>,
        first: usize,
        width: usize,
    ) {
        let lanes = self.lanes;
        let mut sums = [lanes.splat(0.0); MOST_SUMS];
        gradient.add(lanes, &mut sums, first, width);
        let (decay, step) = (lanes.splat(self.decay), lanes.splat(self.step));
        for (c, sum) in sums.iter().enumerate().take(width) {
            let column = (first + c) * L::LANES;
            let weights = lanes.product(decay, lanes.load(row, column));
            lanes.store(lanes.sub_product(weights, step, *sum), row, column);
        }
    }
}

/// What the gradient of a row of weights is the sum of.
pub trait Gradient<const OUT: usize> {
    /// Adds to the sums of `width` vectors of columns from vector `first` on.
    fn add<L: Lanes>(&self, lanes: L, sums: &mut [L::Vector], first: usize, width: usize);
}
