//! What `smidgen train` says while it works: the book's line for each epoch, or JSON.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde::Serialize;

use super::verdict::Verdict;
use crate::commands::error::Error;
use crate::commands::output::{note, print, print_json};
use crate::commands::terminal;
use crate::evaluation::{Accuracy, Evaluation};

/// Cells of the bar behind an epoch's line.
const BAR: usize = 23;

/// One line of JSON.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event<'a> {
    Start {
        layers: &'a [usize],
        parameters: usize,
        seed: u64,
    },
    Resumed {
        path: Cow<'a, str>,
        epochs: usize,
    },
    Epoch(&'a Epoch),
    Saved {
        path: Cow<'a, str>,
        correct: usize,
        total: usize,
        crc32: String,
        /// The epoch whose network is kept, from 0.
        epoch: usize,
        /// The first epoch with the best accuracy on the test images.
        best_epoch: usize,
        /// From the first step to the saved file.
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
        #[serde(skip_serializing_if = "Option::is_none")]
        warning: Option<&'a str>,
    },
}

/// What a training came to.
pub struct Result<'a> {
    /// The model file.
    pub path: &'a Path,
    /// Its length.
    pub bytes: usize,
    /// What it gets right of the test images.
    pub accuracy: Accuracy,
    /// The checksum of the file.
    pub crc32: u32,
    /// The epoch it is of, from 0.
    pub epoch: usize,
    /// The first epoch with the best accuracy on the test images.
    pub best_epoch: usize,
    /// That accuracy in percent.
    pub best: f64,
    /// From the first step to the saved file.
    pub seconds: f64,
    /// What is wrong with it, and that with what to try in words.
    pub verdict: Option<(Verdict, String)>,
}

impl Result<'_> {
    /// Which epoch was kept, which was the best, how long it took, what is wrong, and where the file is.
    fn text(&self) -> String {
        let Self {
            path,
            bytes,
            accuracy: Accuracy { correct, total },
            crc32,
            epoch,
            best_epoch,
            best,
            seconds,
            ..
        } = self;
        let best = if epoch == best_epoch {
            "the best".into()
        } else {
            format!("the best was epoch {best_epoch} with {best:.2}%")
        };
        let warning = self
            .verdict
            .as_ref()
            .map_or_else(String::new, |(_, words)| format!("Warning: {words}\n"));
        format!(
            "{warning}Kept epoch {epoch}, {best}; {seconds:.1} s in all\nSaved {}: {bytes} bytes, {correct} / {total} right, CRC-32 {crc32:08x}",
            path.display()
        )
    }
}

/// What an epoch came to.
#[derive(Serialize)]
pub struct Epoch {
    /// Its number, from 0.
    pub epoch: usize,
    /// Test images that the network gets right.
    pub correct: usize,
    /// Test images.
    pub total: usize,
    /// Mean cost of a test image.
    pub cost: f64,
    /// How long the training took.
    pub train_seconds: f64,
    /// How long the evaluation took.
    pub evaluate_seconds: f64,
    /// How the training images do, if that is to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<Monitor>,
    /// How the validation images do, if they decide anything or are to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<Monitor>,
}

/// Two of the curves of `network2.py`: accuracy and cost of one part of the data.
#[derive(Clone, Copy, Serialize)]
pub struct Monitor {
    correct: usize,
    total: usize,
    cost: f64,
}

impl From<&Evaluation> for Monitor {
    fn from(evaluation: &Evaluation) -> Self {
        let Accuracy { correct, total } = evaluation.accuracy;
        Self {
            correct,
            total,
            cost: evaluation.cost,
        }
    }
}

impl Monitor {
    fn text(self, name: &str) -> String {
        let Self {
            correct,
            total,
            cost,
        } = self;
        let percent = Accuracy { correct, total }.percent();
        format!("\n          {name:10} {correct} / {total} = {percent:.2}%, cost {cost:.4}")
    }
}

/// Prints text, JSON or nothing.
pub struct Report {
    json: bool,
    quiet: bool,
    /// What went wrong on standard output.
    failed: Option<Error>,
}

