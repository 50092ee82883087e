//! `Scaling`: readings of a sensor become inputs in [0, 1], as floats or as bytes.

use core::fmt;

/// A reading becomes an input, `x = clamp((reading − low) · factor, 0, 1)`.
///
/// | argument  | range                                                                          |
/// |-----------|--------------------------------------------------------------------------------|
/// | `reading` | any number; what is below the fitted range gives 0, what is above gives 1      |
/// | `low`     | finite, the reading that becomes 0                                             |
/// | `factor`  | finite and not negative, one over the width of the range; 0 gives 0 for all    |
///
/// One subtraction and one product, each rounded on its own, and two comparisons: the bits are the same everywhere. The
/// result is never −0 and never a NaN; a reading that is none gives 0 ([`Scaling::apply`] refuses it before).
#[must_use]
#[inline(always)]
pub const fn scale(reading: f32, low: f32, factor: f32) -> f32 {
    let x = (reading - low) * factor;
    if x >= 1.0 {
        1.0
    } else if x > 0.0 {
        x
    } else {
        0.0
    }
}

/// An input in [0, 1] as a byte, `⌊255 x + ½⌋`; what an integer network reads.
#[must_use]
#[inline(always)]
pub const fn byte(x: f32) -> u8 {
    (255.0 * x + 0.5) as u8
}

/// How far beyond its range an input counts as one within: half of what a byte resolves.
const TOLERANCE: f32 = 1.0 / 510.0;

/// Whether a reading lies outside of the range that was fitted, by more than half of what a byte resolves: its input would
/// be below 0 or above 1. A reading that is not finite does. Where nothing was fitted, `factor` 0, no other does.
#[must_use]
#[inline(always)]
pub const fn is_outside(reading: f32, low: f32, factor: f32) -> bool {
    let x = (reading - low) * factor;
    !(x >= -TOLERANCE && x <= 1.0 + TOLERANCE)
}

/// A reading that is no number.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber {
    /// Which of the readings, from 0.
    pub position: usize,
}

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reading {} is not a number", self.position)
    }
}

impl core::error::Error for NotANumber {}

/// How each of `I` readings becomes an input, [`scale`]; fitted on the training data, and stored in the model file.
///
/// ```
/// use smidgen_core::Scaling;
/// // Degrees from −10 to 30, and a switch.
/// let scaling = Scaling::new([-10.0, 0.0], [1.0 / 40.0, 1.0]).unwrap();
/// assert_eq!(scaling.apply(&[10.0, 1.0])?, [0.5, 1.0]);
/// assert_eq!(scaling.apply_to_bytes(&[99.0, 0.0])?, [255, 0]);
/// assert!(scaling.apply(&[f32::NAN, 0.0]).is_err());
/// # Ok::<(), smidgen_core::NotANumber>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling<const I: usize> {
    low: [f32; I],
    factor: [f32; I],
}

impl<const I: usize> Scaling<I> {
    /// The readings that become 0, and one over the widths of the ranges; `None` if a number is not finite or a factor is
    /// negative.
    #[must_use]
    pub const fn new(low: [f32; I], factor: [f32; I]) -> Option<Self> {
        let mut k = 0;
        while k < I {
            if !is_valid(low[k], factor[k]) {
                return None;
            }
            k += 1;
        }
        Some(Self { low, factor })
    }

    /// The readings as inputs of a float network.
    ///
    /// # Errors
    ///
    /// [`NotANumber`] names the first reading that is a NaN. Infinities are readings beyond the range.
    pub fn apply(&self, readings: &[f32; I]) -> Result<[f32; I], NotANumber> {
        let mut inputs = [0.0; I];
        self.for_each(readings, |(input, x)| *input = x, &mut inputs)?;
        Ok(inputs)
    }

