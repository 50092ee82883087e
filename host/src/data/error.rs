//! `DataError`: what can be wrong with a data set, by the file that is at fault.

use std::io;
use std::path::PathBuf;

use super::idx::IdxError;
use super::table::TableError;

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
    /// A table that is not as it should be.
    #[error("{}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: TableError,
    },
    /// A part for which there are no examples.
    #[error("{}: nothing is left for the {part} part", path.display())]
    EmptyPart {
        /// The file or folder.
        path: PathBuf,
        /// Which.
        part: &'static str,
    },
    /// A reading that is not in [0, 1], where nothing scales it.
    #[error("{}, column {column}: {reading} is not in [0, 1], as it must be without a scaling", path.display())]
    NotScaled {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The reading.
        reading: f32,
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
    /// More than one data set where one was asked for.
    #[error("{} has several data sets: {}", directory.display(), sets.join(", "))]
    SeveralSets {
        /// Where they are.
        directory: PathBuf,
        /// What they are called.
        sets: Vec<String>,
    },
    /// Test images of another form than the training images.
    #[error("{}: inputs of {found} values, the training images have {expected}", path.display())]
    OtherShape {
        /// The file of the test images.
        path: PathBuf,
        /// Values of a training image.
        expected: usize,
        /// Values of a test image.
        found: usize,
    },
    /// A file where a folder of IDX files or a table is expected.
    #[error("{}: an IDX file; name the folder that it is in", path.display())]
    IdxFile {
        /// The file.
        path: PathBuf,
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

    /// Whether a table has not the columns or the classes that were expected, and so may be another.
    #[must_use]
    pub fn is_other_table(&self) -> bool {
        let Self::Table { source, .. } = self else {
            return false;
        };
        matches!(
            source,
            TableError::NoColumn { .. }
                | TableError::OtherColumns { .. }
                | TableError::UnknownClass { .. }
                | TableError::NoReadings
        )
    }

    /// Wraps a fault in a table.
    pub fn table(path: impl Into<PathBuf>, source: TableError) -> Self {
        let path = path.into();
        match source {
            TableError::Read(source) => Self::Read { path, source },
            source => Self::Table { path, source },
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
