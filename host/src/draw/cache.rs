//! The model that `draw` uses when none is named: trained once and kept in the user's cache folder.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use smidgen_core::{Cost, Network, model, network};

use crate::dataset::Dataset;
use crate::error::Error;
use crate::model_file::ModelFile;
use crate::output_file::OutputFile;
use crate::train::{Settings, Start, Stop, Trainer};

/// The type of the cached model; the book's larger network.
type Cached = network![784, 100, 10];

/// Times that the training goes through the images.
pub const EPOCHS: usize = 15;

/// Those of the book's chapter 3; this network is to read what people draw, so it should be a good one.
fn settings() -> Settings {
    Settings {
        learning_rate: 0.5,
        cost: Cost::CrossEntropy,
        regularization: 5.0,
        start: Start::Scaled,
        ..Settings::default()
    }
}

/// How the cached model comes to be; it is its note too, so that a model trained in another way is known.
fn note() -> String {
    let Settings {
        mini_batch_size,
        learning_rate,
        regularization,
        seed,
        ..
    } = settings();
    format!(
        "smidgen {} draw: MNIST, {EPOCHS} epochs, mini-batch size {mini_batch_size}, learning rate {learning_rate}, \
         cross-entropy, L2 regularisation {regularization}, scaled start, seed {seed}",
        env!("CARGO_PKG_VERSION")
    )
}

/// What is in the cache.
#[derive(Debug)]
pub enum Found {
    /// The model as it should be.
    Model(Box<ModelFile>),
    /// No file.
    Nothing,
    /// A file that is of no use, and why.
    Useless(String),
}

/// Where the cached model is, if this user has a place for such things.
#[must_use]
pub fn path() -> Option<PathBuf> {
    path_from(|name| std::env::var_os(name))
}

/// The XDG base directories where they are set, else what the system has; a relative path does not count.
fn path_from(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = folder("XDG_CACHE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(cache.join("smidgen").join("draw.model"))
}

/// Looks into the cache.
#[must_use]
pub fn find(path: &Path) -> Found {
    let file = match ModelFile::read(path) {
        Ok(file) => file,
        Err(Error::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
            return Found::Nothing;
        }
        Err(error) => return Found::Useless(error.to_string()),
    };
    if file.note() == note() {
        Found::Model(Box::new(file))
    } else {
        Found::Useless(format!("{}: trained by another version", path.display()))
    }
}

/// Trains the model; `report` gets the epoch, from 0, and how many of its images are done.
///
/// # Errors
///
/// [`Error::Model`] if the model does not decode, which does not happen.
pub fn train(
    training: &Dataset,
    path: &Path,
    mut report: impl FnMut(usize, usize),
) -> Result<ModelFile, Error> {
    let mut trainer = Trainer::<Cached>::new(settings());
    for epoch in 0..EPOCHS {
        let done = trainer.epoch(training, |done| {
            report(epoch, done);
            ControlFlow::Continue(())
        });
        if done == Err(Stop::Diverged) {
            let learning_rate = settings().learning_rate;
            return Err(Error::Diverged {
                epoch,
                learning_rate,
            });
        }
    }
    ModelFile::from_bytes(path, encode(trainer.network()))
}

fn encode<N: Network<784, 10>>(network: &N) -> Vec<u8> {
    let mut bytes = Vec::new();
    model::encode(network, &note(), |part| bytes.extend_from_slice(part));
    bytes
}

/// Keeps the model for the next time.
///
/// # Errors
///
/// [`Error`] if the folder cannot be made or takes no file.
pub fn keep(file: &ModelFile) -> Result<(), Error> {
    let path = file.path();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| Error::write(path, source))?;
    }
    OutputFile::prepare(path)?.write(file.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &Path) -> PathBuf {
        let path = folder.join("new").join("draw.model");
        let network = bytemuck::zeroed_box::<Cached>();
        keep(&ModelFile::from_bytes(&path, encode(&*network)).unwrap()).unwrap();
        path
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            find(&folder.path().join("draw.model")),
            Found::Nothing
        ));
        let path = kept(folder.path());
        assert!(matches!(find(&path), Found::Model(file) if file.sizes() == [784, 100, 10]));
    }

    #[test]
    fn a_damaged_or_an_older_file_is_of_no_use_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let path = kept(folder.path());
        let mut bytes = fs::read(&path).unwrap();
        bytes[200] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(find(&path), Found::Useless(why) if why.contains("draw.model")));
        let mut older = Vec::new();
        let network = bytemuck::zeroed_box::<Cached>();
        model::encode(&*network, "smidgen 0.0.1 draw", |part| {
            older.extend_from_slice(part);
        });
        fs::write(&path, older).unwrap();
        assert!(matches!(find(&path), Found::Useless(why) if why.ends_with("another version")));
    }

    #[test]
    fn the_xdg_folder_comes_first_and_must_be_absolute() {
        let environment = |xdg: &'static str| {
            move |name: &str| match name {
                "XDG_CACHE_HOME" => Some(xdg.into()),
                "HOME" => Some("/home/ada".into()),
                _ => None,
            }
        };
        let find = |xdg| path_from(environment(xdg)).unwrap();
        assert_eq!(find("/cache"), Path::new("/cache/smidgen/draw.model"));
        assert_eq!(
            find("cache"),
            Path::new("/home/ada/.cache/smidgen/draw.model")
        );
        assert_eq!(path_from(|_| None), None);
    }
}
