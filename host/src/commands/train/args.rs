//! The arguments of `smidgen train`.

use std::path::PathBuf;

use clap::ValueEnum;
use smidgen_core::Cost;

use super::options::Options;
use super::pictures::PictureArgs;
use super::plan::Plan;
use super::preset::Preset;
use crate::commands::data::DataArgs;
use crate::commands::error::Error;
use crate::commands::numbers::{Layers, at_least_one, below_one, not_negative, positive, sizes};
use crate::data::Dataset;
use crate::data::expand::Expand;
use crate::network::Start;
use crate::training::Settings;
use crate::training::schedule::Schedule;

/// Train a network on MNIST or on data of your own, evaluate it after each epoch, and write the model file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen train                                      the book's network, ten epochs
  smidgen train --layers 784,100,10 --epochs 30      a larger one, for longer
  smidgen train --preset book-ch3                    past 98 %, with the techniques of chapter 3
  smidgen train --data readings.csv --out my.model   a table of your own, the class in its last column
  smidgen train --data fashion --out fashion.model   another set of images in IDX files
  smidgen train --checkpoint run.checkpoint --resume  begins, or goes on after whatever broke it off
  smidgen train --json | jq .correct                 for programs")]
pub struct Args {
    /// Settings that go together; what is given beside it comes first
    #[arg(long, value_enum, value_name = "NAME")]
    pub preset: Option<Preset>,
    /// Sizes of the layers, from input to output [default: 784,30,10, or the first there are that fit the data]
    #[arg(long, value_parser = sizes, num_args = 1.., value_name = "SIZES")]
    pub layers: Option<Vec<Layers>>,
    /// Times to go through the training images [default: 10]
    #[arg(long, value_parser = at_least_one, allow_negative_numbers = true, value_name = "N")]
    pub epochs: Option<usize>,
    /// Images per update [default: 10]
    #[arg(long, value_parser = at_least_one, value_name = "M")]
    pub mini_batch_size: Option<usize>,
    /// η, the size of a step [default: 3]
    #[arg(long, value_parser = positive, allow_negative_numbers = true, value_name = "ETA")]
    pub learning_rate: Option<f32>,
    /// Where the starting weights and the shuffling come from; the same seed gives the same file on any machine
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// What training lowers [default: quadratic]
    #[arg(long, value_enum, value_name = "COST")]
    pub cost: Option<CostName>,
    /// λ of the regularisation, L2 unless --l1 [default: 0]
    #[arg(long, value_parser = not_negative, allow_negative_numbers = true, value_name = "LAMBDA")]
    pub regularization: Option<f32>,
    /// Regularise by L1
    #[arg(long)]
    pub l1: bool,
    /// How weights start: N(0, 1) or N(0, 1/inputs) [default: unit]
    #[arg(long, value_enum, value_name = "START")]
    pub init: Option<Start>,
    /// μ of the momentum, below 1 [default: 0]
    #[arg(long, value_parser = below_one, allow_negative_numbers = true, value_name = "MU")]
    pub momentum: Option<f32>,
    /// How the learning rate goes from epoch to epoch [default: constant]
    #[arg(long, value_enum, value_name = "SCHEDULE")]
    pub schedule: Option<Schedule>,
    /// Stop after N epochs without a better accuracy on the validation images, and keep the best network
    #[arg(long, value_parser = at_least_one, value_name = "N")]
    pub early_stopping: Option<usize>,
    /// Also train on images made of the training images
    #[arg(long, value_enum, value_name = "HOW")]
    pub expand: Option<Expand>,
    /// Show accuracy and cost on the training and the validation images too
    #[arg(long)]
    pub monitor: bool,
    #[command(flatten)]
    pub data: DataArgs,
    /// The model file to write
    #[arg(long, default_value = "digits.model", value_name = "FILE")]
    pub out: PathBuf,
    /// Write all that the training needs to go on into this file after each epoch
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Go on from the checkpoint, which knows the settings and the data; if it is not there yet, begin
    #[arg(long, requires = "checkpoint")]
    pub resume: bool,
    #[command(flatten)]
    pub pictures: PictureArgs,
    /// Replace whatever is there
    #[arg(long)]
    pub force: bool,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(long, conflicts_with = "json")]
    pub quiet: bool,
    /// All of these that say something of the training, as they were typed.
    #[arg(skip)]
    pub typed: Options,
}

/// [`Cost`] as one types it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CostName {
    /// ½ Σ (a − y)²
    Quadratic,
    /// −Σ [y ln a + (1 − y) ln (1 − a)]
    CrossEntropy,
}

impl From<CostName> for Cost {
    fn from(name: CostName) -> Self {
        match name {
            CostName::Quadratic => Self::Quadratic,
            CostName::CrossEntropy => Self::CrossEntropy,
        }
    }
}

impl Args {
    /// Refuses options that change nothing beside the others.
    ///
    /// # Errors
    ///
    /// [`Error::NoEffect`].
    pub fn expect_effects(&self) -> Result<(), Error> {
        let plan = self.plan(&Dataset::default());
        if self.l1 && plan.settings.regularization <= 0.0 {
            let (option, reason) = ("--l1", "without --regularization there is nothing to pull");
            return Err(Error::NoEffect { option, reason });
        }
        Ok(())
    }

    /// Refuses a mini-batch that is larger than the set it is to be taken from.
    ///
    /// # Errors
    ///
    /// [`Error::LargeMiniBatch`].
    pub fn expect_mini_batch(&self, examples: usize) -> Result<(), Error> {
        match self.mini_batch_size {
            Some(size) if size > examples => Err(Error::LargeMiniBatch { size, examples }),
            _ => Ok(()),
        }
    }

    /// The sizes, if they were given: in one word or in several.
    pub fn layers(&self) -> Option<Vec<usize>> {
        let words = self.layers.as_ref()?;
        Some(
            words
                .iter()
                .flat_map(|Layers(sizes)| sizes.clone())
                .collect(),
        )
    }

    /// The preset, or the default of pictures or of tables, with what is given beside it.
    pub fn plan(&self, data: &Dataset) -> Plan {
        let usual = data.is_table().then_some(Preset::Table);
        let preset = self.preset.or(usual);
        let plan = preset.map_or_else(Plan::default, |preset| preset.plan(data.inputs()));
        let base = plan.settings;
        Plan {
            layers: self.layers().unwrap_or(plan.layers),
            epochs: self.epochs.unwrap_or(plan.epochs),
            settings: Settings {
                mini_batch_size: self.mini_batch_size.unwrap_or(base.mini_batch_size),
                learning_rate: self.learning_rate.unwrap_or(base.learning_rate),
                seed: self.seed,
                cost: self.cost.map_or(base.cost, Cost::from),
                regularization: self.regularization.unwrap_or(base.regularization),
                l1: self.l1 || base.l1,
                start: self.init.unwrap_or(base.start),
                momentum: self.momentum.unwrap_or(base.momentum),
                expand: self.expand.unwrap_or(base.expand),
            },
            schedule: self.schedule.unwrap_or(plan.schedule),
            early_stopping: self.early_stopping.or(plan.early_stopping),
        }
    }
}
