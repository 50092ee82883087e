//! The sigmoid of an integer, by a table.

use crate::activation;
use crate::kernels::rolled::opaque;

/// z is an integer in units of 2⁻¹⁰.
pub const Z_BITS: u32 = 10;

/// The last entry of the table, which has them for z = 0, 1/32, 2/32, …; it stands for all from there on, where 255 σ(z) is
/// above 254.
pub(super) const LAST: usize = 177;

/// Bits of z below those that choose an entry, which are 32 for a unit of z.
pub(super) const BELOW: u32 = Z_BITS - 5;

/// 255 σ(z) to the nearest integer, for z ≥ 0; computed by the compiler from the sigmoid that floats have.
pub(super) static TABLE: [u8; LAST + 1] = {
    let mut table = [0; LAST + 1];
    table[LAST] = 255;
    let mut entry = 0;
    while entry < LAST {
        table[entry] = (255.0 * activation::sigmoid(entry as f32 / 32.0) + 0.5) as u8;
        entry += 1;
    }
    table
};

/// The sigmoid as a byte, `255 σ(z)`, of z in units of 2⁻¹⁰.
///
/// z is rounded to the nearest 32nd, half away from 0, so the result is at most one and a half off. Negative z goes by
/// σ(−z) = 1 − σ(z). The same instructions whatever z.
///
/// ```
/// use smidgen_core::quantized::sigmoid;
/// assert_eq!([-9 << 10, -1 << 10, 0, 1 << 10, 9 << 10].map(sigmoid), [0, 69, 128, 186, 255]);
/// ```
#[must_use]
#[inline(always)]
pub fn sigmoid(z: i32) -> u8 {
    let sign = z >> 31;
    let entry = (z.unsigned_abs() + (1 << (BELOW - 1))) >> BELOW;
    // The last entry if this one is beyond it; without a comparison, which might become a branch.
    let excess = (entry as i32).wrapping_sub(LAST as i32);
    let entry = (LAST as i32).wrapping_add(excess & opaque(excess >> 31));
    // 255 − a is a with all bits flipped.
    TABLE.get(entry as usize).copied().unwrap_or_default() ^ sign as u8
}

#[cfg(test)]
mod tests {
    use super::{Z_BITS, sigmoid};
    use crate::activation;

    #[test]
    fn is_within_one_and_a_half_of_the_true_value_everywhere() {
        for z in -20_000..20_000 {
            let truth = 255.0 * activation::sigmoid(z as f32 / (1 << Z_BITS) as f32);
            let error = (f32::from(sigmoid(z)) - truth).abs();
            assert!(error <= 1.5, "{z}: {error}");
        }
    }

    #[test]
    fn never_falls_and_saturates() {
        let mut last = 0;
        for z in (-20_000..20_000).chain([i32::MAX]) {
            assert!(sigmoid(z) >= last, "{z}");
            last = sigmoid(z);
        }
        assert_eq!((sigmoid(-i32::MAX), sigmoid(i32::MIN)), (0, 0));
        assert_eq!(last, 255);
    }
}
