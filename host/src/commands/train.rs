//! `smidgen train`: trains a network on MNIST and writes the model file.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use smidgen_core::{Network, model};

pub use super::train_args::Args;
use super::train_args::Plan;
use super::train_plot::History;
use super::train_report::{Epoch, Monitor, Report};
use crate::dataset::Mnist;
use crate::error::Error;
use crate::evaluate::{Accuracy, Evaluation, evaluate};
use crate::menu::{self, Visitor};
use crate::output_file::OutputFile;
use crate::plots::PlotFile;
use crate::schedule::{Next, Pace};
use crate::train::{Settings, Stop, Trainer};

/// The exit code of a program that SIGINT ended, 128 + 2.
const INTERRUPTED: u8 = 130;

/// Trains and writes the model file.
///
/// # Errors
///
/// [`Error`] for sizes that are not on the menu, data that cannot be read, a file that cannot be written, and training
/// that diverges; the file is then as it was.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let plan = args.plan();
    menu::check(&plan.layers)?;
    let out = OutputFile::prepare(&args.out)?;
    let plot = args.plot.as_deref().map(PlotFile::prepare).transpose()?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    let mnist = Mnist::load(args.data.as_deref())?;
    let run = Run {
        args,
        plan: &plan,
        out: &out,
        plot: plot.as_ref(),
        mnist: &mnist,
        interrupted: &interrupted,
    };
    menu::visit(&plan.layers, run)?
}

struct Run<'a> {
    args: &'a Args,
    plan: &'a Plan,
    out: &'a OutputFile,
    plot: Option<&'a PlotFile>,
    mnist: &'a Mnist,
    interrupted: &'a AtomicBool,
}

/// The model file after the epoch that is to be kept, not yet written.
struct Finished {
    file: Vec<u8>,
    crc32: u32,
    accuracy: Accuracy,
}

