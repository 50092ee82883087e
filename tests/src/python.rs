//! The Python environment of `tests/interchange`, and its script that is the other side.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What to type where something is missing.
const SETUP: &str = "tests/interchange/setup";

fn interpreter() -> PathBuf {
    // The tests run below the target folder, wherever that is.
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(target, PathBuf::from);
    target.join("interchange-venv/bin/python")
}

/// Runs `other_side.py` in a folder.
///
/// # Panics
///
/// If the environment is missing, with the line to type, or if the script fails, with what it says.
pub fn other_side(folder: &Path, arguments: &[&str]) {
    let python = interpreter();
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
