//! `Place`: what a path stands for, whatever its spelling: links followed, devices and pipes told from files.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Links that are followed before a path counts as a circle, as Linux has it.
const MOST_LINKS: usize = 40;

/// Where the bytes for a path go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A regular file, or a name that no file has yet; not a link.
    File(PathBuf),
    /// A device, a pipe or a socket.
    Special(PathBuf),
}

impl Place {
    /// Follows the links of a path, dangling ones too.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::IsADirectory`], or what the system says of a link.
    pub fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if metadata.is_file() => Ok(Self::File(fs::canonicalize(path)?)),
            Ok(_) => Ok(Self::Special(path.into())),
            Err(_) => Ok(Self::File(end_of_links(path)?)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Special(path) => path,
        }
    }

    /// Whether bytes are written into it as they come.
    pub fn is_special(&self) -> bool {
        matches!(self, Self::Special(_))
    }
}

/// The name at the end of links of which the last one dangles.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut end = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&end) {
            Ok(metadata) if metadata.is_symlink() => {
                let target = fs::read_link(&end)?;
                end = folder(&end).join(target);
            }
            _ => return Ok(end),
        }
    }
    Err(io::Error::other("too many links"))
}

/// The folder that a file is in.
pub fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
        _ => PathBuf::from("."),
    }
}

/// What tells one file from every other, however it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Device and number of a file that is there.
    #[cfg(unix)]
    Number(u64, u64),
    /// The one path without links and detours.
    Path(PathBuf),
}

impl Identity {
    /// Of a file, or of the name that a file will have.
    pub fn of(path: &Path) -> Option<Self> {
        if let Ok(metadata) = fs::metadata(path) {
            return Self::of_file(path, &metadata);
        }
        let end = end_of_links(path).ok()?;
        let folder = fs::canonicalize(folder(&end)).ok()?;
        Some(Self::Path(folder.join(end.file_name()?)))
    }

    #[cfg(unix)]
    #[allow(clippy::unnecessary_wraps, reason = "elsewhere the path may be gone")]
    fn of_file(_: &Path, metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self::Number(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn of_file(path: &Path, _: &Metadata) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self::Path)
    }
}