    /// The readings as inputs of an integer network, [`byte`] of [`Scaling::apply`].
    ///
    /// # Errors
    ///
    /// As [`Scaling::apply`].
    pub fn apply_to_bytes(&self, readings: &[f32; I]) -> Result<[u8; I], NotANumber> {
        let mut inputs = [0; I];
        self.for_each(readings, |(input, x)| *input = byte(x), &mut inputs)?;
        Ok(inputs)
    }

    /// How many readings lie outside of the range that was fitted, [`is_outside`].
    #[must_use]
    pub fn outside(&self, readings: &[f32; I]) -> u32 {
        let columns = self.low.iter().zip(&self.factor);
        let pairs = readings.iter().zip(columns);
        pairs
            .filter(|&(&reading, (&low, &factor))| is_outside(reading, low, factor))
            .count() as u32
    }

    #[inline(always)]
    fn for_each<T>(
        &self,
        readings: &[f32; I],
        set: impl Fn((&mut T, f32)),
        inputs: &mut [T; I],
    ) -> Result<(), NotANumber> {
        let columns = self.low.iter().zip(&self.factor);
        let pairs = readings.iter().zip(columns).zip(inputs);
        for (position, ((&reading, (&low, &factor)), input)) in pairs.enumerate() {
            if reading.is_nan() {
                return Err(NotANumber { position });
            }
            set((input, scale(reading, low, factor)));
        }
        Ok(())
    }

    /// `low` and `factor` of reading `k`; 0 if there is no such reading.
    #[must_use]
    pub const fn column(&self, k: usize) -> (f32, f32) {
        if k < I {
            (self.low[k], self.factor[k])
        } else {
            (0.0, 0.0)
        }
    }
}

/// Whether a column may be scaled so.
#[must_use]
pub const fn is_valid(low: f32, factor: f32) -> bool {
    low.is_finite() && factor.is_finite() && factor >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reading_gives_anything_but_zero_to_one() {
        let strange = [
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            f32::MIN,
            -0.0,
            1e-45,
        ];
        for reading in strange {
            for (low, factor) in [(0.0, 0.0), (f32::MIN, 1.0), (f32::MAX, 1e-38), (-0.0, 1e38)] {
                let x = scale(reading, low, factor);
                assert!(
                    (0.0..=1.0).contains(&x) && x.is_sign_positive(),
                    "{reading} {low} {factor}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_named_and_infinities_are_ends_of_the_range() {
        let scaling = Scaling::new([0.0; 3], [0.0, 2.0, 2.0]).unwrap();
        let refused = Err(NotANumber { position: 1 });
        assert_eq!(scaling.apply(&[1.0, f32::NAN, f32::NAN]), refused);
        let ends = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY];
        assert_eq!(scaling.apply(&ends), Ok([0.0, 1.0, 0.0]));
        assert_eq!(scaling.apply_to_bytes(&ends), Ok([0, 255, 0]));
    }

    #[test]
    fn readings_beyond_the_range_are_counted_and_those_at_its_ends_are_not() {
        let scaling = Scaling::new([-10.0, 0.0, 7.0], [1.0 / 40.0, 1.0 / 3.0, 0.0]).unwrap();
        for (readings, outside) in [
            ([-10.0, 0.0, 7.0], 0),
            ([30.0, 3.0, 99.0], 0),
            ([30.05, 3.0, 7.0], 0),
            ([30.2, 3.0, 7.0], 1),
            ([-10.2, -1.0, 7.0], 2),
            ([f32::NAN, f32::INFINITY, f32::NEG_INFINITY], 3),
        ] {
            assert_eq!(scaling.outside(&readings), outside, "{readings:?}");
        }
    }

    #[test]
    fn impossible_scalings_are_none() {
        for (low, factor) in [
            (f32::NAN, 1.0),
            (0.0, f32::INFINITY),
            (0.0, -1.0),
            (f32::INFINITY, 1.0),
        ] {
            assert_eq!(Scaling::new([low], [factor]), None);
        }
    }
}
