//! Writing a file whole or not at all, and losing no result.
//!
//! | what is there | how it is written |
//! |---|---|
//! | nothing, or a regular file | to a temporary name in the same folder, then renamed: replaced at one stroke |
//! | a regular file in a folder that takes no other, or that cannot be renamed to, such as one mounted alone | in place |
//! | a link | as what it leads to, and the link stays |
//! | a device, a pipe | into it |
//!
//! If nothing of this works in the end, the bytes are left in a file of another name, which the error gives.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::FileError;
use super::place::{Place, folder};
use super::temporary;

/// A file that will be written when the work is done, in a place that was seen to take it.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// As it was asked for.
    path: PathBuf,
    place: Place,
}

impl OutputFile {
    /// Checks now that the file can be written later; leaves nothing behind, and clears what killed processes left.
    ///
    /// # Errors
    ///
    /// [`FileError::NoFolder`], or [`FileError::Write`] if the folder takes no file or the path is a folder itself.
    pub fn prepare(path: &Path) -> Result<Self, FileError> {
        let refused = |source| FileError::write(path, source);
        let file = Self {
            path: path.into(),
            place: Place::of(path).map_err(refused)?,
        };
        if let Place::File(target) = &file.place {
            let folder = folder(target);
            if !folder.is_dir() {
                return Err(FileError::NoFolder {
                    path: path.into(),
                    folder,
                });
            }
            temporary::clear(&folder);
            if let Err(source) = temporary::create(&folder, None) {
                let in_place = File::options().write(true).open(target);
                in_place.map_err(|_| refused(source))?;
            }
        }
        Ok(file)
    }

    /// Where the file will be, as it was asked for.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the bytes will go, links followed.
    #[must_use]
    pub fn target(&self) -> &Path {
        self.place.path()
    }

    /// Whether it is a device or a pipe, which keeps nothing.
    #[must_use]
    pub fn is_special(&self) -> bool {
        self.place.is_special()
    }

    /// Writes the file; what was there before is replaced at one stroke, or kept if this fails.
    ///
    /// # Errors
    ///
    /// [`FileError::Write`], or [`FileError::Rescued`] if the bytes are in another file.
    pub fn write(&self, bytes: &[u8]) -> Result<(), FileError> {
        let written = match &self.place {
            Place::Special(path) => write_into(path, bytes),
            Place::File(target) => replace(target, bytes),
        };
        written.map_err(|source| match self.rescue(bytes) {
            Ok(rescued) => FileError::Rescued {
                path: self.path.clone(),
                source,
                rescued,
            },
            Err(_) => FileError::write(&self.path, source),
        })
    }

    /// Leaves the bytes in a new file of another folder, where those of the system's temporary files are.
    fn rescue(&self, bytes: &[u8]) -> io::Result<PathBuf> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut file = tempfile::Builder::new()
            .prefix("smidgen-")
            .suffix(&format!("-{name}"))
            .tempfile()?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file.keep()?.1)
    }
}

/// Replaces a file at one stroke; in place where that is refused.
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let source = match rename_over(target, bytes) {
        Ok(()) => return Ok(()),
        Err(source) => source,
    };
    let full = [
        io::ErrorKind::StorageFull,
        io::ErrorKind::QuotaExceeded,
        io::ErrorKind::FileTooLarge,
    ];
    // What was there would be lost, and nothing won.
    if full.contains(&source.kind()) {
        return Err(source);
    }
    write_in_place(target, bytes).map_err(|_| source)
}

fn rename_over(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = temporary::create(&folder(target), permissions(target))?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Writes over a file that is there.
fn write_in_place(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).open(target)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// Writes into a device or a pipe, whose reader may still have to come.
fn write_into(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    file.write_all(bytes)?;
    file.flush()
}

/// Those of the file that is there, or what any new file gets.
fn permissions(target: &Path) -> Option<Permissions> {
    fs::metadata(target)
        .map(|metadata| metadata.permissions())
        .ok()
        .or_else(new_file_permissions)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there are none")]
fn new_file_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::OutputFile;
    use crate::files::FileError;
    use std::fs;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.model");
        fs::write(&path, b"old").unwrap();
        let file = OutputFile::prepare(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        file.write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_found_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let error = OutputFile::prepare(&folder.path().join("none/a.model")).unwrap_err();
        assert!(matches!(error, FileError::NoFolder { .. }), "{error}");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            OutputFile::prepare(folder.path()),
            Err(FileError::Write { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("target", &link).unwrap();
        for bytes in [b"first", b"other"] {
            OutputFile::prepare(&link).unwrap().write(bytes).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read(folder.path().join("target")).unwrap(), bytes);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_the_dead_left_is_cleared_and_what_the_living_hold_is_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".smidgen-dead"), b"half").unwrap();
        let living = super::temporary::create(folder.path(), None).unwrap();
        OutputFile::prepare(&folder.path().join("a.model")).unwrap();
        assert!(!folder.path().join(".smidgen-dead").exists());
        assert!(living.path().exists());
    }
}
