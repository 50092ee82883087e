//! The program of `tests/portable`, from the host: builds it, runs it on other processors, and does the same here.

pub mod build;
#[path = "../../portable/src/digest.rs"]
mod digest;
pub mod target;

use std::path::Path;
use std::process::Command;

use bytemuck::zeroed_box;

use crate::firmware::scenario;
use crate::firmware::toolchain::SETUP;
use target::Target;

/// What the program prints, computed here: a line for each piece of work, its name and the checksum of its bits.
#[must_use]
pub fn here() -> Vec<String> {
    let mut lines = Vec::new();
    digest::run(&mut zeroed_box(), &mut |line| lines.push(line.to_string()));
    lines
}

/// What the program prints on a target.
///
/// # Errors
///
/// In words: what could not be built or run, or how the program failed.
pub fn there(target: &Target) -> Result<Vec<String>, String> {
    let program = build::build(target)?;
    let (emulator, arguments) = target.emulator;
    let output = Command::new(emulator)
        .args(arguments)
        .arg(&program)
        .current_dir(folder())
        .output()
        .map_err(|error| format!("cannot start {emulator}: {error}; type {SETUP}"))?;
    if !output.status.success() {
        return Err(format!(
            "{} on {} failed, {}: {}{}",
            program.display(),
            target.triple,
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        ));
    }
    let text = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The folder of the program's workspace.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/portable"))
}
