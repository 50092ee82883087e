//! When to leave an answer open: the least confidence by the validation part, the amounts by what was seen in training, and
//! what then comes of a data set.

use std::ops::RangeInclusive;

use serde::Serialize;
use smidgen_core::Answer;

use crate::data::{Dataset, Rejection};
use crate::network::{AnyNetwork, Certainty};

/// What rejection goes by in one example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    class: usize,
    right: bool,
    confidence: f64,
    amount: u32,
}

/// A data set once answers may be left open, in examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// All there are.
    pub total: usize,
    /// Answers that were left open, for the second best came too close.
    pub unsure: usize,
    /// Inputs unlike any in the training data.
    pub unlike: usize,
    /// Answers that were right.
    pub right: usize,
}

impl Outcome {
    /// Answers that were given.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.total - self.unsure - self.unlike
    }
}

/// Asks a network for every example of a data set.
#[must_use]
pub fn judge(network: &dyn AnyNetwork, data: &Dataset) -> Vec<Judged> {
    let one = |(i, Certainty { class, confidence })| Judged {
        class,
        right: class == data.label(i),
        confidence,
        amount: data.amount(i),
    };
    let certainties = network.certainties(data).into_iter();
    certainties.enumerate().map(one).collect()
}

/// The rejection that leaves no more than a share of these examples, in [0, 1], below the least confidence, and calls none
/// of `seen` unlike.
#[must_use]
pub fn choose(share: f64, validation: &[Judged], seen: &[&Dataset]) -> Rejection {
    let mut confidences: Vec<_> = validation.iter().map(|judged| judged.confidence).collect();
    confidences.sort_unstable_by(f64::total_cmp);
    let open = (share * confidences.len() as f64) as usize;
    let amounts = amounts(seen);
    Rejection {
        confidence: confidences.get(open).copied().unwrap_or_default(),
        least: *amounts.start(),
        greatest: *amounts.end(),
    }
}

/// The least and the greatest amount in some data sets.
fn amounts(sets: &[&Dataset]) -> RangeInclusive<u32> {
    let all = || {
        sets.iter()
            .flat_map(|set| (0..set.len()).map(|i| set.amount(i)))
    };
    all().min().unwrap_or(0)..=all().max().unwrap_or(u32::MAX)
}

/// What comes of examples with a rejection.
#[must_use]
pub fn outcome(judged: &[Judged], rejection: &Rejection) -> Outcome {
    let rejection = rejection.core();
    let mut outcome = Outcome {
        total: judged.len(),
        ..Outcome::default()
    };
    for one in judged {
        match rejection.judge(one.class, one.confidence, one.amount) {
            Answer::Sure(_) => outcome.right += usize::from(one.right),
            Answer::Unsure(_) => outcome.unsure += 1,
            Answer::Unlike(_) => outcome.unlike += 1,
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(confidences: &[f64]) -> Vec<Judged> {
        let one = |&confidence| Judged {
            class: 1,
            right: confidence > 0.2,
            confidence,
            amount: 5,
        };
        confidences.iter().map(one).collect()
    }

    #[test]
    fn no_more_is_left_open_than_the_share_and_equals_are_not() {
        let validation = judged(&[0.9, 0.1, 0.3, 0.3, 0.8, 0.7, 0.6, 0.5, 0.4, 1.0]);
        for (share, confidence, unsure) in [
            (0.0_f64, 0.1_f64, 0),
            (0.1, 0.3, 1),
            (0.2, 0.3, 1),
            (0.3, 0.4, 3),
            (0.99, 1.0, 9),
        ] {
            let rejection = choose(share, &validation, &[]);
            assert_eq!(
                rejection.confidence.to_bits(),
                confidence.to_bits(),
                "{share}"
            );
            let outcome = outcome(&validation, &rejection);
            let right = outcome.answered() - usize::from(unsure == 0);
            assert_eq!((outcome.unsure, outcome.right), (unsure, right), "{share}");
        }
    }

    #[test]
    fn amounts_that_training_never_had_are_told_apart() {
        let seen = Dataset::of_image(&[0, 200, 0], 0);
        let rejection = choose(0.0, &judged(&[0.5]), &[&seen]);
        assert_eq!((rejection.least, rejection.greatest), (200, 200));
        assert_eq!(outcome(&judged(&[0.5]), &rejection).unlike, 1);
    }
}
