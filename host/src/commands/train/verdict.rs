//! `Verdict`: what is to be said of a training that did not come to much, and what to try.

use serde::Serialize;
use smidgen_core::Cost;

use super::plan::Plan;
use crate::evaluation::{Accuracy, chance};
use crate::training::Settings;

/// A mini-batch of more than this share of the training set makes too few steps in an epoch.
const LARGE_BATCH: usize = 20;
/// Regularisation that takes more than this share of every weight in each step leaves nothing to learn with.
const LARGE_DECAY: f32 = 0.01;
/// Learning rates below are too small to get far in a few epochs.
const SMALL_STEP: f32 = 0.01;

/// What is wrong with the result of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is no better than always saying the most frequent class.
    StuckAtChance,
    /// It is far below what the same training had reached before.
    FarBelowItsBest,
}

impl Verdict {
    /// Judges the model that is kept: `share` of the test images have the most frequent class, `best` is the best test
    /// accuracy of all epochs in percent.
    pub fn of(kept: Accuracy, share: f64, best: f64) -> Option<Self> {
        let percent = kept.percent();
        match () {
            () if chance::is_guessing(percent, kept.total, share) => Some(Self::StuckAtChance),
            () if chance::is_far_below(kept, best) => Some(Self::FarBelowItsBest),
            () => None,
        }
    }

    /// What is wrong and what to try, for a plan on so many training examples.
    pub fn words(self, plan: &Plan, examples: usize) -> String {
        let wrong = match self {
            Self::StuckAtChance => {
                "the network has learned nothing: it is no better than always saying the most frequent class"
            }
            Self::FarBelowItsBest => "the network is far below its own best",
        };
        format!("{wrong}; try {}", self.advice(plan, examples))
    }

    fn advice(self, plan: &Plan, examples: usize) -> String {
        let Settings {
            mini_batch_size,
            learning_rate,
            regularization,
            cost,
            ..
        } = plan.settings;
        let usual = if cost == Cost::Quadratic { 3.0 } else { 0.5 };
        match () {
            () if learning_rate * regularization / examples.max(1) as f32 > LARGE_DECAY => {
                "a smaller --regularization".into()
            }
            () if learning_rate > usual => format!("a smaller --learning-rate, {usual} or less"),
            () if mini_batch_size * LARGE_BATCH > examples && mini_batch_size > 1 => {
                "a smaller --mini-batch-size, so that there are more steps in an epoch".into()
            }
            () if learning_rate < SMALL_STEP => "a larger --learning-rate".into(),
            () if self == Self::FarBelowItsBest => {
                "--early-stopping 10, which keeps the best, or a smaller --learning-rate".into()
            }
            () => "more --epochs, --init scaled, or another --learning-rate".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(change: impl FnOnce(&mut Settings)) -> String {
        let mut plan = Plan::default();
        change(&mut plan.settings);
        Verdict::StuckAtChance.words(&plan, 50_000)
    }

    #[test]
    fn the_advice_is_about_what_is_unusual() {
        assert!(
            words(|s| s.learning_rate = 1e6).ends_with("try a smaller --learning-rate, 3 or less")
        );
        assert!(words(|s| s.mini_batch_size = 50_000).contains("--mini-batch-size"));
        assert!(words(|s| s.regularization = 1e6).contains("--regularization"));
        assert!(words(|s| s.learning_rate = 1e-4).contains("a larger --learning-rate"));
        assert!(words(|_| ()).contains("--epochs"));
    }

    #[test]
    fn good_results_get_no_verdict() {
        let kept = |correct| Accuracy {
            correct,
            total: 10_000,
        };
        assert_eq!(Verdict::of(kept(9458), 0.1135, 94.9), None);
        assert_eq!(
            Verdict::of(kept(982), 0.1135, 11.35),
            Some(Verdict::StuckAtChance)
        );
        assert_eq!(
            Verdict::of(kept(8000), 0.1135, 94.0),
            Some(Verdict::FarBelowItsBest)
        );
    }
}