impl Report {
    /// JSON, nothing, or else text.
    pub fn new(json: bool, quiet: bool) -> Self {
        Self {
            json,
            quiet,
            failed: None,
        }
    }

    /// What is going to be trained.
    pub fn start(&mut self, layers: &[usize], parameters: usize, seed: u64) {
        let text = || format!("{layers:?}, {parameters} weights and biases, seed {seed}");
        self.print(
            &Event::Start {
                layers,
                parameters,
                seed,
            },
            text,
        );
    }

    /// How many epochs the checkpoint has done; `None` if it is not there yet.
    pub fn resumed(&mut self, path: &Path, done: Option<usize>) {
        let epochs = done.unwrap_or(0);
        let path = path.to_string_lossy();
        let event = Event::Resumed {
            path: path.clone(),
            epochs,
        };
        self.print(&event, || match done {
            Some(epochs) => format!("Resumed from {path}: {epochs} epochs are done"),
            None => format!("Begun anew: there is no {path} yet"),
        });
    }

    /// A bar that runs through the examples of an epoch; hidden where standard error is no terminal.
    pub fn progress(&self, epoch: usize, examples: usize) -> ProgressBar {
        if self.json || self.quiet || !terminal::shows_progress() {
            return ProgressBar::hidden();
        }
        let template = "{prefix} {wide_bar} {pos}/{len}, {rate}/s, {eta} left";
        let bar =
            ProgressBar::with_draw_target(Some(examples as u64), ProgressDrawTarget::stderr());
        bar.set_prefix(format!("Epoch {epoch:2}"));
        if let Ok(style) = ProgressStyle::with_template(template) {
            let style =
                style.with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                    // Writing to a string does not fail.
                    let _ = write!(out, "{:.0}", state.per_sec());
                });
            bar.set_style(style.progress_chars("█░░"));
        }
        bar
    }

    /// The book's line, with a bar for the accuracy.
    pub fn epoch(&mut self, epoch: &Epoch) {
        self.print(&Event::Epoch(epoch), || {
            let Epoch { epoch: number, correct, total, train_seconds, .. } = *epoch;
            let percent = Accuracy { correct, total }.percent();
            let filled = BAR * correct / total.max(1);
            let bar = "█".repeat(filled) + &"░".repeat(BAR - filled);
            let mut text = format!("Epoch {number:2}: {correct} / {total} = {percent:.2}%  │{bar}│  {train_seconds:.2} s");
            for (name, monitor) in [("training", epoch.training), ("validation", epoch.validation)] {
                text += &monitor.map_or_else(String::new, |monitor| monitor.text(name));
            }
            text
        });
    }

    /// Where the model is.
    pub fn saved(&mut self, result: &Result<'_>) {
        let Accuracy { correct, total } = result.accuracy;
        let verdict = result.verdict.as_ref();
        let event = Event::Saved {
            path: result.path.to_string_lossy(),
            correct,
            total,
            crc32: format!("{:08x}", result.crc32),
            epoch: result.epoch,
            best_epoch: result.best_epoch,
            seconds: result.seconds,
            verdict: verdict.map(|(verdict, _)| *verdict),
            warning: verdict.map(|(_, words)| words.as_str()),
        };
        self.print(&event, || result.text());
    }

    /// Ctrl-C came before there was anything to keep.
    pub fn nothing_saved(&self, epoch: usize) {
        note(&format!(
            "interrupted in epoch {epoch}, before the first had ended; nothing was saved"
        ));
    }

    /// Ctrl-C came after some epochs.
    pub fn interrupted(&self, epoch: usize, kept: usize) {
        note(&format!("interrupted in epoch {epoch}; kept epoch {kept}"));
    }

    /// The end of the report.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, which was no reason to lose the training.
    pub fn end(self) -> std::result::Result<(), Error> {
        self.failed.map_or(Ok(()), Err)
    }

    /// Says no more once its reader has gone.
    fn print(&mut self, event: &Event, text: impl FnOnce() -> String) {
        if self.quiet || self.failed.is_some() {
            return;
        }
        let printed = if self.json {
            print_json(event)
        } else {
            print(&(text() + "\n"))
        };
        self.failed = printed.err();
    }
}
