//! What the README shows is what there is.

use std::path::Path;

use smidgen_tests::readme::{block, readme};

#[test]
fn no_place_is_left_empty() {
    assert!(!readme().lines().any(|line| line.starts_with('@')));
}

/// What stands there is what `smidgen new` writes; the tests of that build it and run it.
#[test]
fn the_firmware_is_that_of_a_new_project() {
    let folder = tempfile::tempdir().unwrap();
    let output = smidgen_tests::binary::smidgen(folder.path())
        .args(["new", "digits", "--digits"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let readme = readme();
    let text = String::from_utf8(output.stdout).unwrap();
    let shown = readme
        .split_once("$ smidgen new digits --digits\n")
        .unwrap()
        .1;
    assert!(shown.starts_with(&text), "{text}");
    let main = block(&readme, "its `main.rs` is this", "rust");
    let written = std::fs::read_to_string(folder.path().join("digits/firmware/src/main.rs"));
    assert_eq!(main, written.unwrap());
}

/// What `smidgen cost` says there is what it says.
#[test]
fn the_costs_are_those_that_are_foretold() {
    let (readme, fixtures) = (
        readme(),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
    );
    let commands: Vec<_> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ smidgen cost "))
        .collect();
    assert!(commands.len() >= 2, "{commands:?}");
    for command in commands {
        let output = smidgen_tests::binary::smidgen(&fixtures)
            .arg("cost")
            .args(command.split(' '))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let shown = format!("$ smidgen cost {command}\n{text}");
        assert!(text.len() > 200 && readme.contains(&shown), "{shown}");
    }
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
        .take_while(|line| !line.is_empty())
        // The other lines are what a description goes on in.
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|verb| !verb.is_empty());
    let readme = readme();
    let mut count = 0;
    for verb in verbs.filter(|verb| *verb != "help") {
        assert!(readme.contains(verb), "{verb}");
        count += 1;
    }
    assert!(count >= 9);
}
