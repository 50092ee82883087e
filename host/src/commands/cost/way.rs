//! `Way`: the paths as a user chooses among them, whatever the numbers of the model are.

use smidgen_core::model::{ELEMENT_F16, ELEMENT_F32, ELEMENT_I8};

use crate::commands::error::Error;
use crate::commands::model::Model;
use crate::cost::Path;

/// What firmware does with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Way {
    /// Inference, zeros left out
    Inference,
    /// Inference of integers by the same instructions for all inputs
    ConstantTime,
    /// Learning of all layers, by mini-batches of 10
    MiniBatch,
    /// Learning of all layers, example by example
    InPlace,
    /// Learning of the last layer alone
    OutputLayer,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Inference,
        Self::ConstantTime,
        Self::MiniBatch,
        Self::InPlace,
        Self::OutputLayer,
    ];

    /// The name of the option.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inference => "inference",
            Self::ConstantTime => "constant-time",
            Self::MiniBatch => "mini-batch",
            Self::InPlace => "in-place",
            Self::OutputLayer => "output-layer",
        }
    }

    /// What it is, at the head of a line.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Inference => "inference",
            Self::ConstantTime => "inference in constant time",
            Self::MiniBatch => "learning by mini-batches",
            Self::InPlace => "learning in place",
            Self::OutputLayer => "learning, output layer",
        }
    }

    /// The path that it is for a model.
    ///
    /// # Errors
    ///
    /// [`Error::NoPath`] if a model of its numbers or of its sizes has none.
    pub fn path(self, model: &Model) -> Result<Path, Error> {
        let (element, scales) = (model.file.element(), model.file.about().scaling.is_some());
        let none = |reason| Error::NoPath {
            path: model.path.clone(),
            way: self.name(),
            reason,
        };
        let path = match (self, element) {
            (Self::Inference, ELEMENT_I8) if scales => Path::IntegersReadings,
            (Self::Inference, ELEMENT_I8) => Path::Integers,
            (Self::Inference, ELEMENT_F16) if scales => Path::HalvesReadings,
            (Self::Inference, ELEMENT_F16) => Path::Halves,
            (Self::Inference, _) if scales => Path::FloatsReadings,
            (Self::Inference, _) => Path::Floats,
            (Self::ConstantTime, ELEMENT_I8) => Path::ConstantTime,
            (Self::ConstantTime, _) => return Err(none("only a model of integers has it")),
            (Self::OutputLayer, ELEMENT_F32) if model.file.sizes().len() < 3 => {
                return Err(none("the model has no other layer; in-place learns it"));
            }
            (Self::MiniBatch, ELEMENT_F32) => Path::MiniBatch,
            (Self::InPlace, ELEMENT_F32) => Path::InPlace,
            (Self::OutputLayer, ELEMENT_F32) => Path::OutputLayer,
            _ => return Err(none("only a model of 32-bit floats learns")),
        };
        Ok(path)
    }
}
