//! `Model`: a model file and where it was read, so that what is wrong with it is said by its name.

use std::path::{Path, PathBuf};

use super::error::Error;
use crate::files::input;
use crate::network::{AnyNetwork, Learner, ModelFile, Networks};

/// A whole model file, by its path.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where it is, or is going to be.
    pub path: PathBuf,
    /// What it is.
    pub file: ModelFile,
}

impl Model {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// [`Error`] if it cannot be read, is far too large, or is no whole model.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(path, input::read(path, "model file")?)
    }

    /// Checks a model that is in memory and belongs to a path.
    ///
    /// # Errors
    ///
    /// [`Error::Model`].
    pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        let file = ModelFile::parse(bytes).map_err(|source| Error::model(path, source))?;
        let path = path.into();
        Ok(Self { path, file })
    }

    /// The network, of floats or of integers.
    ///
    /// # Errors
    ///
    /// [`Error::ModelSizes`] for sizes this program has no type for, [`Error::Model`] for integers that may not be.
    pub fn network(&self, networks: &Networks) -> Result<Box<dyn AnyNetwork>, Error> {
        let network = self.file.network(networks);
        network.map_err(|source| Error::model_network(&self.path, source))
    }

    /// The network, if it is one of floats.
    ///
    /// # Errors
    ///
    /// [`Error::IntegerModel`] if it is not, [`Error::ModelSizes`] for sizes this program has no type for.
    pub fn learner(&self, networks: &Networks) -> Result<Box<dyn Learner>, Error> {
        let network = self.file.learner(networks);
        network.map_err(|source| Error::model_network(&self.path, source))
    }

    /// The name of the file without its folder.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}
