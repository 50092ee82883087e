//! `Plan`: how to train, from the first epoch to the last.

use smidgen_core::Cost;

use crate::data::expand::Expand;
use crate::network::{Start, join};
use crate::training::schedule::Schedule;
use crate::training::{Settings, checkpoint};

/// How to train, from the first epoch to the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Sizes from input to output.
    pub layers: Vec<usize>,
    /// Epochs at most.
    pub epochs: usize,
    /// What stays for all epochs.
    pub settings: Settings,
    /// How the learning rate goes.
    pub schedule: Schedule,
    /// Epochs without a better validation accuracy after which training stops.
    pub early_stopping: Option<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            layers: vec![784, 30, 10],
            epochs: 10,
            settings: Settings::default(),
            schedule: Schedule::Constant,
            early_stopping: None,
        }
    }
}

impl Plan {
    /// Whether validation decides anything.
    #[must_use]
    pub fn validates(&self) -> bool {
        self.early_stopping.is_some() || self.schedule == Schedule::Halving
    }

    /// The plan in words, after `epochs` epochs.
    #[must_use]
    pub fn note(&self, epochs: usize) -> String {
        let Settings {
            mini_batch_size,
            learning_rate,
            seed,
            ..
        } = self.settings;
        let mut note = format!(
            "{epochs} epochs, mini-batch size {mini_batch_size}, learning rate {learning_rate}"
        );
        for part in self.techniques() {
            note += ", ";
            note += &part;
        }
        format!("{note}, seed {seed}")
    }

    /// The plan as the title of a picture: sizes, η and m, and whatever else is not the default.
    #[must_use]
    pub fn title(&self) -> String {
        let (usual, settings) = (Settings::default(), &self.settings);
        let mut parts = vec![
            format!("Training [{}]", join(&self.layers)),
            format!("η = {}", settings.learning_rate),
            format!("m = {}", settings.mini_batch_size),
        ];
        let techniques = self.techniques().into_iter();
        parts.extend(techniques.skip(usize::from(settings.cost == usual.cost)));
        if settings.seed != usual.seed {
            parts.push(format!("seed {}", settings.seed));
        }
        parts.join(", ")
    }

    /// What goes beyond the book's first chapter, in words; the cost always.
    fn techniques(&self) -> Vec<String> {
        let Settings {
            cost,
            regularization,
            l1,
            start,
            momentum,
            expand,
            ..
        } = self.settings;
        let mut parts = vec![
            if cost == Cost::Quadratic {
                "quadratic cost"
            } else {
                "cross-entropy"
            }
            .into(),
        ];
        if regularization > 0.0 {
            parts.push(format!(
                "{} regularisation {regularization}",
                if l1 { "L1" } else { "L2" }
            ));
        }
        if start == Start::Scaled {
            parts.push("scaled start".into());
        }
        if momentum > 0.0 {
            parts.push(format!("momentum {momentum}"));
        }
        match self.schedule {
            Schedule::Constant => {}
            Schedule::Halving => parts.push("halving schedule".into()),
            Schedule::Step => parts.push("step schedule".into()),
            Schedule::Cosine => parts.push("cosine schedule".into()),
        }
        if let Some(patience) = self.early_stopping {
            parts.push(format!("early stopping after {patience}"));
        }
        if expand == Expand::Shift {
            parts.push("moved images".into());
        }
        parts
    }

    /// All that must be the same in two runs for their models to be the same, by the names of the options, with the
    /// `data` by what the caller knows of them.
    #[must_use]
    pub fn names_and_values(&self, data: checkpoint::Settings) -> checkpoint::Settings {
        let Settings {
            mini_batch_size,
            learning_rate,
            seed,
            cost,
            regularization,
            l1,
            start,
            momentum,
            expand,
        } = self.settings;
        let patience = self.early_stopping;
        let mut settings = vec![
            ("smidgen", env!("CARGO_PKG_VERSION").to_owned()),
            ("--layers", join(&self.layers)),
            ("--mini-batch-size", mini_batch_size.to_string()),
            ("--learning-rate", learning_rate.to_string()),
            ("--seed", seed.to_string()),
            ("--cost", format!("{cost:?}")),
            ("--regularization", regularization.to_string()),
            ("--l1", l1.to_string()),
            ("--init", format!("{start:?}")),
            ("--momentum", momentum.to_string()),
            ("--schedule", format!("{:?}", self.schedule)),
            (
                "--early-stopping",
                patience.map_or("none".into(), |n| n.to_string()),
            ),
            ("--expand", format!("{expand:?}")),
        ];
        // With the other schedules nothing depends on how many epochs are still to come.
        if matches!(self.schedule, Schedule::Step | Schedule::Cosine) {
            settings.push(("--epochs", self.epochs.to_string()));
        }
        let settings = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        settings.chain(data).collect()
    }
}
