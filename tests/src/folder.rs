//! A folder for one test, and the binary, or a program of someone's own sizes, run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::binary;

/// A folder that goes away with its value.
pub struct Folder {
    root: TempDir,
    program: PathBuf,
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Folder {
    /// An empty folder for the binary.
    ///
    /// # Panics
    ///
    /// If the system has no room for one, or the binary cannot be built.
    #[must_use]
    pub fn new() -> Self {
        Self::of(binary::path())
    }

    /// An empty folder for a program that has the verbs of the binary.
    ///
    /// # Panics
    ///
    /// If the system has no room for one.
    #[must_use]
    pub fn of(program: impl Into<PathBuf>) -> Self {
        Self {
            root: tempfile::tempdir().expect("a folder"),
            program: program.into(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Where a file in it is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).expect("the folder can be written to");
    }

    /// The bytes of a file.
    ///
    /// # Panics
    ///
    /// If it cannot be read.
    #[must_use]
    #[track_caller]
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect(name)
    }

    /// The names of all files, in order.
    ///
    /// # Panics
    ///
    /// If the folder cannot be read.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.root()).expect("the folder can be read");
        let name = |file: std::io::Result<std::fs::DirEntry>| {
            file.expect("a file").file_name().to_string_lossy().into()
        };
        let mut names: Vec<_> = files.map(name).collect();
        names.sort();
        names
    }

    /// The program with arguments, ready to start in this folder.
    #[must_use]
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(self.root())
            .args(arguments.split_whitespace());
        command
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &str) -> Output {
        self.command(arguments)
            .output()
            .expect("the program starts")
    }

    /// What it prints when all goes well.
    ///
    /// # Panics
    ///
    /// If it fails.
    #[track_caller]
    pub fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// What it says when it refuses: one line on standard error, nothing on standard output, exit code 2.
    ///
    /// # Panics
    ///
    /// If it does not.
    #[must_use]
    #[track_caller]
    pub fn error(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.stdout.is_empty(), "{arguments}: {output:?}");
        error_line(&output)
    }
}

/// The one line on standard error of a program that ended with exit code 2.
///
/// # Panics
///
/// If it did not end so.
#[must_use]
#[track_caller]
pub fn error_line(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(stderr.lines().count(), 1, "not one line: {stderr}");
    assert!(stderr.starts_with("smidgen: "), "{stderr}");
    stderr.into()
}

/// A finished model, which stands where another is going to be written.
///
/// # Panics
///
/// If the fixture is missing.
#[must_use]
pub fn old_model() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model");
    std::fs::read(path).unwrap()
}
