//! Building the programs: with rustup's target where it is installed, else with Debian's toolchain, which compiles the
//! core library from source.

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

use smidgen::network::join;

use super::folder;
use super::target::Target;

/// What to type where something is missing.
pub const SETUP: &str = "tests/firmware/setup";

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Build {
    /// Programs that log and measure, for QEMU.
    Instruments,
    /// Programs as a product would ship them, for what their image shows.
    Bare,
}

/// Builds all programs for a target, once for a test program, and gives the folder they are in.
///
/// `SMIDGEN_FIRMWARE_TOOLCHAIN=debian` takes Debian's toolchain even where rustup has the target.
///
/// # Errors
///
/// In words, with the line to type if a tool is missing.
pub fn build(target: &Target, build: Build) -> Result<PathBuf, String> {
    type Builds = HashMap<(&'static str, Build), Result<PathBuf, String>>;
    static DONE: LazyLock<Mutex<Builds>> = LazyLock::new(Mutex::default);
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    done.entry((target.triple, build))
        .or_insert_with(|| build_now(target, build))
        .clone()
}

fn build_now(target: &Target, build: Build) -> Result<PathBuf, String> {
    build_with(target, build, &["--bins"], None)
}

/// Builds programs of the package for any sizes, `tests/firmware/cost`, and gives the folder they are in until others are
/// built for the target.
///
/// # Errors
///
/// As [`build`].
pub fn build_sizes(
    target: &Target,
    build: Build,
    layers: &[usize],
    programs: &[&str],
) -> Result<PathBuf, String> {
    let programs = programs.iter().flat_map(|program| ["--bin", program]);
    let arguments: Vec<&str> = ["--package", "smidgen-firmware-cost"]
        .into_iter()
        .chain(programs)
        .collect();
    build_with(target, build, &arguments, Some(layers))
}

fn build_with(
    target: &Target,
    build: Build,
    arguments: &[&str],
    layers: Option<&[usize]>,
) -> Result<PathBuf, String> {
    let (mut command, toolchain) = firmware_cargo(target)?;
    let (name, features) = match build {
        Build::Instruments => ("instruments", "--features=instruments"),
        Build::Bare => ("bare", "--no-default-features"),
    };
    let folder = target_folder().join(format!("firmware-{}-{name}", toolchain.name()));
    command
        .args(["build", "--release", "--locked", "--quiet"])
        .args(arguments)
        .args([features, "--target", target.triple])
        .env("CARGO_TARGET_DIR", &folder);
    if let Some(layers) = layers {
        command.env("SMIDGEN_COST_LAYERS", join(layers));
    }
    let output = command
        .output()
        .map_err(|error| format!("cannot start cargo: {error}; type {SETUP}"))?;
    if output.status.success() {
        Ok(folder.join(target.triple).join("release"))
    } else {
        Err(format!(
            "the programs do not build for {}: {}\nIf a tool is missing, type {SETUP}",
            target.triple,
            String::from_utf8_lossy(&output.stderr),
        ))
    }
}

/// Cargo as one who has a crate for a target would have it, to be run in the crate's folder; with a folder of its own for
/// what it builds.
///
/// # Errors
///
/// As [`build`].
pub fn cargo_in(target: &Target, folder: &Path, results: &Path) -> Result<Command, String> {
    let (mut command, _) = firmware_cargo(target)?;
    command.current_dir(folder).env("CARGO_TARGET_DIR", results);
    Ok(command)
}

/// Who built the core library that a program is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// Those who built the compiler at hand; rustup has fetched it.
    Rustup,
    /// Debian's toolchain, from source.
    Debian,
}

impl Toolchain {
    /// A word for the name of a folder.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        }
    }
}

/// Cargo in the firmware's folder, with a linker for bare metal.
fn firmware_cargo(target: &Target) -> Result<(Command, Toolchain), String> {
    let (mut command, toolchain) = cargo_for(target.triple, folder())?;
    if toolchain == Toolchain::Debian {
        command.env(setting(target.triple, "LINKER"), "ld.lld-19");
    }
    Ok((command, toolchain))
}

/// The name of the variable by which cargo is told something of a target.
#[must_use]
pub fn setting(triple: &str, name: &str) -> String {
    let triple = triple.to_uppercase().replace(['-', '.'], "_");
    format!("CARGO_TARGET_{triple}_{name}")
}

/// The cargo that can build for a target, to be run in a folder, and whose it is; Debian's is still to be told a linker.
///
/// # Errors
///
/// As [`build`].
pub fn cargo_for(triple: &str, folder: &Path) -> Result<(Command, Toolchain), String> {
    let debian = env::var_os("SMIDGEN_FIRMWARE_TOOLCHAIN").is_some_and(|name| name == "debian");
    if !debian && rustup_has(triple, folder) {
        Ok((cargo("cargo".into(), folder), Toolchain::Rustup))
    } else {
        Ok((debian_cargo(triple, folder)?, Toolchain::Debian))
    }
}

/// Cargo in a folder, free of what the cargo of this very test has set.
fn cargo(program: OsString, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let inherited = name.starts_with("CARGO_") || name.starts_with("RUST") || name == "CARGO";
        if inherited && !matches!(&*name, "CARGO_HOME" | "RUSTUP_HOME" | "RUSTUP_TOOLCHAIN") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Whether the toolchain at hand has the target's core library.
fn rustup_has(triple: &str, folder: &Path) -> bool {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", triple])
        .current_dir(folder)
        .output();
    output.is_ok_and(|output| {
        output.status.success()
            && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    })
}

/// Debian's cargo, told to build the core library, too.
fn debian_cargo(triple: &str, folder: &Path) -> Result<Command, String> {
    let needed = [
        "/usr/bin/cargo",
        "/usr/bin/rustc",
        "/usr/bin/ld.lld-19",
        "/usr/lib/rustlib/src/rust/library/core",
    ];
    if let Some(missing) = needed.iter().find(|path| !Path::new(path).exists()) {
        return Err(format!(
            "there is neither rustup's {triple} nor {missing} of Debian's toolchain; type {SETUP}",
        ));
    }
    let mut command = cargo("/usr/bin/cargo".into(), folder);
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "core")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "compiler-builtins-mem");
    Ok(command)
}

/// The folder of all build results.
#[must_use]
pub fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(
        || folder().join("../../target"),
        |target| env::current_dir().unwrap_or_default().join(target),
    )
}
