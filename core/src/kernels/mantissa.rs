//! What `unpacked` does with mantissas: 24 bits from bit 28 down, and five below them for rounding, the lowest of which
//! stands for all that were lost.

/// The bits by which a magnitude is below 2²⁸.
#[inline(always)]
pub const fn zeros(magnitude: i32) -> u32 {
    if cfg!(any(smidgen_armv6m, target_arch = "riscv32")) {
        // No instruction counts them, and mostly there are one or two.
        let (mut zeros, mut magnitude) = (1, magnitude << 1);
        while magnitude < 1 << 28 {
            magnitude <<= 1;
            zeros += 1;
        }
        zeros
    } else {
        magnitude.leading_zeros() - 3
    }
}

/// Rounds to 24 bits, to the nearest, half to even; five bits below become 0.
#[inline(always)]
pub const fn round(mantissa: i32) -> i32 {
    (mantissa + 15 + (mantissa >> 5 & 1)) & !31
}

/// Shifted down; a bit that is lost lives on in the lowest.
#[inline(always)]
pub const fn shifted(mantissa: i32, by: u32) -> i32 {
    let less = mantissa >> by;
    less | (less << by != mantissa) as i32
}

/// The product of two mantissas of 2³⁰ to 2³¹, their lowest seven bits 0: 2²⁸ to 2³⁰, what is below it in the lowest bit.
#[inline(always)]
pub const fn multiply(mantissa: u32, factor: u32) -> i32 {
    if cfg!(smidgen_armv6m) {
        multiply_narrow(mantissa, factor)
    } else {
        multiply_wide(mantissa, factor)
    }
}

/// `multiply` by one product of 64 bits.
#[inline(always)]
const fn multiply_wide(mantissa: u32, factor: u32) -> i32 {
    let product = mantissa as u64 * factor as u64;
    (product >> 32) as i32 | (product as u32 != 0) as i32
}

/// `multiply` where products have 32 bits: by three of 24 bits and eight.
#[inline(always)]
const fn multiply_narrow(mantissa: u32, factor: u32) -> i32 {
    let mantissa = mantissa >> 7;
    let low = mantissa * (factor >> 7 & 0xFF);
    let middle = mantissa * (factor >> 15 & 0xFF) + (low >> 8);
    let high = mantissa * (factor >> 23) + (middle >> 8);
    let rest = (low | middle) << 24 | high << 30;
    (high >> 2) as i32 | (rest != 0) as i32
}

#[cfg(test)]
mod tests {
    use super::{multiply_narrow, multiply_wide};

    /// Mantissas of 24 bits far apart and close to both ends, each with each.
    #[test]
    fn both_ways_to_multiply_agree() {
        let spread = (0..1 << 24).step_by(9973);
        let ends = (0..64).chain((1 << 23) - 64..1 << 23);
        let all = spread
            .chain(ends)
            .map(|bits| bits << 7 & 0x3FFF_FFFF | 0x4000_0000);
        let all: heapless::Vec<u32, 2048> = all.collect();
        for &factor in &all {
            // That of a sum may have been rounded up to the next power of two.
            for &mantissa in all.iter().chain(&[1 << 31]) {
                assert_eq!(
                    multiply_narrow(mantissa, factor),
                    multiply_wide(mantissa, factor)
                );
            }
        }
    }
}