impl Visitor for Run<'_> {
    type Output = Result<ExitCode, Error>;

    fn visit<N: Network<784, 10> + Send + Sync>(self) -> Self::Output {
        let Plan {
            layers,
            epochs,
            settings,
            schedule,
            early_stopping,
        } = self.plan;
        let mut report = Report::new(self.args.json, self.args.quiet);
        report.start(layers, N::PARAMETERS, settings.seed)?;
        let mut trainer = Trainer::<N>::new(self.settings());
        let mut pace = Pace::new(*schedule, settings.learning_rate, *epochs, *early_stopping);
        let mut finished = None;
        let mut history = History::default();
        for epoch in 0..*epochs {
            let Some(train_seconds) =
                self.train(&mut trainer, &report, epoch, pace.learning_rate(epoch))?
            else {
                self.draw(&history)?;
                return self.break_off(finished.as_ref(), &mut report);
            };
            let validation = self.validate(&trainer);
            let accuracy = self.report(
                &trainer,
                &mut report,
                epoch,
                train_seconds,
                validation.as_ref(),
                &mut history,
            )?;
            let better =
                validation.is_none_or(|validation| pace.improves(validation.accuracy.correct));
            if better || !self.plan.validates() {
                finished = Some(self.finish(trainer.network(), epoch + 1, accuracy));
            }
            if self.plan.validates() && pace.decide() == Next::Stop {
                break;
            }
        }
        if let Some(finished) = &finished {
            self.save(finished, &mut report)?;
        }
        self.draw(&history)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Run<'_> {
    fn settings(&self) -> Settings {
        let examples = self.mnist.training.len() * self.plan.settings.expand.factor();
        Settings {
            mini_batch_size: self.plan.settings.mini_batch_size.min(examples),
            ..self.plan.settings
        }
    }

    /// Trains for an epoch, and gives the seconds it took; `None` if Ctrl-C broke it off.
    fn train<N: Network<784, 10>>(
        &self,
        trainer: &mut Trainer<N>,
        report: &Report,
        epoch: usize,
        learning_rate: f32,
    ) -> Result<Option<f64>, Error> {
        let start = Instant::now();
        let progress = report.progress(epoch, trainer.examples(&self.mnist.training));
        let trained = trainer.epoch_at(learning_rate, &self.mnist.training, |done| {
            progress.set_position(done as u64);
            if self.interrupted.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        progress.finish_and_clear();
        match trained {
            Ok(()) => Ok(Some(start.elapsed().as_secs_f64())),
            Err(Stop::Asked) => Ok(None),
            Err(Stop::Diverged) => Err(Error::Diverged {
                epoch,
                learning_rate,
            }),
        }
    }

    /// The validation images, if they decide anything or are to be shown.
    fn validate<N: Network<784, 10>>(&self, trainer: &Trainer<N>) -> Option<Evaluation> {
        let wanted = self.args.monitor || self.plot.is_some() || self.plan.validates();
        wanted.then(|| evaluate(trainer.network(), trainer.cost(), &self.mnist.validation))
    }

    /// Evaluates on the test images, and reports the epoch.
    fn report<N: Network<784, 10>>(
        &self,
        trainer: &Trainer<N>,
        report: &mut Report,
        epoch: usize,
        train_seconds: f64,
        validation: Option<&Evaluation>,
        history: &mut History,
    ) -> Result<Accuracy, Error> {
        let start = Instant::now();
        let test = evaluate(trainer.network(), trainer.cost(), &self.mnist.test);
        let evaluate_seconds = start.elapsed().as_secs_f64();
        let training = (self.args.monitor || self.plot.is_some())
            .then(|| evaluate(trainer.network(), trainer.cost(), &self.mnist.training));
        history.push([training.as_ref(), validation, Some(&test)]);
        let monitor = self.args.monitor;
        let Accuracy { correct, total } = test.accuracy;
        report.epoch(&Epoch {
            epoch,
            correct,
            total,
            cost: test.cost,
            train_seconds,
            evaluate_seconds,
            training: training.as_ref().filter(|_| monitor).map(Monitor::from),
            validation: validation
                .filter(|_| monitor || self.plan.validates())
                .map(Monitor::from),
        })?;
        Ok(test.accuracy)
    }

    /// The model file with the note that says how it came to be.
    fn finish<N: Network<784, 10>>(
        &self,
        network: &N,
        epochs: usize,
        accuracy: Accuracy,
    ) -> Finished {
        let note = format!(
            "smidgen {}: {}, {}; {} of {} test images right",
            env!("CARGO_PKG_VERSION"),
            if self.args.data.is_some() {
                "other data"
            } else {
                "MNIST"
            },
            self.plan.note(epochs),
            accuracy.correct,
            accuracy.total,
        );
        let mut file = Vec::new();
        let crc32 = model::encode(network, &note, |bytes| file.extend_from_slice(bytes));
        Finished {
            file,
            crc32,
            accuracy,
        }
    }

    fn save(&self, finished: &Finished, report: &mut Report) -> Result<(), Error> {
        self.out.write(&finished.file)?;
        report.saved(
            self.out.path(),
            finished.file.len(),
            finished.accuracy,
            finished.crc32,
        )
    }

    /// Draws the epochs so far, if that is wanted.
    fn draw(&self, history: &History) -> Result<(), Error> {
        let Some(plot) = self.plot else {
            return Ok(());
        };
        let Settings {
            mini_batch_size,
            learning_rate,
            ..
        } = self.plan.settings;
        plot.write(&history.curves(format!(
            "Training [{}], η = {learning_rate}, m = {mini_batch_size}",
            menu::join(&self.plan.layers)
        )))
    }

    /// After Ctrl-C: keeps what is finished, and says so.
    fn break_off(
        &self,
        finished: Option<&Finished>,
        report: &mut Report,
    ) -> Result<ExitCode, Error> {
        match finished {
            Some(finished) => self.save(finished, report)?,
            None => report.nothing_saved(),
        }
        Ok(ExitCode::from(INTERRUPTED))
    }
}
