//! `Image`: 28 × 28 bytes as MNIST has them, and the value of a pixel.

/// Pixels in a row and rows in an image.
pub const SIDE: usize = 28;
/// Pixels of an image, 784.
pub const PIXELS: usize = SIDE * SIDE;

/// A 28 × 28 picture, row by row from the top left; 0 is paper, 255 is ink.
pub type Image = [u8; PIXELS];

/// The ink of an image, the sum of its bytes; exact for as many as a network may have inputs.
///
/// ```
/// assert_eq!(smidgen_core::image::ink(&[0, 255, 1]), 256);
/// ```
#[must_use]
pub fn ink(image: &[u8]) -> u32 {
    image.iter().map(|&byte| u32::from(byte)).sum()
}

/// The value of a pixel as the network sees it, `p / 255`, in [0, 1].
///
/// The quotient, correctly rounded, but without a division, which takes a processor ten times as long as a product.
///
/// ```
/// use smidgen_core::image::intensity;
/// assert!((0..=255).all(|pixel| intensity(pixel).to_bits() == (f32::from(pixel) / 255.0).to_bits()));
/// ```
#[must_use]
#[inline(always)]
pub const fn intensity(pixel: u8) -> f32 {
    #[cfg(smidgen_soft)]
    return by_integers(pixel);
    #[cfg(not(smidgen_soft))]
    by_floats(pixel)
}

/// 1 / 255 in two parts: the first has nine significant bits, so its product with a byte is exact, and the second is what
/// it lacks. The sum of both products is rounded where the quotient is.
#[cfg(not(smidgen_soft))]
#[inline(always)]
const fn by_floats(pixel: u8) -> f32 {
    let p = pixel as f32;
    p * f32::from_bits(0x3B80_8000) + p * f32::from_bits(0x3380_8081)
}

/// p / 255 = p · (2⁻⁸ + 2⁻¹⁶ + …): to the base of 256 all digits are p, so a shift of them is a rotation. No quotient lies in
/// the middle between two floats.
#[cfg(any(smidgen_soft, test))]
#[inline(always)]
const fn by_integers(pixel: u8) -> f32 {
    if pixel == 0 {
        return 0.0;
    }
    let (mut digits, mut exponent) = (pixel as u32 * 0x0101_0101, 125);
    while digits >> 31 == 0 {
        digits = digits.rotate_left(1);
        exponent -= 1;
    }
    f32::from_bits((exponent << 23) + (digits >> 8) + (digits >> 7 & 1))
}

/// `intensity` of every byte, for hosts, where a load is faster than a division.
pub static INTENSITIES: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut pixel = 0;
    while pixel < 256 {
        table[pixel] = intensity(pixel as u8);
        pixel += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    #[test]
    fn integers_give_the_quotient_too() {
        let equal = |p| super::by_integers(p).to_bits() == (f32::from(p) / 255.0).to_bits();
        assert!((0..=255).all(equal));
    }
}
