//! Where the files of a data set are: in a folder under one of their usual names, or inside the program.

use std::fs::File;
use std::io::{BufRead, BufReader};
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
    /// The training images of the set in a folder, or the program's own.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDataFile`] if one is missing.
    pub fn training(directory: Option<&Path>) -> Result<Self, DataError> {
        Self::find(directory, "train", &TRAINING)
    }

    /// The test images of the set in a folder, or the program's own.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDataFile`] if one is missing.
    pub fn test(directory: Option<&Path>) -> Result<Self, DataError> {
        Self::find(directory, "t10k", &TEST)
    }

    fn find(
        directory: Option<&Path>,
        part: &str,
        embedded: &[Embedded; 2],
    ) -> Result<Self, DataError> {
        let Some(directory) = directory else {
            let [images, labels] = embedded.each_ref().map(DataFile::embedded);
            return Ok(Self { images, labels });
        };
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
    /// Its bytes, if it is inside the program.
    bytes: Option<&'static [u8]>,
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
    pub fn open(&self) -> Result<Box<dyn BufRead>, DataError> {
        if let Some(bytes) = self.bytes {
            return Ok(Box::new(bytes));
        }
        let file = File::open(&self.path).map_err(|source| DataError::read(&self.path, source))?;
        Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
    }

    fn embedded(file: &Embedded) -> Self {
        Self {
            path: Path::new("embedded").join(file.name),
            bytes: Some(file.bytes),
        }
    }

    /// The first that exists of `stem-kind`, `stem.kind`, and both with `.gz`.
    fn find(directory: &Path, stem: &str, kind: &str) -> Result<Self, DataError> {
        for end in ["", ".gz"] {
            for separator in ["-", "."] {
                let path = directory.join(format!("{stem}{separator}{kind}{end}"));
                if path.exists() {
                    return Ok(Self { path, bytes: None });
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

/// A file inside the program.
struct Embedded {
    name: &'static str,
    bytes: &'static [u8],
}

/// A file of `host/data/mnist`.
macro_rules! embedded {
    ($name:literal) => {
        Embedded {
            name: $name,
            bytes: include_bytes!(concat!("../../data/mnist/", $name)),
        }
    };
}

/// The program's own training images and labels.
static TRAINING: [Embedded; 2] = [
    embedded!("train-images-idx3-ubyte.gz"),
    embedded!("train-labels-idx1-ubyte.gz"),
];
/// The program's own test images and labels.
static TEST: [Embedded; 2] = [
    embedded!("t10k-images-idx3-ubyte.gz"),
    embedded!("t10k-labels-idx1-ubyte.gz"),
];

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
        let error = Pair::training(Some(Path::new("nowhere")))
            .unwrap_err()
            .to_string();
        let names = "no train-images-idx3-ubyte in nowhere, nor train-images.idx3-ubyte, nor either with .gz";
        assert_eq!(error, names);
    }

    #[test]
    fn a_file_that_has_gone_is_an_error() {
        let file = DataFile {
            path: "nowhere/a".into(),
            bytes: None,
        };
        assert!(matches!(file.open().err(), Some(DataError::Read { .. })));
    }
}
