//! Trainings with every combination of some hyper-parameters, side by side on all cores.
//!
//! Each run is one [`Trainer`] on one thread, so what it comes to does not depend on how many threads there are.

use std::ops::ControlFlow;
use std::time::Instant;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::data::Parts;
use crate::evaluation::{Accuracy, evaluate};
use crate::network::{Learner, NetworkError, Networks, Stop, parameters};
use crate::training::{Settings, Trainer};

/// One choice of the hyper-parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// The sizes of the network, from input to output.
    pub sizes: Vec<usize>,
    /// η.
    pub learning_rate: f32,
    /// m.
    pub mini_batch_size: usize,
}

impl Combination {
    /// Neurons of the hidden layers, in words: `30`, or `30-20`.
    #[must_use]
    pub fn hidden(&self) -> String {
        let hidden = match self.sizes.as_slice() {
            [_, hidden @ .., _] => hidden,
            _ => &[],
        };
        let hidden: Vec<_> = hidden.iter().map(ToString::to_string).collect();
        hidden.join("-")
    }

    /// Weights and biases.
    #[must_use]
    pub fn parameters(&self) -> usize {
        parameters(&self.sizes)
    }
}

/// What is to be trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Each is trained from every seed.
    pub combinations: Vec<Combination>,
    /// Seeds, from 1.
    pub seeds: u64,
    /// Epochs of every run.
    pub epochs: usize,
    /// What is the same in all runs.
    pub settings: Settings,
}

/// One training.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number among all runs: combination by combination, seed by seed.
    pub number: usize,
    /// What it is trained with.
    pub combination: Combination,
    /// Where its weights and its order come from.
    pub seed: u64,
}

impl Plan {
    /// All runs, in order.
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        let pairs = self
            .combinations
            .iter()
            .flat_map(|combination| (1..=self.seeds).map(move |seed| (combination.clone(), seed)));
        (0..)
            .zip(pairs)
            .map(|(number, (combination, seed))| Run {
                number,
                combination,
                seed,
            })
            .collect()
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Right answers on the test images after each epoch.
    pub accuracies: Vec<Accuracy>,
    /// The mean cost of a test image after each epoch.
    pub costs: Vec<f64>,
    /// The epoch, from 0, in which a weight became no finite number.
    pub diverged: Option<usize>,
    /// Whether it was broken off, perhaps before it began.
    pub stopped: bool,
    /// How long the training took, without evaluations.
    pub seconds: f64,
}

impl Outcome {
    /// The accuracy at the end in percent, if the run got there.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        match self.diverged {
            Some(_) => None,
            None if self.stopped => None,
            None => self.accuracies.last().map(|accuracy| accuracy.percent()),
        }
    }
}

/// What happens to a run.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It has a thread.
    Started,
    /// So many of its epochs are done, and the last came to this.
    Epoch(usize, Accuracy),
    /// It is done.
    Ended(&'a Outcome),
}

