//! The Python environment of `tests/interchange`, and its script that is the other side.

use std::path::Path;
use std::process::Command;

use crate::firmware::toolchain::target_folder;

/// What to type where something is missing.
const SETUP: &str = "tests/interchange/setup";

/// Runs `other_side.py` in a folder.
///
/// # Panics
///
/// If the environment is missing, with the line to type, or if the script fails, with what it says.
pub fn other_side(folder: &Path, arguments: &[&str]) {
    let python = target_folder().join("interchange-venv/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interchange/other_side.py");
    let output = Command::new(&python)
        .arg(script)
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output
        .unwrap_or_else(|error| panic!("cannot start {}: {error}; type {SETUP}", python.display()));
    assert!(
        output.status.success(),
        "{arguments:?}: {}\nIf a package is missing, type {SETUP}",
        String::from_utf8_lossy(&output.stderr),
    );
}
