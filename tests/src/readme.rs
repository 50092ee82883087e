//! The README's text and the programs in it.

use std::path::Path;

/// The README.
///
/// # Panics
///
/// If it is not there.
#[must_use]
pub fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    std::fs::read_to_string(path).expect("the README")
}

/// The first block of a language after some words.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn block(text: &str, words: &str, language: &str) -> String {
    let after = text
        .split_once(words)
        .unwrap_or_else(|| panic!("no {words:?}"))
        .1;
    let start = format!("```{language}\n");
    let block = after.split_once(&start).expect("a block").1;
    block.split_once("```").expect("its end").0.to_owned()
}
