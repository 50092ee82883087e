//! `smidgen train`: trains a network on MNIST and writes the model file.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use self::checkpoint::{CheckpointFile, Training};
use self::pictures::Pictures;
use self::plan::Plan;
use self::report::{Epoch, Monitor, Report};
use crate::commands::error::Error;
use crate::commands::fit::expect_fit;
use crate::data::Parts;
use crate::evaluation::{Accuracy, Evaluation, evaluate};
use crate::files::output::OutputFile;
use crate::network::{AnyNetwork, Networks, Stop, join, parameters};
use crate::training::checkpoint::{Kept, Point};
use crate::training::schedule::{Next, Pace};
use crate::training::{Settings, Trainer};

mod args;
mod checkpoint;
#[cfg(feature = "plots")]
mod pictures;
mod plan;
mod preset;
mod report;

#[cfg(not(feature = "plots"))]
use super::no_pictures as pictures;

pub use args::Args;

/// The exit code of a program that SIGINT ended, 128 + 2.
const INTERRUPTED: u8 = 130;

/// Trains and writes the model file.
///
/// # Errors
///
/// [`Error`] for sizes that were not compiled, data that cannot be read, a file that cannot be written, a checkpoint
/// that is damaged or another training's, and training that diverges; the model file is then as it was.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let plan = args.plan();
    networks.check(&plan.layers)?;
    let out = OutputFile::prepare(&args.out)?;
    let checkpoint = CheckpointFile::prepare(args)?;
    let pictures = args.pictures.prepare()?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    let parts = Parts::load(args.data.as_deref())?;
    expect_fit(&plan.layers, &parts.training)?;
    let run = Run {
        args,
        plan: &plan,
        networks,
        out: &out,
        pictures: &pictures,
        checkpoint: checkpoint.as_ref(),
        parts: &parts,
        interrupted: &interrupted,
    };
    run.train_all()
}

struct Run<'a> {
    args: &'a Args,
    plan: &'a Plan,
    networks: &'a Networks,
    out: &'a OutputFile,
    pictures: &'a Pictures,
    checkpoint: Option<&'a CheckpointFile>,
    parts: &'a Parts,
    interrupted: &'a AtomicBool,
}

