//! Building the program, which nothing of an operating system is linked to: so one linker does for all of Linux, and no
//! target needs a C compiler.

use std::path::PathBuf;
use std::process::Command;

use super::folder;
use super::target::Target;
use crate::firmware::toolchain::{SETUP, Toolchain, cargo_for, setting, target_folder};

/// Builds the program for a target and says where it is.
///
/// # Errors
///
/// In words, with the line to type if a tool is missing.
pub fn build(target: &Target) -> Result<PathBuf, String> {
    let (mut command, toolchain) = cargo_for(target.triple, folder())?;
    let folder = target_folder().join(format!("portable-{}{}", toolchain.name(), target.features));
    command
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["--target", target.triple])
        .env("CARGO_TARGET_DIR", &folder)
        .env(
            setting(target.triple, "RUSTFLAGS"),
            flags(target, toolchain),
        );
    output(command, target)?;
    let program = folder.join(target.triple).join("release/smidgen-portable");
    Ok(if target.is_wasm32() {
        program.with_extension("wasm")
    } else {
        program
    })
}

/// Compiles the program for a target up to where machine code would be made of it.
///
/// # Errors
///
/// As [`build`].
pub fn check(target: &Target) -> Result<(), String> {
    let (mut command, toolchain) = cargo_for(target.triple, folder())?;
    let folder = target_folder().join(format!("portable-{}", toolchain.name()));
    command
        .args(["check", "--release", "--locked", "--quiet"])
        .args(["--target", target.triple])
        .env("CARGO_TARGET_DIR", &folder);
    output(command, target)
}

/// Runs cargo to a good end.
fn output(mut command: Command, target: &Target) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot start cargo: {error}; type {SETUP}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "the program does not build for {}: {}\nIf a tool is missing, type {SETUP}",
        target.triple,
        String::from_utf8_lossy(&output.stderr),
    ))
}

/// What the compiler is told: flags, and not a linker in cargo's settings, which would be that of build scripts, too,
/// where the target is this machine.
fn flags(target: &Target, toolchain: Toolchain) -> String {
    let (linker, flavor) = match (toolchain, target.is_wasm32()) {
        (Toolchain::Rustup, false) => ("rust-lld", "ld.lld"),
        (Toolchain::Rustup, true) => ("rust-lld", "wasm-ld"),
        (Toolchain::Debian, false) => ("ld.lld-19", "ld.lld"),
        (Toolchain::Debian, true) => ("wasm-ld-19", "wasm-ld"),
    };
    let mut flags = format!("-C linker={linker} -C linker-flavor={flavor}");
    if !target.features.is_empty() {
        flags += " -C target-feature=";
        flags += target.features;
    }
    if !target.is_wasm32() {
        // Nobody moves the program to another address. What unwinding would need is named by a core library that was
        // built for it, and never called.
        flags += " -C relocation-model=static -C link-arg=--defsym=rust_eh_personality=0";
    }
    flags
}
