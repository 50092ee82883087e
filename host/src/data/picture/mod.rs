//! A picture of a digit, as a PNG or a JPEG file, made into an `Image`.
//!
//! | step | where |
//! |------|-------|
//! | a file becomes pixels, if it is not too large | `png`, `jpeg`, `pixels` |
//! | they are made few, grey and upright | `sheet`, `exif` |
//! | the light on the paper is found, and how far each pixel is from it | `light` |
//! | what is far from it is ink, unless it is a frame, a line or a speck | `ink`, `strokes` |
//! | the ink is centred as MNIST's digits were | [`centre`] |
//!
//! So a pen on paper, chalk on a board and a transparent background all read the same, in even light and uneven.

mod error;
mod exif;
mod ink;
mod jpeg;
mod light;
mod pixels;
mod png;
mod sheet;
mod strokes;

use smidgen_core::{Image, centre};

pub use self::error::PictureError;
use self::error::kind;
pub use self::ink::Doubt;
use self::sheet::Sheet;

/// A digit that was found in a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// As MNIST would have it.
    pub image: Image,
    /// What makes any answer doubtful.
    pub doubt: Option<Doubt>,
}

/// A PNG or JPEG file of any size and colours, dark on light or light on dark, as MNIST would have it ([`centre`]).
///
/// # Errors
///
/// [`PictureError`] if it is neither, has more than 32 million pixels, or shows nothing.
pub fn decode(file: &[u8]) -> Result<Drawing, PictureError> {
    let pixels = if file.starts_with(png::SIGNATURE) {
        png::decode(file)?
    } else if file.starts_with(jpeg::SIGNATURE) {
        jpeg::decode(file)?
    } else {
        return Err(PictureError::Other(kind(file)));
    };
    // What is drawn in the colour that shows through is lost, so the other one is tried.
    [1.0, 0.0]
        .into_iter()
        .find_map(|backing| {
            let ink = ink::find(&Sheet::of(&pixels, backing))?;
            let image = centre(&ink.values, ink.width)?;
            let doubt = ink.doubt;
            Some(Drawing { image, doubt })
        })
        .ok_or(PictureError::Blank)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageFormat, Luma, LumaA, Rgb, RgbImage};

    use super::*;

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture
            .into()
            .write_to(&mut file, ImageFormat::Png)
            .unwrap();
        file.into_inner()
    }

    fn decode_bytes(bytes: &[u8]) -> Result<Image, PictureError> {
        decode(bytes).map(|drawing| drawing.image)
    }

    /// Whether there is ink at a place of a picture of 90 × 60: an L, 20 wide and 40 high.
    fn is_ink(x: u32, y: u32) -> bool {
        (10..50).contains(&y) && ((5..11).contains(&x) || (5..25).contains(&x) && y >= 44)
    }

    fn grey(paper: u8, ink: u8) -> Vec<u8> {
        png(GrayImage::from_fn(90, 60, |x, y| {
            Luma([if is_ink(x, y) { ink } else { paper }])
        }))
    }

    #[test]
    fn dark_on_light_and_light_on_dark_read_the_same() {
        let image = decode_bytes(&grey(255, 0)).unwrap();
        assert_eq!(image.iter().max(), Some(&255));
        for (paper, ink) in [(0, 255), (250, 100), (128, 255), (10, 60)] {
            assert_eq!(
                decode_bytes(&grey(paper, ink)).unwrap(),
                image,
                "{ink} on {paper}"
            );
        }
    }

    #[test]
    fn colours_and_transparent_paper_read_the_same() {
        let image = decode_bytes(&grey(255, 0)).unwrap();
        let colour = |x, y| {
            Rgb(if is_ink(x, y) {
                [200, 0, 0]
            } else {
                [240, 240, 200]
            })
        };
        assert_eq!(
            decode_bytes(&png(RgbImage::from_fn(90, 60, colour))).unwrap(),
            image
        );
        for ink in [0, 80, 255] {
            let layer = |x, y| LumaA(if is_ink(x, y) { [ink, 255] } else { [ink, 0] });
            let file = png(GrayAlphaImage::from_fn(90, 60, layer));
            assert_eq!(decode_bytes(&file).unwrap(), image, "{ink} on nothing");
        }
    }

    #[test]
    fn noise_of_the_paper_is_no_ink() {
        let noisy = |x: u32, y: u32| {
            let noise = (x * 7 + y * 13) % 5;
            Luma([if is_ink(x, y) { 20 } else { 220 + noise as u8 }])
        };
        let image = decode_bytes(&png(GrayImage::from_fn(90, 60, noisy))).unwrap();
        assert_eq!(image, decode_bytes(&grey(255, 0)).unwrap());
    }

    #[test]
    fn a_blank_picture_is_refused() {
        for value in [0, 128, 255] {
            assert!(matches!(
                decode_bytes(&grey(value, value)),
                Err(PictureError::Blank)
            ));
        }
        let nothing = png(GrayAlphaImage::from_pixel(3, 3, LumaA([0, 0])));
        assert!(matches!(decode_bytes(&nothing), Err(PictureError::Blank)));
        let one = png(GrayImage::from_pixel(1, 1, Luma([7])));
        assert!(matches!(decode_bytes(&one), Err(PictureError::Blank)));
    }

    #[test]
    fn what_is_no_png_is_refused() {
        let whole = grey(255, 0);
        for bytes in [&whole[..20], &whole[..whole.len() / 2]] {
            assert!(matches!(decode_bytes(bytes), Err(PictureError::Png(_))));
        }
        for (bytes, name) in [
            (&b""[..], "an empty file"),
            (b"P5 28 28 255", "a PGM"),
            (b"GIF89a", "a GIF"),
        ] {
            let error = decode_bytes(bytes).unwrap_err().to_string();
            assert!(error.ends_with(name), "{error}");
        }
    }

    #[test]
    fn a_huge_picture_gets_no_memory() {
        let mut claims = grey(255, 0);
        claims[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let checksum = smidgen_core::crc::Crc32::START
            .with(&claims[12..29])
            .value();
        claims[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert!(matches!(decode_bytes(&claims), Err(PictureError::TooLarge)));
    }

    #[test]
    fn any_flipped_bit_gives_an_image_or_an_error() {
        let whole = grey(255, 0);
        for i in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[i / 8] ^= 1 << (i % 8);
            let _ = decode_bytes(&damaged);
        }
    }
}
