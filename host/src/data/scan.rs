//! Finding the active pixels of an image, fast.

use smidgen_core::{ActivePixel, Image};

/// A power of two above `PIXELS`, so that a masked index needs no bounds check.
const ROOM: usize = 1024;

/// Finds active pixels as [`smidgen_core::active_pixels`] does, faster: eight bytes of paper are left out at once, and
/// within eight bytes with ink there is no branch.
pub struct Scanner([ActivePixel; ROOM]);

impl Scanner {
    /// Room for one image.
    pub const fn new() -> Self {
        Self([ActivePixel { index: 0, value: 0 }; ROOM])
    }

    /// The active pixels of an image, ascending.
    pub fn scan(&mut self, image: &Image) -> &[ActivePixel] {
        let mut count = 0;
        for (word, start) in image.as_chunks::<8>().0.iter().zip((0_u16..).step_by(8)) {
            if u64::from_le_bytes(*word) == 0 {
                continue;
            }
            for (&value, index) in word.iter().zip(start..) {
                self.0[count % ROOM] = ActivePixel { index, value };
                count += usize::from(value != 0);
            }
        }
        self.0.get(..count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::active_pixels;
    use smidgen_core::image::PIXELS;

    #[test]
    fn the_scan_finds_what_the_core_finds() {
        let mut scanner = Scanner::new();
        let mut image = [0; PIXELS];
        for step in [1, 3, 8, 9, 100, 783] {
            image.fill(0);
            image
                .iter_mut()
                .step_by(step)
                .for_each(|pixel| *pixel = 200);
            let expected: Vec<_> = active_pixels(&image).collect();
            assert_eq!(scanner.scan(&image), expected);
        }
    }
}
