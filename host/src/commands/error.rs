//! `Error`: everything that can go wrong with a verb, each in one line that names the file. The only error that knows the
//! others.

use std::io;
use std::path::PathBuf;

use smidgen_core::ModelError;

use crate::data::DataError;
use crate::data::picture::PictureError;
use crate::files::FileError;
use crate::interchange::InterchangeError;
#[cfg(feature = "page")]
use crate::network::Stop;
use crate::network::{NetworkError, join};
#[cfg(feature = "page")]
use crate::page::PageError;
use crate::quantize::QuantizeError;
use crate::training::checkpoint::CheckpointError;

/// What went wrong, and with which file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Data that are not as they should be.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A network that is not to be had.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A file that is no model, a damaged one, or one of another shape.
    #[error("{}: {source}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ModelError,
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
    #[error("{}: a model of sizes [{}], which are not on the menu: {compiled}", path.display(), join(sizes))]
    ModelSizes {
        /// The file.
        path: PathBuf,
        /// Its sizes.
        sizes: Vec<usize>,
        /// The sizes that there are, in words.
        compiled: String,
    },
    /// A network that has not the inputs or the classes of the data.
    #[error(
        "a network of sizes [{}] does not fit data of {inputs} inputs and {classes} classes",
        join(sizes)
    )]
    Unfit {
        /// The network's sizes.
        sizes: Vec<usize>,
        /// Inputs of an example.
        inputs: usize,
        /// Classes there are.
        classes: usize,
    },
    /// No network that was compiled in fits the data.
    #[error(
        "no network on the menu of sizes fits {inputs} inputs and {classes} classes: {compiled}; `smidgen new` makes a program of your own sizes"
    )]
    NothingFits {
        /// Inputs of an example.
        inputs: usize,
        /// Classes there are.
        classes: usize,
        /// The sizes that there are, in words.
        compiled: String,
    },
    /// A verb that there is not.
    #[error("no verb {verb}; smidgen --help names them all")]
    NoVerb {
        /// As it was given.
        verb: String,
    },
    /// An option that changes nothing beside the others.
    #[error("{option} has no effect: {reason}")]
    NoEffect {
        /// The option.
        option: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// A mini-batch of more examples than there are.
    #[error(
        "--mini-batch-size {size} is larger than the training set, which has {examples} examples"
    )]
    LargeMiniBatch {
        /// As it was given.
        size: usize,
        /// Examples for training.
        examples: usize,
    },
    /// An option of tables beside data that are none.
    #[error("{option} is for tables, and {} is a folder of IDX files", path.display())]
    TableOption {
        /// The option.
        option: &'static str,
        /// The folder.
        path: PathBuf,
    },
    /// Data by which a model cannot be judged, because it was trained on others.
    #[error("{} was trained on {known}, and {} is not that (--other-data takes it all the same)", model.display(), given.display())]
    OtherData {
        /// The model file.
        model: PathBuf,
        /// Its data in words.
        known: String,
        /// The data that were given.
        given: PathBuf,
    },
    /// The data of a model are not where they were.
    #[error("{} was trained on {data}, which is not here; --data says where it is", model.display())]
    DataGone {
        /// The model file.
        model: PathBuf,
        /// Its data in words.
        data: String,
    },
    /// Data without a part for validation, where something is to be chosen by it.
    #[error(
        "--reject chooses by the validation part, and these data have none; train with --split, such as 70,15,15"
    )]
    NoValidation,
    /// A network whose inputs are no pictures, where pictures are needed.
    #[error("a network of sizes [{}] takes no pictures", join(sizes))]
    NoPictures {
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
    /// A path that a model does not take.
    #[error("{}: --path {way}: {reason}", path.display())]
    NoPath {
        /// The file.
        path: PathBuf,
        /// The path, as it was given.
        way: &'static str,
        /// Why.
        reason: &'static str,
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
    /// Standard output takes no more, because the reader has gone, for one.
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    /// A name that no project can have.
    #[error("a project cannot be called {name:?}: {fault}")]
    ProjectName {
        /// The name.
        name: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A project without data.
    #[error("a project needs data: --data says where they are, --digits takes those of the book")]
    NoData,
    /// A project would be made where something is already.
    #[error("{} is there already, and nothing is written over", path.display())]
    ProjectThere {
        /// The folder.
        path: PathBuf,
    },
    /// A folder that is no checkout of smidgen.
    #[error("{}: no checkout of smidgen, which has the folders core and host", path.display())]
    NoCheckout {
        /// The folder.
        path: PathBuf,
    },
    /// An option of one format beside another.
    #[error("{option} belongs to --format {format}")]
    OnlyFor {
        /// The option.
        option: &'static str,
        /// Its format.
        format: &'static str,
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
    /// A training that did not end well.
    #[cfg(feature = "page")]
    #[error(transparent)]
    Training(Stop),
    /// A model that has no page.
    #[cfg(feature = "page")]
    #[error("{}: {source}", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PageError,
    },
    /// Where the server was to listen, of which there is none any more.
    #[cfg(feature = "page")]
    #[error(
        "{option}: there is no server any more; the page is one file that runs by itself, and --out FILE keeps it"
    )]
    NoServer {
        /// As it was given.
        option: &'static str,
    },
    /// There is no folder for a page that nobody asked to keep.
    #[cfg(feature = "page")]
    #[error(
        "no cache folder: neither XDG_CACHE_HOME nor HOME is set; --out FILE says where the page shall be"
    )]
    NoCache,
    /// A picture of results cannot be drawn.
    #[cfg(feature = "plots")]
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
    /// A file of this program, but of another kind than is needed.
    #[error("{}: no model file, but {kind}", path.display())]
    OtherKind {
        /// The file.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// The signals that ask a program to stop cannot be watched for.
    #[error("cannot watch for Ctrl-C: {0}")]
    Interrupt(#[source] io::Error),
}

impl Error {
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

    /// Wraps what keeps the network of a model file from being had.
    pub fn model_network(path: impl Into<PathBuf>, source: NetworkError) -> Self {
        let path = path.into();
        match source {
            NetworkError::NotCompiled { sizes, compiled } => Self::ModelSizes {
                path,
                sizes,
                compiled,
            },
            NetworkError::Integers => Self::IntegerModel { path },
            NetworkError::Model(source) => Self::Model { path, source },
        }
    }
}
