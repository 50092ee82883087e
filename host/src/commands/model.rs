//! `Model`: a model file and where it was read, so that what is wrong with it is said by its name.

use std::path::{Path, PathBuf};

use smidgen_core::{Cost, ModelError};

use super::error::Error;
use super::kinds;
use crate::files::input;
use crate::network::{AnyNetwork, Learner, ModelFile, Networks};

/// The model of a verb that has one of its own too.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OptionalModel {
    /// A model file; without it the verb takes one of its own
    #[arg(value_name = "MODEL")]
    model: Option<PathBuf>,
    /// The same
    #[arg(
        long = "model",
        conflicts_with = "model",
        hide = true,
        value_name = "MODEL"
    )]
    named: Option<PathBuf>,
}

impl OptionalModel {
    /// Where it is, if one is given.
    pub fn path(&self) -> Option<&Path> {
        self.model.as_deref().or(self.named.as_deref())
    }
}

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
        let file = ModelFile::parse(bytes).map_err(|source| match kinds::name(path) {
            Some(kind) if matches!(source, ModelError::Magic { .. }) => Error::OtherKind {
                path: path.into(),
                kind,
            },
            _ => Error::model(path, source),
        })?;
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

    /// The network as an image for flash, [`ModelFile::flash_image`].
    ///
    /// # Errors
    ///
    /// As [`network`](Self::network).
    pub fn flash_image(&self, networks: &Networks, sequence: u32) -> Result<Vec<u8>, Error> {
        let image = self.file.flash_image(networks, sequence);
        image.map_err(|source| Error::model_network(&self.path, source))
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

    /// The cost that the model was trained with, if its note says so, which it does after a training by this program.
    pub fn cost(&self) -> Option<Cost> {
        let mut parts = self.file.note().strip_prefix("smidgen ")?.split([',', ';']);
        parts.find_map(|part| match part.trim() {
            "quadratic cost" => Some(Cost::Quadratic),
            "cross-entropy" => Some(Cost::CrossEntropy),
            _ => None,
        })
    }

    /// The name of the file without its folder.
    #[cfg(feature = "plots")]
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}
