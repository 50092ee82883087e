//! `Scale`: from a neuron's sum to its weighted input, by multiplication and shift.

use core::ops::RangeInclusive;

use bytemuck::Zeroable;

/// Shifts a scale may have.
pub const SHIFTS: RangeInclusive<u16> = 13..=42;

/// Bits of a sum that are multiplied by themselves, so that no product leaves 32 bits.
const LOW: u32 = 12;

/// A neuron's factor from units of its sum to units of 2⁻¹⁰, `multiplier / 2^shift`.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable)]
#[repr(C)]
pub struct Scale {
    multiplier: u16,
    /// The shift, less 13.
    rest: u16,
}

impl Scale {
    /// A factor of 0.
    pub const ZERO: Self = Self {
        multiplier: 0,
        rest: 0,
    };

    /// A factor; `None` if the multiplier is below 2¹⁵ or the shift not one of [`SHIFTS`].
    #[must_use]
    pub const fn new(multiplier: u16, shift: u16) -> Option<Self> {
        if multiplier < 1 << 15 || shift < *SHIFTS.start() || shift > *SHIFTS.end() {
            return None;
        }
        Some(Self {
            multiplier,
            rest: shift - *SHIFTS.start(),
        })
    }

    /// The number that a sum is multiplied by, 2¹⁵ to 2¹⁶ − 1.
    #[must_use]
    pub const fn multiplier(self) -> u16 {
        self.multiplier
    }

    /// The bits by which the product is shifted down.
    #[must_use]
    pub const fn shift(self) -> u16 {
        self.rest + *SHIFTS.start()
    }

    /// Both numbers as they lie in the memory of a little-endian processor, as one of 32 bits.
    pub(super) const fn word(self) -> u32 {
        self.multiplier as u32 | (self.rest as u32) << 16
    }

    /// The weighted input of a sum, `⌊(sum · multiplier + 2^(shift−1)) / 2^shift⌋`; the sum is below 2²³ in magnitude.
    ///
    /// Made of two products of 32 bits, for want of larger ones on small processors; none of them overflows.
    ///
    /// ```
    /// use smidgen_core::quantized::Scale;
    /// let scale = Scale::new(40_000, 16).unwrap(); // 0.61
    /// assert_eq!([100, -100, 0, 8_000_000].map(|sum| scale.apply(sum)), [61, -61, 0, 4_882_813]);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn apply(self, sum: i32) -> i32 {
        let multiplier = i32::from(self.multiplier);
        let high = (sum >> LOW).wrapping_mul(multiplier);
        let low = (sum & ((1 << LOW) - 1)).wrapping_mul(multiplier) >> LOW;
        // Half a unit is added to what is left when one more shift is to come.
        let doubled = high.wrapping_add(low).wrapping_shr(self.rest.into());
        doubled.wrapping_add(1) >> 1
    }
}

#[cfg(test)]
mod tests {
    use super::{SHIFTS, Scale};

    #[test]
    fn is_the_exact_quotient_rounded_half_up() {
        let sums = [0, 1, 2, 4095, 4096, 4097, 123_456, (1 << 23) - 1];
        for multiplier in [1 << 15, 40_001, u16::MAX] {
            for shift in SHIFTS {
                let scale = Scale::new(multiplier, shift).unwrap();
                for sum in sums.into_iter().flat_map(|sum| [sum, -sum]) {
                    let product = i64::from(sum) * i64::from(multiplier);
                    let expected = (product + (1 << (shift - 1))) >> shift;
                    let found = i64::from(scale.apply(sum));
                    assert_eq!(found, expected, "{sum} · {multiplier} / 2^{shift}");
                }
            }
        }
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        assert!(Scale::new((1 << 15) - 1, 20).is_none());
        assert!(Scale::new(1 << 15, 12).is_none());
        assert!(Scale::new(1 << 15, 43).is_none());
        let scale = Scale::new(1 << 15, 42).unwrap();
        assert_eq!((scale.multiplier(), scale.shift()), (1 << 15, 42));
    }
}
