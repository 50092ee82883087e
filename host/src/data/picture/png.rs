//! A PNG file as pixels.

use std::io::Cursor;

use png::{BitDepth, Decoder, DecodingError, Limits, Transformations};

use super::error::{MOST_PIXELS, PictureError};
use super::exif;
use super::pixels::Pixels;

/// The first bytes of every PNG file.
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Bytes of a pixel at most: four samples of two.
const WIDEST: usize = 8;

/// Reads a file; its size is looked at before its pixels are unpacked.
///
/// # Errors
///
/// [`PictureError::TooLarge`] or [`PictureError::Png`].
pub fn decode(file: &[u8]) -> Result<Pixels, PictureError> {
    let limits = Limits {
        bytes: MOST_PIXELS * WIDEST,
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(wrong)?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS as u64 {
        return Err(PictureError::TooLarge);
    }
    let length = reader.output_buffer_size().ok_or(PictureError::TooLarge)?;
    let mut bytes = vec![0; length];
    let info = reader.next_frame(&mut bytes).map_err(wrong)?;
    bytes.truncate(info.buffer_size());
    let turned = reader.info().exif_metadata.as_deref();
    Ok(Pixels {
        width: info.width as usize,
        height: info.height as usize,
        bytes,
        channels: info.color_type.samples(),
        wide: info.bit_depth == BitDepth::Sixteen,
        orientation: turned.map_or(1, exif::orientation),
    })
}

fn wrong(error: DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => PictureError::TooLarge,
        error => PictureError::Png(error),
    }
}
