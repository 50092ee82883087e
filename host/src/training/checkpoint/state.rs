//! `Checkpoint`: a training after an epoch, and what its file begins with.

use super::super::schedule::Progress;
use super::super::trainer::Snapshot;
use crate::evaluation::Accuracy;

/// The first bytes of every checkpoint.
pub const MAGIC: [u8; 4] = *b"SMCK";
/// The version of the format that is read and written.
pub const VERSION: u16 = 1;

/// The model file that would be saved if the training ended now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its bytes.
    pub file: Vec<u8>,
    /// What it gets right of the test images.
    pub accuracy: Accuracy,
}

impl Kept {
    /// The checksum of the model file.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        u32::from_le_bytes(self.file.last_chunk().copied().unwrap_or_default())
    }
}

/// What an epoch came to on training, validation and test images: accuracy in percent, and cost; NaN if unknown.
pub type Point = [[f64; 2]; 3];

/// A training after an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Epochs done.
    pub epochs: usize,
    /// Whether early stopping has ended the training.
    pub ended: bool,
    /// Network, velocity and generator.
    pub snapshot: Snapshot,
    /// What the learning rate and the end depend on.
    pub progress: Progress,
    /// The model that would be saved now.
    pub kept: Option<Kept>,
    /// All epochs so far.
    pub history: Vec<Point>,
}

/// Settings of a training: names and values, none of which has a line feed, and no name an equals sign.
pub type Settings = Vec<(String, String)>;
