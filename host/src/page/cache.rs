//! The model that `draw` uses when none is named: trained once and kept in the user's cache folder, where its page lies too.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use smidgen_core::Cost;

use crate::data::Dataset;
use crate::files::output::OutputFile;
use crate::files::{FileError, input};
use crate::network::{Learner, ModelFile, Start, Stop};
use crate::training::{Settings, Trainer};

/// The sizes of the cached model; the book's larger network.
pub const SIZES: [usize; 3] = [784, 100, 10];

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

/// The folder of what is cached, if this user has a place for such things.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    folder_from(|name| std::env::var_os(name))
}

/// The XDG base directories where they are set, else what the system has; a relative path does not count.
fn folder_from(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = folder("XDG_CACHE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(cache.join("smidgen"))
}

/// Looks into the cache.
#[must_use]
pub fn find(path: &Path) -> Found {
    let bytes = match input::read(path, "model file") {
        Ok(bytes) => bytes,
        Err(FileError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {
            return Found::Nothing;
        }
        Err(error) => return Found::Useless(error.to_string()),
    };
    match ModelFile::parse(bytes) {
        Ok(file) if file.note() == note() => Found::Model(Box::new(file)),
        Ok(_) => Found::Useless(format!("{}: trained by another version", path.display())),
        Err(error) => Found::Useless(format!("{}: {error}", path.display())),
    }
}

/// Trains the model from a network of [`SIZES`] and gives its file; `report` gets the epoch, from 0, and how many of its
/// images are done.
///
/// # Errors
///
/// [`Stop::Diverged`], which does not happen with the program's own images.
pub fn train(
    network: Box<dyn Learner>,
    training: &Dataset,
    mut report: impl FnMut(usize, usize),
) -> Result<Vec<u8>, Stop> {
    let mut trainer = <Trainer>::new(network, settings());
    for epoch in 0..EPOCHS {
        trainer.epoch(training, |done| {
            report(epoch, done);
            ControlFlow::Continue(())
        })?;
    }
    Ok(trainer.network().encode(&note()))
}

/// Keeps a file for the next time.
///
/// # Errors
///
/// [`FileError`] if the folder cannot be made or takes no file.
pub fn keep(path: &Path, file: &[u8]) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| FileError::write(path, source))?;
    }
    OutputFile::prepare(path)?.write(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::AnyNetwork;

    fn kept(folder: &Path) -> PathBuf {
        let path = folder.join("new").join("draw.model");
        keep(
            &path,
            &<crate::network![784, 100, 10]>::zero().encode(&note()),
        )
        .unwrap();
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
        let older = <crate::network![784, 100, 10]>::zero().encode("smidgen 0.0.1 draw");
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
        let find = |xdg| folder_from(environment(xdg)).unwrap();
        assert_eq!(find("/cache"), Path::new("/cache/smidgen"));
        assert_eq!(find("cache"), Path::new("/home/ada/.cache/smidgen"));
        assert_eq!(folder_from(|_| None), None);
    }
}
