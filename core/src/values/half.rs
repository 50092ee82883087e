//! `Half`: a float of 16 bits, as weights are kept where flash is dear; `HalfRow`: as many of them as a layer has neurons.

use bytemuck::Zeroable;

/// A finite float of 16 bits, IEEE 754 binary16: a sign, 5 bits of exponent, 10 of mantissa; up to [`Half::LARGEST`].
///
/// Every one of them is a float of 32 bits, too, so decoding changes nothing; encoding goes to the nearest, half to even.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable)]
#[repr(transparent)]
pub struct Half(u16);

/// The bit of the sign.
const SIGN: u16 = 0x8000;
/// The bits of a magnitude that is not finite, and the lowest of all that are not.
const INFINITY: u16 = 0x7C00;
/// Bits that the mantissa of a float of 32 bits has more.
const FINER: u32 = 13;
/// What its exponent is higher by, in its place.
const HIGHER: u32 = (127 - 15) << 23;
/// The smallest magnitude of 16 bits that is not subnormal, 2⁻¹⁴, as the bits of 32.
const NORMAL: u32 = (127 - 14) << 23;
/// Subnormal numbers are multiples of 2⁻²⁴.
const STEP: f32 = 1.0 / 16_777_216.0;

impl Half {
    /// +0.
    pub const ZERO: Self = Self(0);
    /// The largest magnitude.
    pub const LARGEST: f32 = 65_504.0;

    /// The number with these bits; `None` for an infinity or a NaN.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !SIGN < INFINITY {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// Its bits.
    #[must_use]
    pub const fn to_bits(self) -> u16 {
        self.0
    }

    /// The number nearest to `value`, of two equally near the one whose last bit is 0; the sign of a zero is kept. `None` for
    /// a magnitude above [`Half::LARGEST`], or a NaN.
    ///
    /// ```
    /// use smidgen_core::Half;
    /// let nearest = |value| Half::nearest(value).map(Half::to_f32);
    /// assert_eq!(nearest(0.1), Some(0.099_975_586));
    /// assert_eq!(nearest(2049.0), Some(2048.0)); // between 2048 and 2050
    /// assert_eq!(nearest(65_505.0), None);
    /// ```
    #[must_use]
    pub const fn nearest(value: f32) -> Option<Self> {
        let magnitude = value.abs();
        if !value.is_finite() || magnitude > Self::LARGEST {
            return None;
        }
        let bits = magnitude.to_bits();
        let rounded = if bits >= NORMAL {
            let even = bits >> FINER & 1;
            // A mantissa that is rounded up to the next power of two carries into the exponent, as it should.
            (bits - HIGHER + (1 << (FINER - 1)) - 1 + even) >> FINER
        } else {
            // The float adds to 2²³ what has no place after its last bit, and so it rounds.
            const LAST_BIT_ONE: f32 = 8_388_608.0;
            (magnitude / STEP + LAST_BIT_ONE).to_bits() - LAST_BIT_ONE.to_bits()
        };
        let sign = (value.to_bits() >> 16) as u16 & SIGN;
        Some(Self(sign | rounded as u16))
    }

    /// The same number in 32 bits.
    #[must_use]
    #[inline(always)]
    pub const fn to_f32(self) -> f32 {
        let sign = ((self.0 & SIGN) as u32) << 16;
        let magnitude = (self.0 & !SIGN) as u32;
        let bits = if magnitude >= 1 << 10 {
            (magnitude << FINER) + HIGHER
        } else {
            (magnitude as f32 * STEP).to_bits()
        };
        f32::from_bits(sign | bits)
    }
}

/// `N` values that belong together, as [`Row`](super::row::Row) has them, in half the bytes.
///
/// It starts at a multiple of 4 bytes, and takes as many, so that processors load two values at a time.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable)]
#[repr(C, align(4))]
pub struct HalfRow<const N: usize>(pub [Half; N]);

impl<const N: usize> HalfRow<N> {
    /// All `N` values +0.
    pub const ZERO: Self = Self([Half::ZERO; N]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value by its definition, in floats of 64 bits.
    fn defined(bits: u16) -> f64 {
        let (exponent, mantissa) = (i32::from(bits >> 10 & 31), f64::from(bits & 0x3FF));
        let magnitude = if exponent == 0 {
            mantissa / 2_f64.powi(24)
        } else {
            (1024.0 + mantissa) * 2_f64.powi(exponent - 25)
        };
        if bits & SIGN == 0 {
            magnitude
        } else {
            -magnitude
        }
    }

    fn all() -> impl Iterator<Item = Half> {
        (0..=u16::MAX).filter_map(Half::from_bits)
    }

    #[test]
    fn every_number_is_decoded_exactly_and_encoded_again() {
        assert_eq!(all().count(), 2 * 0x7C00);
        for half in all() {
            let value = half.to_f32();
            assert_eq!(f64::from(value).to_bits(), defined(half.0).to_bits());
            assert_eq!(Half::nearest(value), Some(half));
        }
    }

    #[test]
    fn what_is_between_two_goes_to_the_nearest_and_a_tie_to_even() {
        for bits in 0..0x7BFF {
            let (low, high) = (Half(bits), Half(bits + 1));
            let tie = (low.to_f32() + high.to_f32()) / 2.0;
            let even = if bits % 2 == 0 { low } else { high };
            let below = f32::from_bits(tie.to_bits() - 1);
            let above = f32::from_bits(tie.to_bits() + 1);
            for (value, nearest) in [(tie, even), (below, low), (above, high)] {
                assert_eq!(Half::nearest(value), Some(nearest), "{value:e}");
                let negative = Half(nearest.0 | SIGN);
                assert_eq!(Half::nearest(-value), Some(negative), "-{value:e}");
            }
        }
        assert_eq!(Half::nearest(f32::MIN_POSITIVE), Some(Half(0)));
        assert_eq!(Half::nearest(-f32::from_bits(1)), Some(Half(SIGN)));
    }

    #[test]
    fn what_is_too_large_is_none() {
        assert_eq!(Half::nearest(65_504.0), Some(Half(0x7BFF)));
        assert_eq!(Half::nearest(-65_504.0), Some(Half(0xFBFF)));
        let above = f32::from_bits(65_504.0_f32.to_bits() + 1);
        for value in [above, -above, 1e9, f32::INFINITY, f32::NAN] {
            assert_eq!(Half::nearest(value), None, "{value}");
        }
        for bits in [0x7C00, 0xFC00, 0x7C01, 0xFFFF] {
            assert_eq!(Half::from_bits(bits), None);
        }
    }
}
