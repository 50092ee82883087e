//! Fitting the scaling: which readings become 0 and which become 1, by the training part.

use smidgen_core::integer_scaling::Column;
use smidgen_core::scaling::is_outside;

use super::rows::Rows;

/// Percent of the readings at each end that [`Method::Percentile`] does not look at.
const TAIL: f64 = 1.0;
/// Factors that are tried so that integers alone scale as floats do, each the next float above the one before.
const TRIES: u32 = 4096;

/// What the scaling is fitted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Method {
    /// The least and the greatest reading of each column
    #[default]
    Range,
    /// The 1st and the 99th percentile of each column, so that outliers do not press the rest together
    Percentile,
    /// Nothing: the readings are in [0, 1] already
    None,
}

/// How the readings of each column become inputs in [0, 1].
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Fitted {
    /// `low` and `factor` of each column, [`smidgen_core::scaling::scale`].
    pub columns: Vec<(f32, f32)>,
    /// Whether all readings are integers of 16 bits, and integers alone give the same bytes for each there can be.
    pub integers: bool,
}

impl Fitted {
    /// The scaling for some rows; `all` are integers of 16 bits if `integers`.
    #[must_use]
    pub fn of(rows: &Rows, method: Method, integers: bool) -> Self {
        let mut sorted = Vec::new();
        let ends: Vec<_> = (0..rows.inputs())
            .map(|k| match method {
                Method::Percentile => {
                    sorted.clear();
                    sorted.extend(rows.column(k));
                    percentiles(&mut sorted)
                }
                _ => range(rows.column(k)),
            })
            .collect();
        if integers && let Some(columns) = ends.iter().map(|&ends| integer_column(ends)).collect() {
            return Self {
                columns,
                integers: true,
            };
        }
        Self {
            columns: ends.into_iter().map(column).collect(),
            integers: false,
        }
    }

    /// How many readings of a row lie outside of the range that was fitted, [`smidgen_core::scaling::is_outside`].
    #[must_use]
    pub fn outside(&self, row: &[f32]) -> u16 {
        let pairs = row.iter().zip(&self.columns);
        pairs
            .map(|(&value, &(low, factor))| u16::from(is_outside(value, low, factor)))
            .sum()
    }

    /// Scales a row in place.
    pub fn apply(&self, row: &mut [f32]) {
        for (value, &(low, factor)) in row.iter_mut().zip(&self.columns) {
            *value = smidgen_core::scaling::scale(*value, low, factor);
        }
    }
}

/// The least and the greatest.
fn range(values: impl Iterator<Item = f32>) -> (f32, f32) {
    values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// The readings by nearest rank that [`TAIL`] percent are below and above; the range if these are equal.
fn percentiles(values: &mut [f32]) -> (f32, f32) {
    values.sort_unstable_by(f32::total_cmp);
    let last = values.len().saturating_sub(1);
    let tail = (last as f64 * TAIL / 100.0).round() as usize;
    let at = |i: usize| values.get(i).copied().unwrap_or_default();
    let (low, high) = (at(tail), at(last - tail));
    if low < high {
        (low, high)
    } else {
        (at(0), at(last))
    }
}

/// Low and factor of a column by its ends; all 0 where nothing changes.
fn column((low, high): (f32, f32)) -> (f32, f32) {
    let factor = 1.0 / (high - low);
    if factor.is_finite() && factor > 0.0 {
        return (low, factor);
    }
    // A column that never changes, or one so narrow or so wide that no float says how much.
    (if low.is_finite() { low } else { 0.0 }, 0.0)
}

/// Low and factor of a column of integers, the factor so near above one over the width that it changes nothing but lets
/// integers give what floats give; `None` if none does.
fn integer_column(ends: (f32, f32)) -> Option<(f32, f32)> {
    let (low, factor) = column(ends);
    let tries = if factor > 0.0 { TRIES } else { 1 };
    (0..tries)
        .map(|ulps| f32::from_bits(factor.to_bits() + ulps).min(1.0))
        .find(|&factor| Column::of(low, factor).is_some_and(|column| column.equals_floats(factor)))
        .map(|factor| (low, factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[[f32; 2]]) -> Rows {
        let mut rows = Rows::with_capacity(2, values.len());
        values.iter().for_each(|row| rows.push(row, 0));
        rows
    }

    #[test]
    fn the_ends_become_zero_and_one_and_a_constant_becomes_zero() {
        let fitted = Fitted::of(
            &rows(&[[-2.5, 7.0], [0.0, 7.0], [2.5, 7.0]]),
            Method::Range,
            false,
        );
        let mut row = [-2.5, 7.0];
        fitted.apply(&mut row);
        assert_eq!(row.map(f32::to_bits), [0.0_f32, 0.0].map(f32::to_bits));
        let mut row = [2.5, 8.0];
        fitted.apply(&mut row);
        assert_eq!(row.map(f32::to_bits), [1.0_f32, 0.0].map(f32::to_bits));
    }

    #[test]
    fn outliers_do_not_press_the_rest_together() {
        let mut values: Vec<_> = (0..1000).map(|i| [i as f32, 0.0]).collect();
        values[500] = [1e9, 0.0];
        let fitted = Fitted::of(&rows(&values), Method::Percentile, false);
        let (low, factor) = fitted.columns[0];
        assert_eq!((low, (1.0 / factor).round()), (10.0, 980.0));
    }

    #[test]
    fn integers_are_scaled_alike_with_and_without_floats() {
        for high in [1.0, 2.0, 99.0, 1000.0, 4095.0, 32767.0, 65535.0] {
            let low = if high > 32767.0 { -32768.0 } else { 0.0 };
            let fitted = Fitted::of(&rows(&[[low, 3.0], [low + high, 3.0]]), Method::Range, true);
            assert!(fitted.integers, "{high}");
            let mut ends = [low + high, 0.0];
            fitted.apply(&mut ends);
            assert_eq!(ends[0].to_bits(), 1.0_f32.to_bits(), "{high}");
        }
    }
}
