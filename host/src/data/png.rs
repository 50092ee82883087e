//! A PNG file as grey values and opacities, whatever its colours and its depth.

use std::io::{BufRead, Seek};

use png::{BitDepth, Decoder, DecodingError, Limits, OutputInfo, Transformations};

/// Weights of red, green and blue in a grey value, in parts of their sum: the second row of the matrix from sRGB to XYZ,
/// which the primaries and the white point of IEC 61966-2-1 give (ITU-T H.273, (39) and (40)).
const LUMA: [u64; 3] = [21_263_901, 71_516_868, 7_219_231];

/// A picture of grey pixels, each with its opacity, row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GreyAlpha {
    /// Pixels in a row.
    pub width: usize,
    /// Grey from 0, black, to 255, and opacity from 0, nothing, to 255.
    pub pixels: Vec<[u8; 2]>,
}

/// Reads a file; `limit` is the number of bytes that its pixels may take unpacked.
///
/// # Errors
///
/// [`DecodingError`]; [`DecodingError::LimitsExceeded`] if the pixels would take more.
pub fn decode(file: impl BufRead + Seek, limit: usize) -> Result<GreyAlpha, DecodingError> {
    let mut decoder = Decoder::new_with_limits(file, Limits { bytes: limit });
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let length = reader
        .output_buffer_size()
        .filter(|&length| length <= limit);
    let mut bytes = vec![0; length.ok_or(DecodingError::LimitsExceeded)?];
    let info = reader.next_frame(&mut bytes)?;
    Ok(GreyAlpha {
        width: info.width as usize,
        pixels: pixels(&bytes, &info),
    })
}

/// The pixels of a frame.
fn pixels(bytes: &[u8], info: &OutputInfo) -> Vec<[u8; 2]> {
    let channels = info.color_type.samples();
    if info.bit_depth == BitDepth::Sixteen {
        let pixels = bytes.chunks_exact(2 * channels);
        let sample = |&sample: &[u8; 2]| u16::from_be_bytes(sample);
        pixels
            .map(|pixel| grey_alpha(pixel.as_chunks().0.iter().map(sample), u16::MAX, channels))
            .collect()
    } else {
        let pixels = bytes.chunks_exact(channels);
        pixels
            .map(|pixel| grey_alpha(pixel.iter().copied(), u8::MAX, channels))
            .collect()
    }
}

/// Grey and opacity of a pixel of one to four samples, each at most `most`, to the nearest 255th.
fn grey_alpha<S: Into<u64>>(samples: impl Iterator<Item = S>, most: S, channels: usize) -> [u8; 2] {
    let most = most.into();
    let mut all = [0; 4];
    all.iter_mut()
        .zip(samples)
        .for_each(|(to, from)| *to = from.into());
    let [first, second, third, fourth] = all;
    let byte = |part: u64, whole: u64| ((255 * part + whole / 2) / whole) as u8;
    let luma = || {
        let parts = [first, second, third].into_iter().zip(LUMA);
        let sum = parts.map(|(sample, weight)| sample * weight).sum();
        byte(sum, most * LUMA.iter().sum::<u64>())
    };
    match channels {
        1 => [byte(first, most), u8::MAX],
        2 => [byte(first, most), byte(second, most)],
        3 => [luma(), u8::MAX],
        _ => [luma(), byte(fourth, most)],
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use png::ColorType;

    use super::*;

    const WIDTH: u32 = 13;
    const HEIGHT: u32 = 7;
    const LIMIT: usize = 1 << 20;

    /// Bytes of no pattern.
    fn noise(count: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let next = |_| {
            state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            (state >> 24) as u8
        };
        (0..count).map(next).collect()
    }

    fn file(
        colours: ColorType,
        depth: BitDepth,
        change: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
    ) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
        encoder.set_color(colours);
        encoder.set_depth(depth);
        change(&mut encoder);
        let bits = WIDTH as usize * colours.samples() * depth as usize;
        let mut writer = encoder.write_header().unwrap();
        writer
            .write_image_data(&noise(bits.div_ceil(8) * HEIGHT as usize))
            .unwrap();
        writer.finish().unwrap();
        file
    }

    /// As the crate `image` reads it, but for the last bit of colours.
    #[track_caller]
    fn expect_as_image(file: &[u8]) {
        let found = decode(Cursor::new(file), LIMIT).unwrap();
        let wanted = image::load_from_memory(file).unwrap().into_luma_alpha8();
        assert_eq!(found.pixels.len(), (WIDTH * HEIGHT) as usize);
        for (found, wanted) in found.pixels.iter().zip(wanted.pixels()) {
            assert!(found[0].abs_diff(wanted.0[0]) <= 1, "{found:?} {wanted:?}");
            assert_eq!(found[1], wanted.0[1]);
        }
    }

    #[test]
    fn every_kind_of_colour_and_depth_is_read() {
        use BitDepth::{Eight, Four, One, Sixteen, Two};
        for depth in [One, Two, Four, Eight, Sixteen] {
            expect_as_image(&file(ColorType::Grayscale, depth, |_| {}));
        }
        for colours in [ColorType::GrayscaleAlpha, ColorType::Rgb, ColorType::Rgba] {
            for depth in [Eight, Sixteen] {
                expect_as_image(&file(colours, depth, |_| {}));
            }
        }
    }

    #[test]
    fn palettes_are_read_with_what_shows_through() {
        for depth in [
            BitDepth::One,
            BitDepth::Two,
            BitDepth::Four,
            BitDepth::Eight,
        ] {
            expect_as_image(&file(ColorType::Indexed, depth, |encoder| {
                encoder.set_palette(noise(3 * 256));
                encoder.set_trns(noise(40));
            }));
        }
    }

    #[test]
    fn what_would_take_more_than_the_limit_is_refused_before_it_is_unpacked() {
        let file = file(ColorType::Rgba, BitDepth::Sixteen, |_| {});
        let least = (WIDTH * HEIGHT * 8) as usize;
        let error = decode(Cursor::new(&file), least - 1).unwrap_err();
        assert!(matches!(error, DecodingError::LimitsExceeded));
    }
}
