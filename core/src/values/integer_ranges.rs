//! `IntegerRanges`: which readings of 16 bits are like those that the scaling was fitted to, in integers only.

use super::scaling::{Scaling, is_outside};

/// The fitted range of each of `I` readings of 16 bits, for processors without floating point.
///
/// ```
/// use smidgen_core::{IntegerRanges, Scaling};
/// const SCALING: Scaling<2> = Scaling::new([-100.0, 0.0], [1.0 / 200.0, 1.0]).unwrap();
/// static RANGES: IntegerRanges<2> = IntegerRanges::of(&SCALING);
/// assert_eq!(RANGES.outside(&[100, 1]), 0);
/// assert_eq!(RANGES.outside(&[-102, 1]), 1);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerRanges<const I: usize>([(i16, i16); I]);

impl<const I: usize> IntegerRanges<I> {
    /// The ranges for which [`IntegerRanges::outside`] counts what [`Scaling::outside`] counts.
    #[must_use]
    pub const fn of(scaling: &Scaling<I>) -> Self {
        let mut ranges = [(0, 0); I];
        let mut k = 0;
        while k < I {
            let (low, factor) = scaling.column(k);
            ranges[k] = range(low, factor);
            k += 1;
        }
        Self(ranges)
    }

    /// How many readings lie outside of their ranges.
    #[must_use]
    pub fn outside(&self, readings: &[i16; I]) -> u32 {
        let pairs = readings.iter().zip(&self.0);
        let outside =
            pairs.filter(|&(reading, (least, greatest))| reading < least || reading > greatest);
        outside.count() as u32
    }
}

/// The least and the greatest reading that are not outside; the wrong way round if all are.
const fn range(low: f32, factor: f32) -> (i16, i16) {
    // Readings rise from below the range through it to above it, so that each end is found by halving.
    (
        first(low, factor, false) as i16,
        (first(low, factor, true) - 1) as i16,
    )
}

/// The first reading that is not below the range, or the first that is above it; 32,768 if there is none.
const fn first(low: f32, factor: f32, above: bool) -> i32 {
    let (mut before, mut found) = (i16::MIN as i32 - 1, i16::MAX as i32 + 1);
    while found - before > 1 {
        let middle = before + (found - before) / 2;
        let reading = middle as f32;
        let is_below = reading < low && is_outside(reading, low, factor);
        let is_above = reading > low && is_outside(reading, low, factor);
        if is_above || !above && !is_below {
            found = middle;
        } else {
            before = middle;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::IntegerRanges;
    use crate::values::scaling::Scaling;

    #[test]
    fn integers_count_what_floats_count() {
        for (low, factor) in [
            (0.0, 1.0),
            (-100.0, 0.005),
            (-32768.0, 1.0 / 65535.0),
            (-32768.0, 1.0),
            (12345.0, 0.003),
            (7.0, 0.0),
            (32767.0, 1.0),
            (0.5, 0.25),
        ] {
            let scaling = Scaling::new([low], [factor]).unwrap();
            let ranges = IntegerRanges::of(&scaling);
            for reading in i16::MIN..=i16::MAX {
                assert_eq!(
                    ranges.outside(&[reading]),
                    scaling.outside(&[f32::from(reading)]),
                    "{reading} {low} {factor}"
                );
            }
        }
    }
}
