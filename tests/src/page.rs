//! The page of `smidgen draw` as a file, made by the binary with a cache folder of the tests' own, and the stroke sets
//! drawn by hand.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use serde::Deserialize;
use smidgen::network::ModelFile;

use crate::binary;
use crate::firmware::toolchain::target_folder;
#[doc(inline)]
pub use crate::fuzz::raster;

/// The folder with the cached model in it, which is trained once and kept in the folder of the build.
///
/// # Panics
///
/// If it cannot be trained.
pub fn cache() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| {
        let folder = target_folder().join("tmp/cache");
        std::fs::create_dir_all(&folder).expect("a folder");
        let output = draw(&folder, &["--no-open"]);
        assert!(output.status.success(), "{output:?}");
        folder
    })
}

/// Runs `smidgen draw` with a cache folder and arguments.
///
/// # Panics
///
/// If it does not start.
#[must_use]
pub fn draw(cache: &Path, arguments: &[&str]) -> Output {
    let mut command = binary::smidgen(cache);
    command.arg("draw").args(arguments);
    command.env("XDG_CACHE_HOME", cache);
    command.output().expect("the binary starts")
}

/// The page of the cached model.
///
/// # Panics
///
/// If there is no model in the cache.
#[must_use]
pub fn cached() -> PathBuf {
    page_of(&cache().join("smidgen/draw.model"), cache())
}

/// Where the page of a model is in a cache folder.
///
/// # Panics
///
/// If the model cannot be read.
#[must_use]
pub fn page_of(model: &Path, cache: &Path) -> PathBuf {
    let bytes = std::fs::read(model).expect("a model file");
    let crc = ModelFile::parse(bytes).expect("a model").crc32();
    cache.join(format!("smidgen/draw-{crc:08x}.html"))
}

/// The page of another model, kept in a folder.
///
/// # Panics
///
/// If it is not made.
#[must_use]
pub fn of_model(folder: &Path, model: &Path) -> PathBuf {
    let page = folder.join("page.html");
    let arguments = [
        "--model".as_ref(),
        model.as_os_str(),
        "--out".as_ref(),
        page.as_os_str(),
    ];
    let output = binary::smidgen(folder).arg("draw").args(arguments).output();
    let output = output.expect("the binary starts");
    assert!(output.status.success(), "{output:?}");
    page
}

/// What stands between two texts.
///
/// # Panics
///
/// If they are not there.
#[must_use]
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before}"))
        .1;
    rest.split_once(after)
        .unwrap_or_else(|| panic!("no {after} after {before}"))
        .0
}

/// A digit drawn by hand.
#[derive(Clone, Debug, Deserialize)]
pub struct Drawing {
    /// What it shows.
    pub digit: usize,
    /// How it was drawn, in words.
    pub how: String,
    /// Its strokes on a paper of 280 × 280.
    pub strokes: Vec<Vec<[f32; 2]>>,
}

impl Drawing {
    /// The image that the network sees.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn image(&self) -> smidgen_core::Image {
        let strokes = self.strokes.iter().map(Vec::as_slice);
        raster::image(strokes).expect("there is something")
    }
}

/// The twenty stroke sets, two of each digit.
///
/// # Panics
///
/// If the file is broken.
#[must_use]
pub fn drawings() -> Vec<Drawing> {
    serde_json::from_str(include_str!("../fixtures/strokes.json")).expect("the file is whole")
}
