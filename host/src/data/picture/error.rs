//! `PictureError`: why a picture shows no digit.

use std::io;

/// Pixels that a picture may have; a file can claim far more than it holds.
pub const MOST_PIXELS: usize = 32 << 20;

/// Why a picture shows no digit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// A damaged PNG file.
    #[error("not a readable PNG file: {0}")]
    Png(#[source] png::DecodingError),
    /// A damaged JPEG file.
    #[error("not a readable JPEG file: {0}")]
    Jpeg(String),
    /// A file of another kind.
    #[error("neither a PNG nor a JPEG file, but {0}")]
    Other(&'static str),
    /// Larger than a picture of a digit needs to be.
    #[error("the picture is too large: {} million pixels at most", MOST_PIXELS >> 20)]
    TooLarge,
    /// One colour all over.
    #[error("the picture is blank")]
    Blank,
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
}

/// What a file is, by how it starts.
pub fn kind(bytes: &[u8]) -> &'static str {
    let kinds: [(&[u8], &str); 12] = [
        (b"GIF8", "a GIF"),
        (b"BM", "a BMP"),
        (b"II*\0", "a TIFF"),
        (b"MM\0*", "a TIFF"),
        (b"%PDF", "a PDF"),
        (b"<svg", "an SVG"),
        (b"<?xml", "XML"),
        (b"PK\x03\x04", "a ZIP"),
        (b"P5", "a PGM"),
        (b"P6", "a PPM"),
        (b"SMID", "a model of this program"),
        (b"\x1f\x8b", "a gzip file"),
    ];
    let known = kinds.iter().find(|(start, _)| bytes.starts_with(start));
    match (known, bytes.get(4..8), bytes.get(8..12)) {
        (Some((_, name)), ..) => name,
        (None, _, Some(b"WEBP")) => "a WebP",
        (None, Some(b"ftyp"), Some(b"avif")) => "an AVIF",
        (None, Some(b"ftyp"), Some(b"heic" | b"heix" | b"mif1" | b"msf1")) => "a HEIC",
        _ if bytes.is_empty() => "an empty file",
        _ => "something else",
    }
}
