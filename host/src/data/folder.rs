//! Where the files of a data set are: in a folder, under one of their usual names.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::error::DataError;

/// Reads are made in pieces of this many bytes.
const BUFFER: usize = 1 << 16;

/// A file of images and the file of their labels.
#[derive(Clone, Debug)]
pub struct Pair {
    /// `…-images-idx3-ubyte`.
    pub images: DataFile,
    /// `…-labels-idx1-ubyte`.
    pub labels: DataFile,
}

impl Pair {
    /// The training images of the set in a folder.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDataFile`] if one is missing.
    pub fn training(directory: &Path) -> Result<Self, DataError> {
        Self::find(directory, "train")
    }

    /// The test images of the set in a folder.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDataFile`] if one is missing.
    pub fn test(directory: &Path) -> Result<Self, DataError> {
        Self::find(directory, "t10k")
    }

    fn find(directory: &Path, part: &str) -> Result<Self, DataError> {
        Ok(Self {
            images: DataFile::find(directory, &format!("{part}-images"), "idx3-ubyte")?,
            labels: DataFile::find(directory, &format!("{part}-labels"), "idx1-ubyte")?,
        })
    }
}

/// One file, and how to open it.
#[derive(Clone, Debug)]
pub struct DataFile {
    path: PathBuf,
}

impl DataFile {
    /// Its name, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it for reading from the start.
    ///
    /// # Errors
    ///
    /// [`DataError::Read`] if the system cannot open it.
    pub fn open(&self) -> Result<BufReader<File>, DataError> {
        let file = File::open(&self.path).map_err(|source| DataError::read(&self.path, source))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }

    /// The first that exists of `stem-kind`, `stem.kind`, and both with `.gz`.
    fn find(directory: &Path, stem: &str, kind: &str) -> Result<Self, DataError> {
        for end in ["", ".gz"] {
            for separator in ["-", "."] {
                let path = directory.join(format!("{stem}{separator}{kind}{end}"));
                if path.exists() {
                    return Ok(Self { path });
                }
            }
        }
        Err(DataError::NoDataFile {
            directory: directory.into(),
            stem: stem.into(),
            kind: kind.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_name_is_found_and_raw_comes_before_gzip() {
        let directory = tempfile::tempdir().unwrap();
        let names = [
            "a.idx3-ubyte.gz",
            "a-idx3-ubyte.gz",
            "a.idx3-ubyte",
            "a-idx3-ubyte",
        ];
        for name in names {
            let path = directory.path().join(name);
            std::fs::write(&path, []).unwrap();
            let found = DataFile::find(directory.path(), "a", "idx3-ubyte").unwrap();
            assert_eq!(found.path(), path);
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Pair::training(Path::new("nowhere"))
            .unwrap_err()
            .to_string();
        let names = "no train-images-idx3-ubyte in nowhere, nor train-images.idx3-ubyte, nor either with .gz";
        assert_eq!(error, names);
    }

    #[test]
    fn a_file_that_has_gone_is_an_error() {
        let file = DataFile {
            path: "nowhere/a".into(),
        };
        assert!(matches!(file.open().err(), Some(DataError::Read { .. })));
    }
}
