//! `Outputs`: the files that one run reads and writes, and the one rule on what it may replace.
//!
//! Without `--force` only a file of the kind that is going to be written, made by this program, not read by this run and
//! not protected against writing. Two results in one file are refused always, whatever the spelling of its name.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::FileError;
use super::output::OutputFile;
use super::place::Identity;

/// Bytes from the start of a file by which its kind is known.
const HEAD: u64 = 1024;

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What it is called, with its article.
    pub name: &'static str,
    /// Whether a file that starts so is one that this program made.
    pub is: fn(&[u8]) -> bool,
}

/// The files of a run.
#[derive(Debug, Default)]
pub struct Outputs {
    force: bool,
    inputs: Vec<Identity>,
    outputs: Vec<(Identity, PathBuf)>,
}

impl Outputs {
    /// None yet; `force` lets what is there be replaced.
    #[must_use]
    pub fn new(force: bool) -> Self {
        Self {
            force,
            ..Self::default()
        }
    }

    /// A file that the run reads.
    #[must_use]
    pub fn reading(mut self, path: &Path) -> Self {
        self.inputs.extend(Identity::of(path));
        self
    }

    /// A file that the run is going to write.
    ///
    /// # Errors
    ///
    /// As [`OutputFile::prepare`]; [`FileError::Same`] for a file that has another result already, and
    /// [`FileError::ReadOnly`], [`FileError::IsInput`] or [`FileError::Other`] for one that must not be replaced.
    pub fn prepare(&mut self, path: &Path, kind: Kind) -> Result<OutputFile, FileError> {
        let file = self.claim(path)?;
        if self.force || file.is_special() {
            return Ok(file);
        }
        let path = || PathBuf::from(file.path());
        match fs::metadata(file.target()) {
            Err(_) => return Ok(file),
            Ok(metadata) if metadata.permissions().readonly() => {
                return Err(FileError::ReadOnly { path: path() });
            }
            Ok(_) => {}
        }
        if Identity::of(file.target()).is_some_and(|identity| self.inputs.contains(&identity)) {
            return Err(FileError::IsInput { path: path() });
        }
        if !is(kind, file.target()) {
            return Err(FileError::Other {
                path: path(),
                kind: kind.name,
            });
        }
        Ok(file)
    }

    /// A file that the run reads, if it is there, and is going to write.
    ///
    /// # Errors
    ///
    /// As [`OutputFile::prepare`], and [`FileError::Same`].
    pub fn claim(&mut self, path: &Path) -> Result<OutputFile, FileError> {
        let file = OutputFile::prepare(path)?;
        // A device takes everything.
        if let Some(identity) = Identity::of(path).filter(|_| !is_device(path)) {
            if let Some((_, first)) = self.outputs.iter().find(|(other, _)| *other == identity) {
                return Err(FileError::Same {
                    first: first.clone(),
                    second: path.into(),
                });
            }
            self.outputs.push((identity, path.into()));
        }
        Ok(file)
    }
}

/// Whether a file is of a kind.
pub fn is(kind: Kind, path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && (kind.is)(&head)
}

#[cfg(unix)]
fn is_device(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_device(_: &Path) -> bool {
    false
}
