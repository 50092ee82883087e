//! The kept corpus of every fuzz target, replayed without a fuzzer.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use smidgen_tests::fuzz::TARGETS;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = folder.read_dir().expect("the folder is there");
    entries
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into()
        })
        .collect()
}

#[test]
fn every_target_has_a_program_and_a_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).into()).collect();
    assert_eq!(names(&folder().join("fuzz_targets")), targets);
    assert_eq!(names(&folder().join("corpus")), targets);
}

#[test]
fn the_corpus_gives_no_surprise() {
    for (name, target) in TARGETS {
        let corpus = folder().join("corpus").join(name);
        let inputs: Vec<PathBuf> = corpus
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(inputs.len() >= 5, "{name}: {} inputs", inputs.len());
        for path in inputs {
            eprintln!("{}", path.display());
            target(&std::fs::read(&path).unwrap());
        }
    }
}
