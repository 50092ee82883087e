//! What the README shows is what there is: its firmware builds as it stands there, with the model and the vectors that
//! `export` writes.

use std::path::Path;

/// The README.
fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The first block of a language after some words.
fn block(text: &str, words: &str, language: &str) -> String {
    let after = text
        .split_once(words)
        .unwrap_or_else(|| panic!("no {words:?}"))
        .1;
    let start = format!("```{language}\n");
    let block = after.split_once(&start).expect("a block").1;
    block.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn no_place_is_left_empty() {
    assert!(!readme().lines().any(|line| line.starts_with('@')));
}

#[test]
fn the_firmware_is_short() {
    let main = block(&readme(), "`src/main.rs`", "rust");
    assert!(main.lines().count() < 25);
}

/// Every verb of the program is in the README.
#[test]
fn every_verb_is_mentioned() {
    let output = smidgen_tests::binary::smidgen(Path::new("."))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let verbs = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .map_while(|line| line.split_whitespace().next());
    let readme = readme();
    let mut count = 0;
    for verb in verbs.filter(|verb| *verb != "help") {
        assert!(readme.contains(verb), "{verb}");
        count += 1;
    }
    assert!(count >= 9);
}

#[cfg(feature = "qemu")]
#[test]
fn the_firmware_builds_for_a_cortex_m4f() {
    use smidgen_tests::firmware::target::TARGETS;
    use smidgen_tests::firmware::toolchain;

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let readme = readme();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let core = tests.join("../core").canonicalize().unwrap();
    let manifest = block(&readme, "`Cargo.toml`:", "toml");
    assert!(manifest.contains("../smidgen/core"));
    let manifest = manifest.replace("../smidgen/core", &core.to_string_lossy());
    write("Cargo.toml", manifest + "\n[workspace]\n");
    write("src/main.rs", block(&readme, "`src/main.rs`", "rust"));
    write("memory.x", block(&readme, "`memory.x`", "text"));
    let config = block(&readme, "`.cargo/config.toml`", "toml");
    write(".cargo/config.toml", config);
    for (from, to) in [
        ("digits.model", "digits.model"),
        ("digits-10.vectors", "digits.vectors"),
    ] {
        std::fs::copy(
            tests.join("fixtures").join(from),
            folder.path().join("src").join(to),
        )
        .unwrap();
    }
    let elf = toolchain::build_crate(&TARGETS[0], folder.path(), "firmware");
    let elf = elf.unwrap_or_else(|error| panic!("{error}"));
    assert!(elf.metadata().unwrap().len() > 95_000);
}
