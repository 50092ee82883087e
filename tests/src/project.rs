//! Projects as `smidgen new` makes them: the three commands of each, typed as its README has them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::binary;
use crate::firmware::target::Target;
use crate::firmware::{log, qemu, toolchain};

/// How long a program may take in QEMU.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A project in a folder that goes with it.
pub struct Project {
    root: TempDir,
    name: &'static str,
    target: &'static Target,
    /// The three commands.
    pub commands: Vec<String>,
}

impl Project {
    /// `smidgen new NAME --target TARGET ARGUMENTS`.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn new(name: &'static str, target: &'static Target, arguments: &[&str]) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let output = binary::smidgen(root.path())
            .args(["new", name, "--json", "--target", target.triple])
            .args(arguments)
            .output()
            .expect("the binary starts");
        assert!(output.status.success(), "{output:?}");
        let line: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let commands = line["commands"].as_array().expect("three commands");
        let commands = commands.iter().filter_map(|line| line.as_str());
        let project = Self {
            commands: commands.map(String::from).collect(),
            root,
            name,
            target,
        };
        // The versions of this workspace, which are here already.
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
        std::fs::copy(lock, project.path("Cargo.lock")).expect("a lock file");
        project
    }

    /// A file of the project.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(self.name).join(name)
    }

    /// Types one of the trainer's commands, with more behind it.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub fn train(&self, command: usize, more: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{} {more}", self.commands[command])]);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO") && name != "CARGO_HOME" {
                shell.env_remove(name);
            }
        }
        // One folder for all projects, so that the library is compiled once.
        let results = toolchain::target_folder().join("new-trainer");
        let output = shell
            .current_dir(self.path(""))
            .env("CARGO_TARGET_DIR", results)
            .env("CARGO_NET_OFFLINE", "true")
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{}", text(&output));
    }

    /// Types the last command, which builds the firmware and runs it in QEMU.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[must_use]
    pub fn run_firmware(&self) -> Output {
        assert_eq!(self.commands[2], "cd firmware && cargo run --release");
        let cargo = toolchain::cargo_in(self.target, &self.path("firmware"), &results());
        let mut cargo = cargo.unwrap_or_else(|error| panic!("{error}"));
        cargo
            .args(["run", "--release"])
            .output()
            .expect("cargo starts")
    }

    /// Builds all programs of the firmware as for a board.
    ///
    /// # Panics
    ///
    /// If they do not build.
    pub fn build_for_a_board(&self) {
        let cargo = toolchain::cargo_in(self.target, &self.path("firmware"), &results());
        let mut cargo = cargo.unwrap_or_else(|error| panic!("{error}"));
        let output = cargo
            .args(["build", "--release", "--bins", "--no-default-features"])
            .args(["--features", "board"])
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}", text(&output));
    }

    /// The program that [`Project::run_firmware`] has built.
    #[must_use]
    pub fn elf(&self) -> PathBuf {
        let folder = results().join(self.target.triple).join("release");
        folder.join(format!("{}-firmware", self.name))
    }

    /// What the firmware logs.
    ///
    /// # Errors
    ///
    /// In words: how it failed.
    pub fn log(&self) -> Result<Vec<String>, String> {
        let elf = self.elf();
        let output = qemu::run(self.target, &elf, self.root.path(), TIMEOUT, &[])?;
        log::lines(&elf, &output)
    }
}

/// One folder for the firmware of all projects, so that what they depend on is compiled once for each target.
fn results() -> PathBuf {
    toolchain::target_folder().join("new-firmware")
}

/// What a command wrote.
#[must_use]
pub fn text(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr];
    both.map(|bytes| String::from_utf8_lossy(bytes)).join("\n")
}

/// A table of the fixtures.
#[must_use]
pub fn table(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tables");
    path.join(name).to_string_lossy().into_owned()
}
