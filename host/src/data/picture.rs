//! A picture of a digit, as a PNG file, made into an `Image`.
//!
//! The paper is what most of the picture's edge shows; the ink is what differs from it to the darker or to the lighter
//! side, whichever is more. So a pen on paper, chalk on a board and a transparent background all read the same.

use std::io::{BufRead, Seek};

use png::DecodingError;
use smidgen_core::{Image, centre};

use super::png::{self as png_file, GreyAlpha};

/// Bytes an unpacked picture may take; a PNG file can claim far more than it has.
const MOST_BYTES: usize = 256 << 20;
/// The least difference between ink and paper, of 255, that counts as a drawing.
const LEAST_CONTRAST: u8 = 8;
/// The spread of the paper, measured at the edge, is multiplied by this; what differs from the paper by less is paper.
const NOISE: u8 = 4;

/// Why a picture shows no digit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// Not a PNG file, or a damaged one.
    #[error("not a readable PNG file: {0}")]
    Png(DecodingError),
    /// Larger than a picture of a digit needs to be.
    #[error("the picture is too large: {} MiB unpacked at most", MOST_BYTES >> 20)]
    TooLarge,
    /// One colour all over.
    #[error("the picture is blank")]
    Blank,
}

/// A PNG of any size and colours, dark on light or light on dark, as MNIST would have it ([`centre`]).
///
/// # Errors
///
/// [`PictureError`] if it is no PNG, unpacks to more than 256 MiB, or shows nothing.
pub fn decode(png: impl BufRead + Seek) -> Result<Image, PictureError> {
    let picture = png_file::decode(png, MOST_BYTES).map_err(|error| match error {
        DecodingError::LimitsExceeded => PictureError::TooLarge,
        error => PictureError::Png(error),
    })?;
    // What is drawn in the colour that shows through is lost, so the other one is tried.
    [255, 0]
        .into_iter()
        .find_map(|backing| {
            let mut grey = lay_over(&picture, backing);
            find_ink(&mut grey, picture.width)?;
            centre(&grey, picture.width)
        })
        .ok_or(PictureError::Blank)
}

/// Lays a picture over a sheet of one grey; gives its grey values row by row.
fn lay_over(picture: &GreyAlpha, backing: u8) -> Vec<u8> {
    let mix = |grey: u8, alpha: u8| {
        let (alpha, through) = (u32::from(alpha), u32::from(u8::MAX - alpha));
        (u32::from(grey) * alpha + u32::from(backing) * through + 127) / 255
    };
    let pixels = picture.pixels.iter();
    pixels
        .map(|&[grey, alpha]| mix(grey, alpha) as u8)
        .collect()
}

/// Turns grey values into ink, 0 where there is paper; `None` if there is paper only.
fn find_ink(grey: &mut [u8], width: usize) -> Option<()> {
    let mut edge = edge(grey, width);
    let paper = median(&mut edge)?;
    let mut spread: Vec<u8> = edge.iter().map(|&value| value.abs_diff(paper)).collect();
    let noise = median(&mut spread)?.saturating_mul(NOISE);

    let sum = |difference: fn(u8, u8) -> u8| -> u64 {
        let differences = grey.iter().map(|&value| difference(value, paper));
        differences
            .map(|difference| u64::from(difference.saturating_sub(noise)))
            .sum()
    };
    let dark = sum(|value, paper| paper.saturating_sub(value));
    let light = sum(|value, paper| value.saturating_sub(paper));
    for value in &mut *grey {
        let difference = if dark >= light {
            paper.saturating_sub(*value)
        } else {
            value.saturating_sub(paper)
        };
        *value = difference.saturating_sub(noise);
    }
    (grey.iter().max()? >= &LEAST_CONTRAST).then_some(())
}

/// The values along the four edges.
fn edge(grey: &[u8], width: usize) -> Vec<u8> {
    let mut edge = Vec::new();
    let mut rows = grey.chunks_exact(width.max(1));
    edge.extend(rows.next().into_iter().flatten());
    edge.extend(rows.next_back().into_iter().flatten());
    edge.extend(rows.flat_map(|row| [row.first(), row.last()]).flatten());
    edge
}

/// The middle value; `values` are left in another order.
fn median(values: &mut [u8]) -> Option<u8> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable(middle).1)
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
        decode(Cursor::new(bytes))
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
        for bytes in [
            &b""[..],
            b"P5 28 28 255",
            &whole[..20],
            &whole[..whole.len() / 2],
        ] {
            assert!(matches!(decode_bytes(bytes), Err(PictureError::Png(_))));
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
