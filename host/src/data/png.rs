//! A PNG file as grey values and opacities, whatever its colours and its depth.

use std::io::{BufRead, Seek};

use png::{BitDepth, Decoder, DecodingError, Limits, OutputInfo, Transformations};

/// Weights of red, green and blue in a grey value, in parts of their sum (ITU-R BT.709, as sRGB has them).
const LUMA: [u32; 3] = [2126, 7152, 722];

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
        // To the nearest 255th.
        let byte = |sample: u32| ((sample + 128) / 257) as u8;
        pixels
            .map(|pixel| {
                grey_alpha(
                    pixel.as_chunks().0.iter().map(|&s| u16::from_be_bytes(s)),
                    u16::MAX,
                    channels,
                )
                .map(byte)
            })
            .collect()
    } else {
        let pixels = bytes.chunks_exact(channels);
        pixels
            .map(|pixel| grey_alpha(pixel.iter().copied(), u8::MAX, channels).map(|s| s as u8))
            .collect()
    }
}

/// Grey and opacity of a pixel of one to four samples; `opaque` is the largest sample there can be.
fn grey_alpha<S: Into<u32>>(
    samples: impl Iterator<Item = S>,
    opaque: S,
    channels: usize,
) -> [u32; 2] {
    let mut all = [0; 4];
    all.iter_mut()
        .zip(samples)
        .for_each(|(to, from)| *to = from.into());
    let [first, second, third, fourth] = all;
    match channels {
        1 => [first, opaque.into()],
        2 => [first, second],
        3 => [luma([first, second, third]), opaque.into()],
        _ => [luma([first, second, third]), fourth],
    }
}

/// The grey value of a colour, rounded down.
fn luma(colour: [u32; 3]) -> u32 {
    let parts = colour.iter().zip(LUMA);
    parts.map(|(sample, weight)| sample * weight).sum::<u32>() / LUMA.iter().sum::<u32>()
}
