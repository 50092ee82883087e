//! `Image`: 28 × 28 bytes as MNIST has them, and the value of a pixel.

/// Pixels in a row and rows in an image.
pub const SIDE: usize = 28;
/// Pixels of an image, 784.
pub const PIXELS: usize = SIDE * SIDE;

/// A 28 × 28 picture, row by row from the top left; 0 is paper, 255 is ink.
pub type Image = [u8; PIXELS];

/// The value of a pixel as the network sees it, `p / 255`, in [0, 1].
#[must_use]
#[inline(always)]
pub const fn intensity(pixel: u8) -> f32 {
    pixel as f32 / 255.0
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
