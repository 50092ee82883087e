//! Reading a whole file of foreign bytes that may be of any length.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::FileError;

/// Bytes that a file with a network may have; the largest network of the program is a million as a model, and five
/// million in JSON.
pub const MOST_BYTES: u64 = 64 << 20;

/// The bytes of a file; `what` it should be goes into the message if it is far too large for that.
///
/// # Errors
///
/// [`FileError::Read`] if it cannot be read, [`FileError::TooLarge`] if it has more than [`MOST_BYTES`].
pub fn read(path: &Path, what: &'static str) -> Result<Vec<u8>, FileError> {
    let file = File::open(path).map_err(|source| FileError::read(path, source))?;
    read_from(file, path, what)
}

/// The bytes of an open file, standard input for one, which is called `path`.
///
/// # Errors
///
/// As [`read`].
pub fn read_from(file: impl Read, path: &Path, what: &'static str) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| FileError::read(path, source))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(FileError::TooLarge {
            path: path.into(),
            what,
            limit: MOST_BYTES,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let error = read(Path::new("nowhere.model"), "model file").unwrap_err();
        assert!(error.to_string().starts_with("cannot read nowhere.model: "));
    }

    #[test]
    fn a_file_without_end_is_not_read() {
        let endless = tempfile::NamedTempFile::new().unwrap();
        endless.as_file().set_len(MOST_BYTES + 1).unwrap();
        let error = read(endless.path(), "model file").unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }));
        endless.as_file().set_len(MOST_BYTES).unwrap();
        assert!(read(endless.path(), "model file").is_ok());
    }
}