/// Trains all runs and gives their outcomes in the order of [`Plan::runs`]; `watch` is told from many threads at once.
/// Once `stop` says so the runs that are not done are broken off.
///
/// # Errors
///
/// [`NetworkError::NotCompiled`] for a size that `networks` does not have, before anything is trained.
pub fn sweep(
    plan: &Plan,
    networks: &Networks,
    parts: &Parts,
    watch: impl Fn(&Run, Event<'_>) + Sync,
    stop: impl Fn() -> bool + Sync,
) -> Result<Vec<Outcome>, NetworkError> {
    for combination in &plan.combinations {
        networks.check(&combination.sizes)?;
    }
    let mut runs = plan.runs();
    // The longest first: the short ones at the end then keep all cores busy.
    runs.sort_by_key(|run| std::cmp::Reverse(run.combination.parameters()));
    let outcomes: Vec<Result<(usize, Outcome), NetworkError>> = runs
        .into_iter()
        .par_bridge()
        .map(|run| {
            let network = networks.float(&run.combination.sizes)?;
            Ok((run.number, train(network, plan, &run, parts, &watch, &stop)))
        })
        .collect();
    let mut outcomes = outcomes.into_iter().collect::<Result<Vec<_>, _>>()?;
    outcomes.sort_by_key(|&(number, _)| number);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// One run, from its start to its end.
fn train(
    network: Box<dyn Learner>,
    plan: &Plan,
    run: &Run,
    parts: &Parts,
    watch: &(impl Fn(&Run, Event<'_>) + Sync),
    stop: &(impl Fn() -> bool + Sync),
) -> Outcome {
    if !stop() {
        watch(run, Event::Started);
    }
    let combination = &run.combination;
    let settings = Settings {
        mini_batch_size: combination.mini_batch_size.min(parts.training.len()),
        learning_rate: combination.learning_rate,
        seed: run.seed,
        ..plan.settings
    };
    let mut trainer = <Trainer>::new(network, settings);
    let mut outcome = Outcome {
        accuracies: Vec::new(),
        costs: Vec::new(),
        diverged: None,
        stopped: false,
        seconds: 0.0,
    };
    for epoch in 0..plan.epochs {
        let start = Instant::now();
        let trained = trainer.epoch(&parts.training, |_| {
            if stop() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match trained {
            Ok(()) => {}
            Err(Stop::Diverged) => outcome.diverged = Some(epoch),
            Err(_) => {
                outcome.stopped = true;
                return outcome;
            }
        }
        outcome.seconds += start.elapsed().as_secs_f64();
        if outcome.diverged.is_some() {
            break;
        }
        let evaluation = evaluate(trainer.network(), trainer.cost(), &parts.test);
        outcome.accuracies.push(evaluation.accuracy);
        outcome.costs.push(evaluation.cost);
        watch(run, Event::Epoch(epoch + 1, evaluation.accuracy));
    }
    watch(run, Event::Ended(&outcome));
    outcome
}

/// The outcomes of one combination over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The combination.
    pub combination: Combination,
    /// The accuracies at the end in percent, of the runs that got there.
    pub percents: Vec<f64>,
    /// Runs that diverged.
    pub diverged: usize,
    /// Seconds of an epoch of training, the mean over all epochs.
    pub seconds_per_epoch: f64,
}

impl Summary {
    /// The mean accuracy in percent; `None` if every run diverged.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        mean(&self.percents)
    }

    /// The standard deviation of the accuracy over the seeds; 0 for one seed.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let (Some(mean), count) = (self.mean(), self.percents.len()) else {
            return 0.0;
        };
        if count < 2 {
            return 0.0;
        }
        let squares: f64 = self.percents.iter().map(|x| (x - mean).powi(2)).sum();
        (squares / (count - 1) as f64).sqrt()
    }
}

/// The mean; `None` of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A summary for each combination, in the order of the plan.
#[must_use]
pub fn summarize(plan: &Plan, outcomes: &[Outcome]) -> Vec<Summary> {
    let seeds = usize::try_from(plan.seeds).unwrap_or(usize::MAX).max(1);
    let groups = plan.combinations.iter().zip(outcomes.chunks(seeds));
    groups
        .map(|(combination, outcomes)| {
            let epochs = |outcome: &Outcome| {
                outcome.accuracies.len() + usize::from(outcome.diverged.is_some())
            };
            let seconds: f64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
            let epochs: usize = outcomes.iter().map(epochs).sum();
            Summary {
                combination: combination.clone(),
                percents: outcomes.iter().filter_map(Outcome::percent).collect(),
                diverged: outcomes.iter().filter(|o| o.diverged.is_some()).count(),
                seconds_per_epoch: seconds / epochs.max(1) as f64,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combination(hidden: usize) -> Combination {
        Combination {
            sizes: vec![784, hidden, 10],
            learning_rate: 3.0,
            mini_batch_size: 10,
        }
    }

    fn outcome(correct: usize, diverged: Option<usize>) -> Outcome {
        let total = 100;
        Outcome {
            accuracies: vec![Accuracy { correct, total }; 2],
            costs: vec![0.5; 2],
            diverged,
            stopped: false,
            seconds: 4.0,
        }
    }

    #[test]
    fn runs_go_by_combination_then_by_seed() {
        let plan = Plan {
            combinations: vec![combination(30), combination(10)],
            seeds: 2,
            epochs: 1,
            settings: Settings::default(),
        };
        let runs: Vec<_> = plan
            .runs()
            .iter()
            .map(|r| (r.number, r.combination.sizes[1], r.seed))
            .collect();
        assert_eq!(runs, [(0, 30, 1), (1, 30, 2), (2, 10, 1), (3, 10, 2)]);
        assert_eq!(plan.combinations[0].parameters(), 23_860);
    }

    #[test]
    fn a_summary_leaves_out_what_diverged() {
        let plan = Plan {
            combinations: vec![combination(30), combination(10)],
            seeds: 3,
            epochs: 2,
            settings: Settings::default(),
        };
        let outcomes = [
            outcome(90, None),
            outcome(94, None),
            outcome(10, Some(2)),
            outcome(10, Some(2)),
            outcome(10, Some(2)),
            outcome(10, Some(2)),
        ];
        let summaries = summarize(&plan, &outcomes);
        assert_eq!(
            (summaries[0].mean(), summaries[0].diverged),
            (Some(92.0), 1)
        );
        assert!((summaries[0].deviation() - 8.0_f64.sqrt()).abs() < 1e-12);
        assert!((summaries[0].seconds_per_epoch - 12.0 / 7.0).abs() < 1e-12);
        assert_eq!((summaries[1].mean(), summaries[1].diverged), (None, 3));
    }

    #[test]
    fn a_size_that_was_not_compiled_trains_nothing() {
        let plan = Plan {
            combinations: vec![combination(31)],
            seeds: 1,
            epochs: 1,
            settings: Settings::default(),
        };
        let networks = crate::networks![[784, 10, 10]];
        let result = sweep(
            &plan,
            &networks,
            &Parts::default(),
            |_, _| unreachable!(),
            || false,
        );
        assert!(matches!(result, Err(NetworkError::NotCompiled { .. })));
    }
}
