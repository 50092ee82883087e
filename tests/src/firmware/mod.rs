//! The bare-metal programs of `tests/firmware`, from the host: builds them, runs them in QEMU, reads their logs and
//! their linked images, and does the same steps on the host.

#[path = "../../firmware/src/any_bits.rs"]
mod any_bits;
pub mod cycles;
pub mod host;
pub mod image;
pub mod log;
pub mod qemu;
#[path = "../../firmware/src/scenario.rs"]
pub mod scenario;
pub mod target;
pub mod toolchain;

use std::fs;
use std::path::Path;
use std::time::Duration;

use image::Image;
use log::Fact;
use target::Target;
use toolchain::Build;

/// How long a program may take in QEMU.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Bytes of a slot for an image, as in `tests/firmware/src/slots.rs`.
const SLOT: u64 = 32 * 1024;

/// Builds a program with instruments, runs it and reads its log.
///
/// `files` are put where the program finds them: `images` for `classify`, `dump` to have every weight logged.
///
/// # Errors
///
/// In words: what could not be built or run, or how the program failed.
pub fn run(target: &Target, program: &str, files: &[(&str, &[u8])]) -> Result<Vec<Fact>, String> {
    let elf = toolchain::build(target, Build::Instruments)?.join(program);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).map_err(|error| error.to_string())?;
    }
    let output = qemu::run(target, &elf, folder.path(), TIMEOUT, &[])?;
    log::decode(&elf, &output)
}

/// Runs `boot` with these bytes in the two slots of its flash, which were there before it started.
///
/// # Errors
///
/// As [`run`].
pub fn boot(target: &Target, slots: [&[u8]; 2]) -> Result<Vec<Fact>, String> {
    let elf = toolchain::build(target, Build::Instruments)?.join("boot");
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let start = Image::read(&elf)?.symbol("__slots")?;
    let mut more = Vec::new();
    for (index, bytes) in slots.into_iter().enumerate() {
        let (name, address) = (format!("slot-{index}"), start + SLOT * index as u64);
        fs::write(folder.path().join(&name), bytes).map_err(|error| error.to_string())?;
        let loader = format!("loader,file={name},addr={address:#x},force-raw=on");
        more.extend(["-device".into(), loader]);
    }
    let output = qemu::run(target, &elf, folder.path(), TIMEOUT, &more)?;
    log::decode(&elf, &output)
}

/// The first test images with their labels, in the form in which `classify` reads them: 784 bytes and the label.
///
/// # Panics
///
/// If the program's own data are broken.
#[must_use]
pub fn images(count: usize) -> Vec<u8> {
    let test = smidgen::data::load_test(None).expect("the embedded data are whole");
    (0..count)
        .flat_map(|i| {
            let mut record = test.image(i).to_vec();
            record.push(test.label(i) as u8);
            record
        })
        .collect()
}

/// The folder of the firmware's workspace.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/firmware"))
}
