//! `smidgen train`: trains a network on MNIST and writes the model file.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use self::checkpoint::{CheckpointFile, Training};
use self::pictures::Pictures;
use self::plan::Plan;
use self::preset::Preset;
use self::report::{Epoch, Monitor, Report, Result as Saved};
use self::verdict::Verdict;
use crate::commands::error::Error;
use crate::commands::fit::{choose, expect_fit};
use crate::commands::kinds;
use crate::commands::output::note;
use crate::commands::signals::Signals;
use crate::data::{About, Parts};
use crate::evaluation::{Accuracy, Evaluation, chance, evaluate};
use crate::files::output::OutputFile;
use crate::files::outputs::Outputs;
use crate::network::{AnyNetwork, Networks, Stop, parameters};
use crate::training::checkpoint::{Kept, Point};
use crate::training::schedule::{Next, Pace};
use crate::training::{Settings, Trainer};

mod args;
mod checkpoint;
mod options;
#[cfg(feature = "plots")]
mod pictures;
mod plan;
mod preset;
mod report;
mod resume;
mod verdict;

#[cfg(not(feature = "plots"))]
use super::no_pictures as pictures;

pub use args::Args;
pub use resume::typed;

/// Trains and writes the model file.
///
/// # Errors
///
/// [`Error`] for sizes that were not compiled, data that cannot be read, a file that cannot be written, a checkpoint
/// that is damaged or another training's, and training that diverges; the model file is then as it was.
pub fn run(args: Args, networks: &Networks) -> Result<ExitCode, Error> {
    let args = &resume::with_checkpoint(args)?;
    if let Some(layers) = args.layers() {
        networks.check(&layers)?;
    }
    args.expect_effects()?;
    let mut outputs = Outputs::new(args.force);
    let out = outputs.prepare(&args.out, kinds::MODEL)?;
    let checkpoint = CheckpointFile::prepare(args, &mut outputs)?;
    let pictures = args.pictures.prepare(&mut outputs)?;
    let signals = Signals::watch().map_err(Error::Interrupt)?;
    let mut data = args.data.load(args.seed)?;
    data.warnings.iter().for_each(|warning| note(warning));
    let mut plan = args.plan(&data.parts.training);
    let (training, about) = (&data.parts.training, &data.about);
    if args.layers().is_none() && args.preset.is_none_or(|preset| preset == Preset::Table) {
        plan.layers = choose(&plan.layers, networks, training, about)?;
    }
    networks.check(&plan.layers)?;
    expect_fit(&plan.layers, training, about)?;
    args.expect_mini_batch(training.len() * plan.settings.expand.factor())?;
    data.parts.widen(plan.layers.last().copied().unwrap_or(0));
    let run = Run {
        args,
        plan: &plan,
        networks,
        out: &out,
        pictures: &pictures,
        checkpoint: checkpoint.as_ref(),
        parts: &data.parts,
        about: &data.about,
        signals: &signals,
        started: Instant::now(),
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
    about: &'a About,
    signals: &'a Signals,
    started: Instant,
}

impl Run<'_> {
    /// All epochs, and the model file at the end.
    fn train_all(&self) -> Result<ExitCode, Error> {
        let mut report = Report::new(self.args.json, self.args.quiet);
        let names_and_values = self.names_and_values();
        let mut training = self.begin(&names_and_values)?;
        training.wrote_it = training.kept.as_ref().is_some_and(|kept| {
            std::fs::read(self.out.target()).is_ok_and(|bytes| bytes == kept.file)
        });
        let layers = &self.plan.layers;
        report.start(layers, parameters(layers), self.plan.settings.seed);
        if let Some(file) = self.checkpoint.filter(|_| self.args.resume) {
            let done = file.is_there().then_some(training.epochs);
            report.resumed(file.path(), done);
        }
        while training.epochs < self.plan.epochs && !training.ended {
            if self.epoch(&mut training, &mut report)?.is_break() {
                self.break_off(&training, &mut report)?;
                self.draw(&training.history)?;
                return Ok(self.signals.exit_code());
            }
            if let Some(file) = self.checkpoint {
                file.write(&names_and_values, &training.checkpoint())?;
            }
        }
        if let Some(kept) = &training.kept {
            self.save(self.out, kept, &training, &mut report)?;
        }
        self.draw(&training.history)?;
        report.end()?;
        Ok(ExitCode::SUCCESS)
    }

    /// What the checkpoint says of this training; nothing if there is none.
    fn names_and_values(&self) -> crate::training::checkpoint::Settings {
        self.checkpoint.map_or_else(Vec::new, |_| {
            let data = checkpoint::data(self.args, self.parts);
            let mut all = self.plan.names_and_values(data);
            all.push((checkpoint::OPTIONS.into(), self.args.typed.encode()));
            all
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
            if self.signals.came() {
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
        });
        Ok(test.accuracy)
    }

    /// The model file with the note that says how it came to be.
    fn keep(&self, network: &dyn AnyNetwork, epochs: usize, accuracy: Accuracy) -> Kept {
        let note = format!(
            "smidgen {}: {}, {}; {} of {} test {} right",
            env!("CARGO_PKG_VERSION"),
            match &self.about.origin {
                Some(origin) => origin.words(),
                None => "MNIST".into(),
            },
            self.plan.note(epochs),
            accuracy.correct,
            accuracy.total,
            self.about.examples(),
        );
        let file = network.encode_about(&note, self.about);
        Kept { file, accuracy }
    }

    fn save(
        &self,
        out: &OutputFile,
        kept: &Kept,
        training: &Training,
        report: &mut Report,
    ) -> Result<(), Error> {
        out.write(&kept.file)?;
        let percents = training.history.iter().map(|point| point[2][0]).enumerate();
        let best = percents.rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
        let (best_epoch, best) = best.unwrap_or_default();
        let share = chance::most_frequent(&self.parts.test);
        let verdict = Verdict::of(kept.accuracy, share, best);
        report.saved(&Saved {
            path: out.path(),
            bytes: kept.file.len(),
            accuracy: kept.accuracy,
            crc32: kept.crc32(),
            epoch: self.kept_epoch(training),
            best_epoch,
            best,
            seconds: self.started.elapsed().as_secs_f64(),
            verdict: verdict.map(|verdict| {
                let examples = training.trainer.examples(&self.parts.training);
                (verdict, verdict.words(self.plan, examples))
            }),
        });
        Ok(())
    }

    /// Draws the epochs so far, if that is wanted.
    fn draw(&self, history: &[Point]) -> Result<(), Error> {
        let title = self.plan.title();
        self.pictures.draw((&title, history))
    }

    /// After Ctrl-C: keeps what is finished, and says so.
    ///
    /// A model that is there already may be of a training that came to its end, so it stays, and what is kept goes
    /// beside it.
    fn break_off(&self, training: &Training, report: &mut Report) -> Result<(), Error> {
        let Some(kept) = &training.kept else {
            report.nothing_saved(training.epochs);
            return Ok(());
        };
        let target = self.out.target();
        if self.args.force || !target.is_file() || training.wrote_it {
            self.save(self.out, kept, training, report)?;
        } else {
            let out = OutputFile::prepare(&beside(target))?;
            self.save(&out, kept, training, report)?;
        }
        report.interrupted(training.epochs, self.kept_epoch(training));
        Ok(())
    }

    /// The epoch whose network is kept: the last, or the first with the best validation accuracy.
    fn kept_epoch(&self, training: &Training) -> usize {
        let last = training.epochs.saturating_sub(1);
        if !self.plan.validates() {
            return last;
        }
        let accuracies = training.history.iter().map(|point| point[1][0]).enumerate();
        let best = accuracies.rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
        best.map_or(last, |(epoch, _)| epoch)
    }
}

/// A name for a model beside another: `digits.interrupted.model`, or with a number where that is taken.
fn beside(path: &Path) -> PathBuf {
    let end = path
        .extension()
        .unwrap_or("model".as_ref())
        .to_string_lossy();
    let name = |number: usize| match number {
        1 => path.with_extension(format!("interrupted.{end}")),
        _ => path.with_extension(format!("interrupted-{number}.{end}")),
    };
    (1..)
        .map(name)
        .find(|path| !path.exists())
        .unwrap_or_else(|| name(1))
}

/// What an epoch came to: the evaluations of training, validation and test images.
fn point(evaluations: [Option<&Evaluation>; 3]) -> Point {
    evaluations
        .map(|evaluation| evaluation.map_or([f64::NAN; 2], |e| [e.accuracy.percent(), e.cost]))
}
