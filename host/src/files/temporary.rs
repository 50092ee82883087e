//! Temporary files beside the file that they will become. Each is locked as long as its process lives, so that the next
//! run can tell those of the living from what a killed one left.

use std::fs::{self, Permissions};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// How the names begin.
const PREFIX: &str = ".smidgen-";

/// A temporary file in a folder, locked.
///
/// # Errors
///
/// What the system says.
pub fn create(folder: &Path, permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    // Another process may take it for a dead one's before it is locked, and no second time.
    let mut file = builder.tempfile_in(folder)?;
    while !lock::take_for_good(file.as_file()) {
        file = builder.tempfile_in(folder)?;
    }
    Ok(file)
}

/// Removes what processes that live no more have left in a folder; what cannot be removed stays.
pub fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_string_lossy().starts_with(PREFIX) {
            lock::remove_if_free(&entry.path());
        }
    }
}

#[cfg(unix)]
mod lock {
    use std::fs::{self, File};
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use rustix::fs::{FlockOperation, flock};

    /// Locks a file that was just made; false if someone removed it before. A file system without locks has none to
    /// ask, either.
    pub fn take_for_good(file: &File) -> bool {
        let _ = flock(file, FlockOperation::LockExclusive);
        file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
    }

    /// Removes a file that no process has locked.
    pub fn remove_if_free(path: &Path) {
        let Ok(file) = File::open(path) else {
            return;
        };
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            // Another process may have done the same at the same time.
            let _ = fs::remove_file(path);
        }
    }
}

/// Without locks nothing is taken for a dead process's.
#[cfg(not(unix))]
mod lock {
    use std::fs::File;
    use std::path::Path;

    pub fn take_for_good(_: &File) -> bool {
        true
    }

    pub fn remove_if_free(_: &Path) {}
}
