//! The same seed gives the same model file, byte for byte, in every build: debug, release, and a release for exactly
//! this machine's processor.
//!
//! `fixtures/same_bits.txt` holds the checksums of the weights. Every build has to give these, so debug and release
//! are compared with each other by `cargo test` and `cargo test --release`, and machines with each other as well. To
//! accept new ones: `UPDATE_SNAPSHOTS=1 cargo test -p smidgen-tests --test same_bits`; the commit says why.

use std::path::{Path, PathBuf};
use std::process::Command;

use smidgen_core::model::Header;
use smidgen_tests::{binary, small_set};

const LAYERS: [&str; 3] = ["784,30,10", "784,30,30,10", "784,100,30,10"];

/// Trains with one build of the binary and gives the model file.
fn train(binary: &Path, layers: &str, data: &Path) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(binary)
        .current_dir(folder.path())
        .args(["train", "--epochs", "5", "--seed", "7", "--quiet"])
        .args(["--layers", layers, "--mini-batch-size", "7"])
        .args(["--out", "a.model", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    std::fs::read(folder.path().join("a.model")).unwrap()
}

/// The checksum of the parameters alone: the note of a file names the program's version.
fn checksum(file: &[u8]) -> u32 {
    let parameters = Header::parse(file).unwrap().parameters();
    crc32fast::hash(&file[parameters..file.len() - 4])
}

fn checksums(binary: &Path) -> String {
    let data = tempfile::tempdir().unwrap();
    small_set::write(data.path());
    LAYERS
        .iter()
        .map(|layers| {
            let file = train(binary, layers, data.path());
            let again = train(binary, layers, data.path());
            assert!(file == again, "{layers}: two runs differ");
            format!("{layers} {:08x}\n", checksum(&file))
        })
        .collect()
}

/// A release build for this machine's processor, in a target folder of its own; without link-time optimisation, which
/// changes no arithmetic and takes long.
fn native() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("native");
    let cargo = binary::cargo()
        .release()
        .target_dir(target)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("RUSTFLAGS", "-C target-cpu=native");
    binary::build(cargo)
}

#[track_caller]
fn expect_the_fixture(found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/same_bits.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn the_same_seed_gives_the_same_weights_as_everywhere() {
    expect_the_fixture(&checksums(binary::path()));
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "a second release build: cargo test --release"
)]
fn a_build_for_this_processor_gives_the_same_weights() {
    expect_the_fixture(&checksums(&native()));
}
