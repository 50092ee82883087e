//! `IntegerScaling`: readings of 16 bits become the bytes that an integer network reads, in integers only.

use super::scaling::{Scaling, byte, scale};

/// Bits behind the point of a multiplier.
const POINT: u32 = 24;
/// The largest byte.
const MOST: u32 = u8::MAX as u32;

/// How a reading of 16 bits becomes a byte: `⌊(reading − low) · multiplier / 2²⁴ + ½⌋`, at least 0, and 255 for whatever
/// is more than `last` above `low`.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    low: i16,
    /// The largest distance from `low` that gives less than 255.
    last: u16,
    multiplier: u32,
}

impl Column {
    /// Every reading becomes 0.
    pub const ZERO: Self = Self {
        low: 0,
        last: u16::MAX,
        multiplier: 0,
    };

    /// The column of [`scale`] with this low and factor; `None` if `low` is no integer of 16 bits or the factor is not in
    /// [0, 1].
    #[must_use]
    pub const fn of(low: f32, factor: f32) -> Option<Self> {
        let whole = low as i16;
        if (whole as f32).to_bits() != (low + 0.0).to_bits() || !(factor >= 0.0 && factor <= 1.0) {
            return None;
        }
        // A float has 24 bits and 255 has 8, so that nothing is lost before the rounding.
        let multiplier = 255.0 * factor as f64 * (1_u32 << POINT) as f64 + 0.5;
        Some(Self {
            low: whole,
            last: first(MOST as u8, factor).saturating_sub(1) as u16,
            multiplier: multiplier as u32,
        })
    }

    /// The byte of a reading.
    #[must_use]
    #[inline(always)]
    pub const fn byte(self, reading: i16) -> u8 {
        let distance = reading as i32 - self.low as i32;
        if distance <= 0 {
            return 0;
        }
        let distance = distance as u32;
        if distance > self.last as u32 {
            return u8::MAX;
        }
        // Below 255 · 2²⁴ and a half, for less than 255 comes out.
        ((distance * self.multiplier + (1 << (POINT - 1))) >> POINT) as u8
    }

    /// Whether the bytes are those of [`scale`] and [`byte`] for every reading there can be.
    #[must_use]
    pub const fn equals_floats(self, factor: f32) -> bool {
        let mut byte = 1;
        while byte <= MOST {
            // The first distance for which integers give this byte or more: its product reaches byte − ½.
            let wanted = (byte << POINT) as u64 - (1 << (POINT - 1));
            let integers = match self.multiplier {
                0 => None,
                multiplier => Some(wanted.div_ceil(multiplier as u64)),
            };
            let floats = first(byte as u8, factor);
            let floats = floats as u64;
            let equal = match integers {
                // From the first 255 on, `last` decides.
                Some(integers) if byte == MOST => integers >= floats,
                Some(integers) => integers == floats || beyond(integers) && beyond(floats),
                None => beyond(floats),
            };
            if !equal {
                return false;
            }
            byte += 1;
        }
        true
    }
}

/// Whether no two readings of 16 bits are so far apart.
const fn beyond(distance: u64) -> bool {
    distance > u16::MAX as u64
}

/// The first distance from `low` for which floats give at least `wanted`, at least 1; 65,536 if there is none.
///
/// The map never falls, so that halving finds it.
const fn first(wanted: u8, factor: f32) -> u32 {
    let (mut below, mut above) = (0_u32, 1_u32 << 16);
    while above - below > 1 {
        let middle = below.midpoint(above);
        if byte(scale(middle as f32, 0.0, factor)) >= wanted {
            above = middle;
        } else {
            below = middle;
        }
    }
    above
}

/// How each of `I` readings of 16 bits becomes a byte, in integers only, for processors without floating point.
///
/// [`embed_scaling!`](crate::embed_scaling) takes it from a model file whose readings are such integers. For every reading
/// there can be it gives the byte that [`Scaling::apply_to_bytes`](crate::Scaling::apply_to_bytes) gives.
///
/// ```
/// use smidgen_core::{IntegerScaling, Scaling};
/// let scaling = IntegerScaling::of(&Scaling::new([-100.0], [1.0 / 200.0]).unwrap()).unwrap();
/// assert_eq!([-200, -100, -50, 100].map(|reading| scaling.apply(&[reading])[0]), [0, 0, 64, 255]);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerScaling<const I: usize>([Column; I]);

impl<const I: usize> IntegerScaling<I> {
    /// The map of a scaling for readings that are integers of 16 bits, without floats; `None` if a `low` is no such integer
    /// or a factor is above 1.
    ///
    /// It gives the bytes of [`Scaling::apply_to_bytes`] for every reading only if the factors were fitted so, which the
    /// model file says of itself ([`embed_scaling!`](crate::embed_scaling) asks it).
    #[must_use]
    pub const fn of(scaling: &Scaling<I>) -> Option<Self> {
        let mut columns = [Column::ZERO; I];
        let mut k = 0;
        while k < I {
            let (low, factor) = scaling.column(k);
            match Column::of(low, factor) {
                Some(column) => columns[k] = column,
                None => return None,
            }
            k += 1;
        }
        Some(Self(columns))
    }

    /// The readings as inputs of an integer network.
    #[must_use]
    pub fn apply(&self, readings: &[i16; I]) -> [u8; I] {
        let mut bytes = [0; I];
        for ((to, column), &reading) in bytes.iter_mut().zip(&self.0).zip(readings) {
            *to = column.byte(reading);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_integers_claim_to_equal_the_floats_they_do_for_every_reading() {
        let mut equal = 0;
        for range in [1, 2, 3, 7, 100, 255, 256, 510, 1023, 4095, 20_000, 65_535] {
            for ulps in 0..8 {
                let factor = f32::from_bits((1.0 / range as f32).to_bits() + ulps).min(1.0);
                let column = Column::of(-32768.0, factor).unwrap();
                let same = (i16::MIN..=i16::MAX).all(|reading| {
                    column.byte(reading) == byte(scale(reading.into(), -32768.0, factor))
                });
                assert_eq!(column.equals_floats(factor), same, "{range} {ulps}");
                equal += usize::from(same);
            }
        }
        assert!(equal > 48, "only {equal} of 96 are equal");
    }

    #[test]
    fn what_is_no_integer_of_16_bits_has_no_column() {
        for (low, factor) in [
            (0.5, 1.0),
            (32768.0, 1.0),
            (f32::NAN, 1.0),
            (0.0, 1.5),
            (0.0, -0.5),
        ] {
            assert_eq!(Column::of(low, factor), None);
        }
    }

    #[test]
    fn a_column_that_never_changed_gives_zero() {
        let column = Column::of(7.0, 0.0).unwrap();
        assert!(column.equals_floats(0.0));
        assert_eq!(
            [i16::MIN, 7, i16::MAX].map(|reading| column.byte(reading)),
            [0; 3]
        );
    }
}
