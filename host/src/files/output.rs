//! Writing a file whole or not at all: to a temporary name in the same folder, then renamed.

use std::fs::{self, Permissions};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::FileError;

/// A file that will be written when the work is done, in a folder that was seen to take it.
#[derive(Clone, Debug)]
pub struct OutputFile {
    path: PathBuf,
    folder: PathBuf,
}

impl OutputFile {
    /// Checks now that the file can be written later; leaves nothing behind.
    ///
    /// # Errors
    ///
    /// [`FileError::NoFolder`], or [`FileError::Write`] if the folder takes no file or the path is a folder itself.
    pub fn prepare(path: &Path) -> Result<Self, FileError> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return Err(FileError::NoFolder {
                path: path.into(),
                folder,
            });
        }
        if path.is_dir() {
            return Err(FileError::write(
                path,
                std::io::ErrorKind::IsADirectory.into(),
            ));
        }
        let file = Self {
            path: path.into(),
            folder,
        };
        file.temporary()?;
        Ok(file)
    }

    /// [`OutputFile::prepare`] for a file that must not be there yet, unless it is to be replaced by `force`.
    ///
    /// # Errors
    ///
    /// As there, and [`FileError::Exists`].
    pub fn prepare_new(path: &Path, force: bool) -> Result<Self, FileError> {
        let file = Self::prepare(path)?;
        if !force && path.exists() {
            return Err(FileError::Exists { path: path.into() });
        }
        Ok(file)
    }

    /// Where the file will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file; what was there before is replaced at one stroke, or kept if this fails.
    ///
    /// # Errors
    ///
    /// [`FileError::Write`].
    pub fn write(&self, bytes: &[u8]) -> Result<(), FileError> {
        let mut temporary = self.temporary()?;
        let written = temporary
            .write_all(bytes)
            .and_then(|()| temporary.as_file().sync_all());
        written.map_err(|source| FileError::write(&self.path, source))?;
        temporary
            .persist(&self.path)
            .map_err(|error| FileError::write(&self.path, error.error))?;
        Ok(())
    }

    fn temporary(&self) -> Result<NamedTempFile, FileError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".smidgen-");
        if let Some(permissions) = self.permissions() {
            builder.permissions(permissions);
        }
        builder
            .tempfile_in(&self.folder)
            .map_err(|source| FileError::write(&self.path, source))
    }

    /// Those of the file that is there, or what any new file gets.
    fn permissions(&self) -> Option<Permissions> {
        fs::metadata(&self.path)
            .map(|metadata| metadata.permissions())
            .ok()
            .or_else(new_file_permissions)
    }
}

#[cfg(unix)]
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
}
