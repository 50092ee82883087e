//! The learning rate from epoch to epoch, and when to stop early.

/// How the learning rate changes from epoch to epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Schedule {
    /// It stays.
    #[default]
    Constant,
    /// Half of it after each run of epochs without a better validation accuracy; the end comes at 1/128.
    ///
    /// An exercise in Nielsen, *Neural Networks and Deep Learning*, ch. 3, "How to choose a neural network's
    /// hyper-parameters?".
    Halving,
    /// A tenth of it after half of the epochs, a hundredth after three quarters.
    Step,
    /// η (1 + cos(π e / E)) / 2 in epoch e of E.
    ///
    /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, (5), without restarts.
    Cosine,
}

/// How often [`Schedule::Halving`] halves; the last time is the end.
pub const MOST_HALVINGS: u32 = 7;

/// What to do after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    Continue,
    /// No more epochs: validation has not got better for long enough.
    Stop,
}

/// Chooses the learning rate, and the end, from the validation accuracies so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    schedule: Schedule,
    learning_rate: f32,
    epochs: usize,
    patience: Option<usize>,
    progress: Progress,
}

/// What a [`Pace`] has seen of the training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Epochs since validation was at its best, or since the last halving.
    pub waited: usize,
    /// The best validation accuracy so far, in images.
    pub best: Option<usize>,
    /// How often the learning rate was halved, at most [`MOST_HALVINGS`].
    pub halvings: u32,
}

impl Pace {
    /// A pace that starts with `learning_rate` and takes `epochs` at most.
    ///
    /// `patience` is the number of epochs without a better validation accuracy after which training stops, or, with
    /// [`Schedule::Halving`], the learning rate is halved (10 if it is not given).
    #[must_use]
    pub fn new(
        schedule: Schedule,
        learning_rate: f32,
        epochs: usize,
        patience: Option<usize>,
    ) -> Self {
        Self {
            schedule,
            learning_rate,
            epochs,
            patience,
            progress: Progress::default(),
        }
    }

    /// The pace of a training that goes on.
    #[must_use]
    pub fn with_progress(self, progress: Progress) -> Self {
        Self { progress, ..self }
    }

    /// What has been seen of the training.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The learning rate for an epoch, from 0.
    #[must_use]
    pub fn learning_rate(&self, epoch: usize) -> f32 {
        match self.schedule {
            Schedule::Constant => self.learning_rate,
            Schedule::Halving => self.learning_rate / (1_u32 << self.progress.halvings) as f32,
            Schedule::Step if 4 * epoch >= 3 * self.epochs => self.learning_rate / 100.0,
            Schedule::Step if 2 * epoch >= self.epochs => self.learning_rate / 10.0,
            Schedule::Step => self.learning_rate,
            Schedule::Cosine => {
                let angle = core::f64::consts::PI * epoch as f64 / self.epochs as f64;
                // Not the standard library's cosine, whose bits differ from system to system.
                (f64::from(self.learning_rate) * (1.0 + libm::cos(angle)) / 2.0) as f32
            }
        }
    }

    /// Whether `correct` right answers on the validation images are more than ever before; remembers them.
    pub fn improves(&mut self, correct: usize) -> bool {
        let Progress { waited, best, .. } = &mut self.progress;
        let better = best.is_none_or(|best| correct > best);
        if better {
            (*best, *waited) = (Some(correct), 0);
        } else {
            *waited += 1;
        }
        better
    }

    /// What to do after an epoch, once [`Pace::improves`] has seen it.
    pub fn decide(&mut self) -> Next {
        let halving = self.schedule == Schedule::Halving;
        let Some(patience) = self.patience.or(halving.then_some(10)) else {
            return Next::Continue;
        };
        let Progress {
            waited, halvings, ..
        } = &mut self.progress;
        if *waited < patience {
            return Next::Continue;
        }
        *waited = 0;
        *halvings += 1;
        if halving && *halvings < MOST_HALVINGS {
            Next::Continue
        } else {
            Next::Stop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, Pace, Schedule};

    #[test]
    fn a_cosine_starts_at_the_rate_and_ends_near_0() {
        let pace = Pace::new(Schedule::Cosine, 0.5, 10, None);
        assert_eq!(pace.learning_rate(0).to_bits(), 0.5_f32.to_bits());
        assert!((pace.learning_rate(5) - 0.25).abs() < 1e-6);
        assert!(pace.learning_rate(9) > 0.0 && pace.learning_rate(9) < 0.02);
    }

    #[test]
    fn steps_come_at_a_half_and_three_quarters() {
        let pace = Pace::new(Schedule::Step, 1.0, 8, None);
        let rates: Vec<f32> = (0..8).map(|epoch| pace.learning_rate(epoch)).collect();
        assert_eq!(rates, [1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.01, 0.01]);
    }

    #[test]
    fn early_stopping_waits_for_so_many_epochs_without_a_better_one() {
        let mut pace = Pace::new(Schedule::Constant, 1.0, 100, Some(2));
        let mut ends = Vec::new();
        for correct in [5, 7, 6, 8, 8, 7] {
            pace.improves(correct);
            ends.push(pace.decide());
        }
        assert_eq!(ends[..5], [Next::Continue; 5]);
        assert_eq!(ends[5], Next::Stop);
    }

    #[test]
    fn halving_goes_down_to_a_64th_and_then_stops() {
        let mut pace = Pace::new(Schedule::Halving, 64.0, 1000, Some(1));
        let mut rates = Vec::new();
        pace.improves(1);
        loop {
            rates.push(pace.learning_rate(0));
            pace.improves(0);
            if pace.decide() == Next::Stop {
                break;
            }
        }
        assert_eq!(rates, [64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0]);
    }
}
