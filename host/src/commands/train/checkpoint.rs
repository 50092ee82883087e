//! A training from epoch to epoch, and its checkpoint file: written after each, read by `--resume`, refused if it is
//! another's.

use std::path::Path;

use super::args::Args;
use super::plan::Plan;
use crate::commands::error::Error;
use crate::data::{Dataset, Parts};
use crate::files::input;
use crate::files::output::OutputFile;
use crate::files::outputs::Outputs;
use crate::network::Learner;
use crate::training::checkpoint::{Checkpoint, Kept, Point, Settings, Whole, encode};
use crate::training::schedule::Pace;
use crate::training::{self, Trainer};

/// The name under which a checkpoint holds what was typed; two trainings may differ in it.
pub const OPTIONS: &str = "options";

/// A training between two epochs.
pub struct Training {
    pub trainer: Trainer,
    pub pace: Pace,
    /// Epochs done.
    pub epochs: usize,
    /// Whether early stopping has ended it.
    pub ended: bool,
    /// The model that is to be saved, as of now.
    pub kept: Option<Kept>,
    pub history: Vec<Point>,
    /// Whether the model file that is there is what this very training left when it was broken off.
    pub wrote_it: bool,
}

impl Training {
    /// Before the first epoch.
    pub fn new(network: Box<dyn Learner>, settings: training::Settings, pace: Pace) -> Self {
        Self {
            trainer: Trainer::new(network, settings),
            pace,
            epochs: 0,
            ended: false,
            kept: None,
            history: Vec::new(),
            wrote_it: false,
        }
    }

    /// After the last epoch of a checkpoint; `pace` is that of the first.
    pub fn resume(
        network: Box<dyn Learner>,
        settings: training::Settings,
        pace: Pace,
        checkpoint: Checkpoint,
    ) -> Self {
        Self {
            trainer: Trainer::resume(network, settings, &checkpoint.snapshot),
            pace: pace.with_progress(checkpoint.progress),
            epochs: checkpoint.epochs,
            ended: checkpoint.ended,
            kept: checkpoint.kept,
            history: checkpoint.history,
            wrote_it: false,
        }
    }

    /// What [`Training::resume`] needs.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            epochs: self.epochs,
            ended: self.ended,
            snapshot: self.trainer.snapshot(),
            progress: self.pace.progress(),
            kept: self.kept.clone(),
            history: self.history.clone(),
        }
    }
}

/// Where a training is kept from epoch to epoch.
pub struct CheckpointFile {
    file: OutputFile,
    /// The bytes that are there already, if the training is to go on.
    before: Option<Vec<u8>>,
}

impl CheckpointFile {
    /// Checks what can be checked before the data are read; `None` if no checkpoint is wanted.
    ///
    /// Without `--resume` a checkpoint that is there is refused: a new training would write over it.
    ///
    /// # Errors
    ///
    /// [`Error::CheckpointThere`], or [`Error`] if the file cannot be read or written.
    pub fn prepare(args: &Args, outputs: &mut Outputs) -> Result<Option<Self>, Error> {
        let Some(path) = &args.checkpoint else {
            return Ok(None);
        };
        let file = outputs.claim(path)?;
        let there = path.exists() && !file.is_special();
        let before = match (there, args.resume) {
            (false, _) => None,
            (true, true) => Some(input::read(path, "checkpoint")?),
            (true, false) => return Err(Error::CheckpointThere { path: path.clone() }),
        };
        Ok(Some(Self { file, before }))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Whether there is a training to go on with.
    pub fn is_there(&self) -> bool {
        self.before.is_some()
    }

    /// The training that goes on, if there is one; its settings must be these.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] for a damaged file, [`Error::OtherSettings`] for another training's.
    pub fn read(&self, plan: &Plan, settings: &Settings) -> Result<Option<Checkpoint>, Error> {
        let Some(bytes) = &self.before else {
            return Ok(None);
        };
        let wrong = |source| Error::Checkpoint {
            path: self.path().into(),
            source,
        };
        let whole = Whole::parse(bytes).map_err(wrong)?;
        self.expect_equal(settings, whole.settings())?;
        let checkpoint = whole.decode(&plan.layers).map_err(wrong)?;
        if checkpoint.epochs > plan.epochs {
            let done = format!("{} done", checkpoint.epochs);
            return Err(self.other("--epochs", &plan.epochs.to_string(), &done));
        }
        Ok(Some(checkpoint))
    }

    fn expect_equal(&self, here: &Settings, there: &[(String, String)]) -> Result<(), Error> {
        for (name, expected) in here.iter().filter(|(name, _)| name != OPTIONS) {
            let found = there.iter().find(|(other, _)| other == name);
            let found = found.map_or("nothing", |(_, value)| value);
            if found != expected {
                return Err(self.other(name, expected, found));
            }
        }
        match there
            .iter()
            .filter(|(name, _)| name != OPTIONS)
            .find(|(name, _)| here.iter().all(|(other, _)| other != name))
        {
            Some((name, found)) => Err(self.other(name, "nothing", found)),
            None => Ok(()),
        }
    }

    fn other(&self, setting: &str, expected: &str, found: &str) -> Error {
        Error::OtherSettings {
            path: self.path().into(),
            setting: setting.into(),
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// Replaces the checkpoint at one stroke.
    ///
    /// # Errors
    ///
    /// [`Error::File`]; the checkpoint of the epoch before is then still there.
    pub fn write(&self, settings: &Settings, checkpoint: &Checkpoint) -> Result<(), Error> {
        Ok(self.file.write(&encode(settings, checkpoint))?)
    }
}

/// What makes the data of a training these and no others.
pub fn data(args: &Args, parts: &Parts) -> Settings {
    let set = if args.data.data.is_some() {
        "given"
    } else {
        "MNIST"
    };
    let images = |data: &Dataset| format!("{} with CRC-32 {:08x}", data.len(), data.crc32());
    vec![
        ("--data".into(), set.into()),
        ("training images".into(), images(&parts.training)),
        ("validation images".into(), images(&parts.validation)),
        ("test images".into(), images(&parts.test)),
    ]
}
