//! `Error`: everything that can go wrong on the host, each in one line that names the file.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use smidgen_core::ModelError;

use crate::checkpoint::CheckpointError;
use crate::idx::IdxError;
use crate::interchange::InterchangeError;
use crate::menu;
use crate::picture::PictureError;
use crate::quantize::QuantizeError;

/// What went wrong, and with which file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of a data set is in none of the forms it may have.
    #[error("no {stem}-{kind} in {}, nor {stem}.{kind}, nor either with .gz", directory.display())]
    NoDataFile {
        /// Where it was looked for.
        directory: PathBuf,
        /// The first part of its name.
        stem: String,
        /// The last part of its name.
        kind: String,
    },
    /// A file of images or labels that is not as it should be.
    #[error("{}: {source}", path.display())]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: IdxError,
    },
    /// As many labels as images are needed.
    #[error("{} has {labels} labels, {} has {images} images", labels_path.display(), images_path.display())]
    Counts {
        /// The file of the images.
        images_path: PathBuf,
        /// How many images it has.
        images: usize,
        /// The file of the labels.
        labels_path: PathBuf,
        /// How many labels it has.
        labels: usize,
    },
    /// A training file must hold more images than are set aside for validation.
    #[error("{} has {found} images, more than {validation} are needed: the last {validation} are for validation", path.display())]
    TooFewImages {
        /// The file of the training images.
        path: PathBuf,
        /// Images in it.
        found: usize,
        /// Images set aside.
        validation: usize,
    },
    /// A file that is no model, a damaged one, or one of another shape.
    #[error("{}: {source}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ModelError,
    },
    /// A file far larger than any network of the menu.
    #[error("{}: not a {what}: larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// Bytes that such a file may have.
        limit: u64,
    },
    /// A network of another program that is not as it should be, or that cannot be written in its format.
    #[error("{}: {source}", path.display())]
    Interchange {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: InterchangeError,
    },
    /// A file of another program that is none of those that can be imported.
    #[error("{}: neither safetensors nor the JSON of network2.py; --format says which it is", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// A model of sizes that are not on the menu.
    #[error("{}: a model of sizes [{}], which are not on the menu: {}", path.display(), menu::join(sizes), menu::list())]
    ModelSizes {
        /// The file.
        path: PathBuf,
        /// Its sizes.
        sizes: Vec<usize>,
    },
    /// A model that is to be quantised and is so already.
    #[error("{}: is quantised already", path.display())]
    AlreadyQuantized {
        /// The file.
        path: PathBuf,
    },
    /// A model of integers where one of floats is needed.
    #[error("{}: a model of integers, and this needs one of floats", path.display())]
    IntegerModel {
        /// The file.
        path: PathBuf,
    },
    /// A model that cannot be quantised.
    #[error("{}: {source}", path.display())]
    Quantize {
        /// The file.
        path: PathBuf,
        /// Why.
        source: QuantizeError,
    },
    /// An image asked for by a number that no image has.
    #[error("no image {index}: the test set has {total}, from 0")]
    NoImage {
        /// The number asked for.
        index: usize,
        /// How many images there are.
        total: usize,
    },
    /// A picture in which no digit can be found.
    #[error("{}: {source}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PictureError,
    },
    /// A network that is not on the menu.
    #[error(
        "[{}] is not on the menu of sizes: {} (add others in host/src/menu.rs)",
        menu::join(sizes),
        menu::list()
    )]
    NotOnMenu {
        /// The sizes that were asked for, from input to output.
        sizes: Vec<usize>,
    },
    /// Standard output takes no more, because the reader has gone, for one.
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    /// A folder that a file is to be written to does not exist.
    #[error("cannot write {}: there is no folder {}", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// A file that would be replaced.
    #[error("{} is there already; --force replaces it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Test vectors were asked for in a format that has none.
    #[error("--vectors belong to --format firmware")]
    VectorsWithoutFirmware,
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A weight became a NaN or an infinity.
    #[error(
        "training diverged in epoch {epoch}: a weight is no finite number any more; try a learning rate smaller than {learning_rate}"
    )]
    Diverged {
        /// The epoch, from 0.
        epoch: usize,
        /// η.
        learning_rate: f32,
    },
    /// Someone else listens where the page was to be served.
    #[error("port {} of {} is in use; --port 0 takes a free one", address.port(), address.ip())]
    PortInUse {
        /// Where.
        address: SocketAddr,
    },
    /// The address of the page cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The server of the page cannot be started.
    #[error("cannot start the server: {0}")]
    Server(#[source] io::Error),
    /// A picture of results cannot be drawn.
    #[error("cannot draw {}: {reason}", path.display())]
    Plot {
        /// The file it was to be in.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// A file that is no checkpoint, or a damaged one.
    #[error("{}: {source}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: CheckpointError,
    },
    /// A checkpoint would be overwritten by another training.
    #[error("{} is there already: --resume goes on from it; to begin anew, remove it", path.display())]
    CheckpointThere {
        /// The file.
        path: PathBuf,
    },
    /// One file cannot be both.
    #[error("{} cannot be the checkpoint and the model", path.display())]
    CheckpointIsModel {
        /// The file.
        path: PathBuf,
    },
    /// A checkpoint of a training that would give another model.
    #[error("{}: the checkpoint of another training: {setting}: {expected} expected, {found} in the checkpoint", path.display())]
    OtherSettings {
        /// The file.
        path: PathBuf,
        /// The option or the part of the data that differs.
        setting: String,
        /// Its value in this training.
        expected: String,
        /// Its value in the checkpoint.
        found: String,
    },
    /// The handler for Ctrl-C cannot be set.
    #[error("cannot watch for Ctrl-C: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

impl Error {
    /// Wraps what the system says about writing a file.
    pub fn write(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Write {
            path: path.into(),
            source,
        }
    }

    /// Wraps what the system says about reading a file.
    pub fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Read {
            path: path.into(),
            source,
        }
    }

    /// Wraps a fault in a file of images or labels.
    pub fn idx(path: impl Into<PathBuf>, source: IdxError) -> Self {
        let path = path.into();
        match source {
            IdxError::Read(source) => Self::Read { path, source },
            source => Self::Idx { path, source },
        }
    }

    /// Wraps a fault in a network of another program.
    pub fn interchange(path: impl Into<PathBuf>, source: InterchangeError) -> Self {
        Self::Interchange {
            path: path.into(),
            source,
        }
    }

    /// Wraps a fault in a model file.
    pub fn model(path: impl Into<PathBuf>, source: ModelError) -> Self {
        Self::Model {
            path: path.into(),
            source,
        }
    }
}
