//! npz, NumPy's archive of arrays: a zip file with one npy file for each tensor, stored as it is.
//!
//! The formats: `numpy.lib.format` in NumPy's documentation, version 1.0, and PKWARE's APPNOTE. Written only.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::error::InterchangeError;
use super::portable::Portable;
use super::tensors::{Tensor, tensors};

/// Array data starts at a multiple of this.
const ALIGNMENT: usize = 64;

/// The bytes of an archive with the tensors of a network under PyTorch's names; it has no place for the note.
///
/// # Errors
///
/// [`InterchangeError::Encode`] for a network larger than zip files can be.
pub fn encode(network: &Portable) -> Result<Vec<u8>, InterchangeError> {
    let encode = || {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        // No compression, and always the same time, so that a network has one file.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default());
        for tensor in tensors(&network.layers) {
            archive.start_file(format!("{}.npy", tensor.name), options)?;
            archive.write_all(&npy(&tensor))?;
        }
        archive.finish().map(Cursor::into_inner)
    };
    encode().map_err(|error| InterchangeError::Encode(error.to_string()))
}

/// An array: magic, version 1.0, the length of a description in Python, the description, the numbers.
fn npy(tensor: &Tensor) -> Vec<u8> {
    let sizes: String = tensor
        .shape
        .iter()
        .map(|size| format!("{size}, "))
        .collect();
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}");
    let unpadded = 10 + text.len() + 1;
    text += &" ".repeat(unpadded.next_multiple_of(ALIGNMENT) - unpadded);
    text.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    // One or two sizes, so it is far below 2¹⁶.
    file.extend((text.len() as u16).to_le_bytes());
    file.extend(text.as_bytes());
    file.extend(tensor.bytes());
    file
}
