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
