//! A JPEG file as grey pixels.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::error::{MOST_PIXELS, PictureError};
use super::exif;
use super::pixels::Pixels;

/// The first bytes of every JPEG file.
pub const SIGNATURE: &[u8] = b"\xff\xd8\xff";

/// Scans of a progressive file that are read; each costs as much as the first.
const MOST_SCANS: usize = 64;

/// Reads a file; its size is looked at before its pixels are unpacked.
///
/// # Errors
///
/// [`PictureError::TooLarge`] or [`PictureError::Jpeg`].
pub fn decode(file: &[u8]) -> Result<Pixels, PictureError> {
    let options = DecoderOptions::new_fast()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MOST_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(wrong)?;
    let size = decoder
        .info()
        .map(|info| (usize::from(info.width), usize::from(info.height)));
    let (width, height) = size.unwrap_or_default();
    if width * height > MOST_PIXELS {
        return Err(PictureError::TooLarge);
    }
    // Where there are no such colours as grey is made of, all are given.
    let grey = matches!(
        decoder.input_colorspace(),
        Some(ColorSpace::Luma | ColorSpace::YCbCr)
    );
    if !grey {
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::RGB));
    }
    let bytes = decoder.decode().map_err(wrong)?;
    Ok(Pixels {
        width,
        height,
        channels: if grey { 1 } else { 3 },
        bytes,
        wide: false,
        orientation: decoder.exif().map_or(1, |exif| exif::orientation(exif)),
    })
}

fn wrong(error: DecodeErrors) -> PictureError {
    let text = format!("{error:?}");
    PictureError::Jpeg(text.replace(char::is_control, " "))
}
