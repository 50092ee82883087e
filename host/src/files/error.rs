//! `FileError`: what can go wrong with a file that is read whole or written whole.

use std::io;
use std::path::PathBuf;

/// What went wrong, and with which file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file far larger than what it should hold.
    #[error("{}: not a {what}: larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// Bytes that such a file may have.
        limit: u64,
    },
    /// A folder that a file is to be written to does not exist.
    #[error("cannot write {}: there is no folder {}", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// A file that is there and is none of ours.
    #[error("{} is there already; --force replaces it, though it is not {kind} of this program", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What would replace it.
        kind: &'static str,
    },
    /// A file that is protected against writing.
    #[error("{} is read-only; --force replaces it", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A file that this very run reads.
    #[error("{} is what is read here; --force replaces it", path.display())]
    IsInput {
        /// The file.
        path: PathBuf,
    },
    /// Two results would go into one file.
    #[error("{} and {} are one file, and each is to hold a result of its own", first.display(), second.display())]
    Same {
        /// The file.
        first: PathBuf,
        /// The same file, perhaps by another name.
        second: PathBuf,
    },
    /// A file cannot be written; what was to be in it is elsewhere.
    #[error("cannot write {}: {source}; the result is in {}", path.display(), rescued.display())]
    Rescued {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// Where the bytes are.
        rescued: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FileError {
    /// Wraps what the system says about writing a file.
    pub fn write(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Write {
            path: path.into(),
            source,
        }
    }

    /// Wraps what the system says about reading a file.
    pub fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Read {
            path: path.into(),
            source,
        }
    }
}
