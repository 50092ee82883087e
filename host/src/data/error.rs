//! `DataError`: what can be wrong with a data set, by the file that is at fault.

use std::io;
use std::path::PathBuf;

use super::idx::IdxError;

/// What is wrong, and with which file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of a data set is in none of the forms it may have.
    #[error("no {stem}-{kind} in {}, nor {stem}.{kind}, nor either with .gz", directory.display())]
    NoDataFile {
        /// Where it was looked for.
        directory: PathBuf,
        /// The first part of its name.
        stem: String,
        /// The last part of its name.
        kind: String,
    },
    /// A file of images or labels that is not as it should be.
    #[error("{}: {source}", path.display())]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: IdxError,
    },
    /// As many labels as images are needed.
    #[error("{} has {labels} labels, {} has {images} images", labels_path.display(), images_path.display())]
    Counts {
        /// The file of the images.
        images_path: PathBuf,
        /// How many images it has.
        images: usize,
        /// The file of the labels.
        labels_path: PathBuf,
        /// How many labels it has.
        labels: usize,
    },
    /// A training file must hold more images than are set aside for validation.
    #[error("{} has {found} images, more than {validation} are needed: the last {validation} are for validation", path.display())]
    TooFewImages {
        /// The file of the training images.
        path: PathBuf,
        /// Images in it.
        found: usize,
        /// Images set aside.
        validation: usize,
    },
}

impl DataError {
    /// Wraps what the system says about reading a file.
    pub fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Read {
            path: path.into(),
            source,
        }
    }

    /// Wraps a fault in a file of images or labels.
    pub fn idx(path: impl Into<PathBuf>, source: IdxError) -> Self {
        let path = path.into();
        match source {
            IdxError::Read(source) => Self::Read { path, source },
            source => Self::Idx { path, source },
        }
    }
}
