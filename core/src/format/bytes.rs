//! Numbers out of bytes, at compile time too, and bytes written with a checksum at their end; all little-endian.

use crate::format::crc::Crc32;
use crate::format::error::ModelError;

/// What is wrong with a file that ends before the byte `expected`.
pub(crate) const fn truncated(bytes: &[u8], expected: usize) -> ModelError {
    ModelError::Truncated {
        expected,
        found: bytes.len(),
    }
}

/// The four bytes at a position, if they are there.
pub(crate) const fn four(bytes: &[u8], position: usize) -> Option<&[u8; 4]> {
    match bytes.split_at_checked(position) {
        Some((_, rest)) => rest.first_chunk(),
        None => None,
    }
}

/// The four bytes at a position of a model file.
pub(crate) const fn read_4(bytes: &[u8], position: usize) -> Result<[u8; 4], ModelError> {
    match four(bytes, position) {
        Some(four) => Ok(*four),
        None if position > bytes.len() => Err(truncated(bytes, position)),
        None => Err(truncated(bytes, position + 4)),
    }
}

/// The two bytes at a position of a model file.
pub(crate) const fn read_2(bytes: &[u8], position: usize) -> Result<[u8; 2], ModelError> {
    if let Some((_, rest)) = bytes.split_at_checked(position)
        && let Some(two) = rest.first_chunk()
    {
        return Ok(*two);
    }
    Err(truncated(bytes, position + 2))
}

/// The unsigned number at a position of a model file.
pub(crate) const fn read_u32(bytes: &[u8], position: usize) -> Result<u32, ModelError> {
    match read_4(bytes, position) {
        Ok(four) => Ok(u32::from_le_bytes(four)),
        Err(error) => Err(error),
    }
}

/// The float at a position of a model file, which must be finite.
pub(crate) const fn read_f32(bytes: &[u8], position: usize) -> Result<f32, ModelError> {
    match read_4(bytes, position) {
        Ok(four) => {
            let value = f32::from_le_bytes(four);
            if value.is_finite() {
                Ok(value)
            } else {
                Err(ModelError::NotFinite { position })
            }
        }
        Err(error) => Err(error),
    }
}

/// Writes what `content` puts, piece by piece, then the CRC-32 of all of it, and gives that checksum.
pub(crate) fn write_with_checksum(
    mut write: impl FnMut(&[u8]),
    content: impl FnOnce(&mut dyn FnMut(&[u8])),
) -> u32 {
    let mut crc = Crc32::START;
    content(&mut |bytes| {
        crc = crc.with(bytes);
        write(bytes);
    });
    let checksum = crc.value();
    write(&checksum.to_le_bytes());
    checksum
}
