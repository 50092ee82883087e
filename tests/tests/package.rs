//! What is published: both packages can be made, have what their build needs, and are as small as they must be.
//!
//! They are not built from their packages, which would compile every dependency once more; instead no file of theirs
//! may be missing, and none may include a file from outside.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes a package may have on crates.io.
const MOST: u64 = 10 << 20;

/// Packages, their folders, and what of those their build and their readers need.
const PACKAGES: [(&str, &str, &[&str]); 2] = [
    (
        "smidgen-core",
        "core",
        &[
            "src",
            "examples",
            "testdata",
            "build.rs",
            "Cargo.toml",
            "README.md",
            "CHANGELOG.md",
            "LICENSE-MIT",
            "LICENSE-APACHE",
        ],
    ),
    (
        "smidgen",
        "host",
        &[
            "src",
            "assets/page.wasm",
            "examples",
            "data",
            "Cargo.toml",
            "README.md",
            "LICENSE-MIT",
            "LICENSE-APACHE",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// `cargo package` with these arguments; what it prints to its standard output.
fn cargo_package(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--offline", "--allow-dirty"])
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

/// All files under a path, the path itself if it is one.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.into()];
    }
    let entries = path.read_dir().unwrap();
    entries
        .flat_map(|entry| files(&entry.unwrap().path()))
        .collect()
}

#[test]
fn both_packages_are_made_and_small_enough() {
    let target = tempfile::tempdir().unwrap();
    let names = PACKAGES.map(|(name, ..)| name);
    // Together, since the one needs the other in a version that no registry has yet.
    cargo_package(&[
        "--no-verify",
        "--target-dir",
        target.path().to_str().unwrap(),
        "--package",
        names[0],
        "--package",
        names[1],
    ]);
    for name in names {
        let package = format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION"));
        let bytes = target.path().join(package).metadata().unwrap().len();
        assert!(bytes < MOST, "{name} has {bytes} bytes");
    }
}

#[test]
fn a_package_has_what_its_build_needs() {
    for (name, folder, needed) in PACKAGES {
        let folder = root().join(folder);
        let list = cargo_package(&["--list", "--package", name]);
        let packed: BTreeSet<_> = list.lines().map(|line| folder.join(line)).collect();
        for file in needed.iter().flat_map(|part| files(&folder.join(part))) {
            assert!(packed.contains(&file), "{} is not packed", file.display());
        }
    }
}

/// Every `include!`, `include_str!` and `include_bytes!` that goes up, goes up to a file of its own package.
#[test]
fn no_package_includes_a_file_from_outside() {
    for (_, folder, _) in PACKAGES {
        let folder = root().join(folder);
        for file in files(&folder.join("src")) {
            let depth = file.strip_prefix(&folder).unwrap().components().count() - 1;
            let Ok(text) = std::fs::read_to_string(&file) else {
                continue;
            };
            for line in text.lines().filter(|line| line.contains("include")) {
                let up = line.matches("../").count();
                assert!(up <= depth, "{}: {line}", file.display());
            }
        }
    }
}