impl Run<'_> {
    /// All epochs, and the model file at the end.
    fn train_all(&self) -> Result<ExitCode, Error> {
        let mut report = Report::new(self.args.json, self.args.quiet);
        let names_and_values = self.names_and_values();
        let mut training = self.begin(&names_and_values)?;
        let layers = &self.plan.layers;
        report.start(layers, parameters(layers), self.plan.settings.seed)?;
        if let Some(file) = self.checkpoint.filter(|_| self.args.resume) {
            let done = file.is_there().then_some(training.epochs);
            report.resumed(file.path(), done)?;
        }
        while training.epochs < self.plan.epochs && !training.ended {
            if self.epoch(&mut training, &mut report)?.is_break() {
                self.draw(&training.history)?;
                return self.break_off(training.kept.as_ref(), &mut report);
            }
            if let Some(file) = self.checkpoint {
                file.write(&names_and_values, &training.checkpoint())?;
            }
        }
        if let Some(kept) = &training.kept {
            self.save(kept, &mut report)?;
        }
        self.draw(&training.history)?;
        Ok(ExitCode::SUCCESS)
    }

    /// What the checkpoint says of this training; nothing if there is none.
    fn names_and_values(&self) -> crate::training::checkpoint::Settings {
        self.checkpoint.map_or_else(Vec::new, |_| {
            let data = checkpoint::data(self.args, self.parts);
            self.plan.names_and_values(data)
        })
    }

    /// The training before its first epoch, or after that of the checkpoint.
    fn begin(
        &self,
        names_and_values: &crate::training::checkpoint::Settings,
    ) -> Result<Training, Error> {
        let Plan {
            epochs,
            settings,
            schedule,
            early_stopping,
            ..
        } = self.plan;
        let pace = Pace::new(*schedule, settings.learning_rate, *epochs, *early_stopping);
        let checkpoint = match self.checkpoint {
            None => None,
            Some(file) => file.read(self.plan, names_and_values)?,
        };
        let (network, settings) = (self.networks.float(&self.plan.layers)?, self.settings());
        Ok(match checkpoint {
            None => Training::new(network, settings, pace),
            Some(checkpoint) => Training::resume(network, settings, pace, checkpoint),
        })
    }

    /// The next epoch; breaks if Ctrl-C did.
    fn epoch(
        &self,
        training: &mut Training,
        report: &mut Report,
    ) -> Result<ControlFlow<()>, Error> {
        let epoch = training.epochs;
        let learning_rate = training.pace.learning_rate(epoch);
        let seconds = self.train(&mut training.trainer, report, epoch, learning_rate)?;
        let Some(seconds) = seconds else {
            return Ok(ControlFlow::Break(()));
        };
        let trainer = &training.trainer;
        let validation = self.validate(trainer);
        let history = &mut training.history;
        let accuracy = self.report(
            trainer,
            report,
            epoch,
            seconds,
            validation.as_ref(),
            history,
        )?;
        let better =
            validation.is_none_or(|validation| training.pace.improves(validation.accuracy.correct));
        if better || !self.plan.validates() {
            training.kept = Some(self.keep(trainer.network(), epoch + 1, accuracy));
        }
        training.ended = self.plan.validates() && training.pace.decide() == Next::Stop;
        training.epochs += 1;
        Ok(ControlFlow::Continue(()))
    }

    fn settings(&self) -> Settings {
        let examples = self.parts.training.len() * self.plan.settings.expand.factor();
        Settings {
            mini_batch_size: self.plan.settings.mini_batch_size.min(examples),
            ..self.plan.settings
        }
    }

    /// Trains for an epoch, and gives the seconds it took; `None` if Ctrl-C broke it off.
    fn train(
        &self,
        trainer: &mut Trainer,
        report: &Report,
        epoch: usize,
        learning_rate: f32,
    ) -> Result<Option<f64>, Error> {
        let start = Instant::now();
        let progress = report.progress(epoch, trainer.examples(&self.parts.training));
        let trained = trainer.epoch_at(learning_rate, &self.parts.training, |done| {
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
    fn validate(&self, trainer: &Trainer) -> Option<Evaluation> {
        let wanted = self.args.monitor || self.pictures.is_wanted() || self.plan.validates();
        wanted.then(|| evaluate(trainer.network(), trainer.cost(), &self.parts.validation))
    }

    /// Evaluates on the test images, and reports the epoch.
    fn report(
        &self,
        trainer: &Trainer,
        report: &mut Report,
        epoch: usize,
        train_seconds: f64,
        validation: Option<&Evaluation>,
        history: &mut Vec<Point>,
    ) -> Result<Accuracy, Error> {
        let start = Instant::now();
        let test = evaluate(trainer.network(), trainer.cost(), &self.parts.test);
        let evaluate_seconds = start.elapsed().as_secs_f64();
        let training = (self.args.monitor || self.pictures.is_wanted())
            .then(|| evaluate(trainer.network(), trainer.cost(), &self.parts.training));
        history.push(point([training.as_ref(), validation, Some(&test)]));
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
    fn keep(&self, network: &dyn AnyNetwork, epochs: usize, accuracy: Accuracy) -> Kept {
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
        let file = network.encode(&note);
        Kept { file, accuracy }
    }

    fn save(&self, kept: &Kept, report: &mut Report) -> Result<(), Error> {
        self.out.write(&kept.file)?;
        let (bytes, crc32) = (kept.file.len(), kept.crc32());
        report.saved(self.out.path(), bytes, kept.accuracy, crc32)
    }

    /// Draws the epochs so far, if that is wanted.
    fn draw(&self, history: &[Point]) -> Result<(), Error> {
        let Settings {
            mini_batch_size,
            learning_rate,
            ..
        } = self.plan.settings;
        let title = format!(
            "Training [{}], η = {learning_rate}, m = {mini_batch_size}",
            join(&self.plan.layers)
        );
        self.pictures.draw((&title, history))
    }

    /// After Ctrl-C: keeps what is finished, and says so.
    fn break_off(&self, kept: Option<&Kept>, report: &mut Report) -> Result<ExitCode, Error> {
        match kept {
            Some(kept) => self.save(kept, report)?,
            None => report.nothing_saved(),
        }
        Ok(ExitCode::from(INTERRUPTED))
    }
}

/// What an epoch came to: the evaluations of training, validation and test images.
fn point(evaluations: [Option<&Evaluation>; 3]) -> Point {
    evaluations
        .map(|evaluation| evaluation.map_or([f64::NAN; 2], |e| [e.accuracy.percent(), e.cost]))
}
