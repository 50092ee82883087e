//! `CheckpointError`: what can be wrong with a checkpoint.

use smidgen_core::ModelError;

use super::state::VERSION;

/// What is wrong with a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file does not start with [`MAGIC`](super::MAGIC).
    #[error("not a checkpoint of smidgen: wrong magic")]
    Magic,
    /// Another version of the format.
    #[error("a checkpoint of another format version, {VERSION} expected, {found} found")]
    Version {
        /// The file's.
        found: u16,
    },
    /// The bytes are not those that were written.
    #[error("a damaged checkpoint: wrong checksum {found:08x}, {expected:08x} expected")]
    Checksum {
        /// As computed.
        expected: u32,
        /// As the file says.
        found: u32,
    },
    /// The checksum is right, but the file ends too early or too late for this network.
    #[error("a broken checkpoint: it has the wrong length")]
    Length,
    /// The checksum is right, but a value is none that a training has.
    #[error("a broken checkpoint: impossible {what}")]
    Value {
        /// Which.
        what: &'static str,
    },
    /// The checksum is right, but the network or the model in it is not.
    #[error("a broken checkpoint: {0}")]
    Model(ModelError),
}
