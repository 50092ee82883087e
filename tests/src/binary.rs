//! The `smidgen` binary, built in the profile of the tests and run in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where the binary is; builds it first, once for a test program.
///
/// # Panics
///
/// If it cannot be built.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build(cargo().current_release()))
}

/// A build of the binary that is still to be told its profile and flags. With the features of the whole workspace, so
/// that what `cargo test --workspace` has compiled need not be compiled again.
#[must_use]
pub fn cargo() -> escargot::CargoBuild {
    escargot::CargoBuild::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
        .arg("--workspace")
        .bin("smidgen")
}

/// Builds it and says where it is.
///
/// # Panics
///
/// If it cannot be built.
#[must_use]
pub fn build(cargo: escargot::CargoBuild) -> PathBuf {
    let run = cargo.run().expect("the binary builds");
    run.path().to_path_buf()
}

/// The binary, to be run in `folder`.
#[must_use]
pub fn smidgen(folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(folder);
    command
}

/// The sizes of network that the binary has, from input to output, as it names them where others are asked for.
///
/// # Panics
///
/// If it does not name them.
#[must_use]
pub fn sizes() -> Vec<Vec<usize>> {
    let output = Command::new(path())
        .args(["train", "--layers", "1,1"])
        .output()
        .expect("the binary starts");
    let text = String::from_utf8_lossy(&output.stderr);
    let list = text
        .split_once("sizes: ")
        .and_then(|(_, rest)| rest.split_once(" ("));
    let (list, _) = list.unwrap_or_else(|| panic!("no list of sizes in {text:?}"));
    let numbers = |sizes: &str| sizes.split(',').map(|n| n.parse().expect(sizes)).collect();
    list.split("; ").map(numbers).collect()
}
