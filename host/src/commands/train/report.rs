//! What `smidgen train` says while it works: the book's line for each epoch, or JSON.

use std::io::{self, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::commands::error::Error;
use crate::commands::output::{print, print_json};
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
        path: &'a Path,
        epochs: usize,
    },
    Epoch(&'a Epoch),
    Saved {
        path: &'a Path,
        correct: usize,
        total: usize,
        crc32: String,
    },
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
}

impl Report {
    /// JSON, nothing, or else text.
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// What is going to be trained.
    pub fn start(&mut self, layers: &[usize], parameters: usize, seed: u64) -> Result<(), Error> {
        let text = || format!("{layers:?}, {parameters} weights and biases, seed {seed}");
        self.print(
            &Event::Start {
                layers,
                parameters,
                seed,
            },
            text,
        )
    }

    /// How many epochs the checkpoint has done; `None` if it is not there yet.
    pub fn resumed(&mut self, path: &Path, done: Option<usize>) -> Result<(), Error> {
        let epochs = done.unwrap_or(0);
        self.print(&Event::Resumed { path, epochs }, || {
            let path = path.display();
            match done {
                Some(epochs) => format!("Resumed from {path}: {epochs} epochs are done"),
                None => format!("Begun anew: there is no {path} yet"),
            }
        })
    }

    /// A bar that runs through the examples of an epoch; hidden where standard error is no terminal.
    pub fn progress(&self, epoch: usize, examples: usize) -> ProgressBar {
        if self.json || self.quiet {
            return ProgressBar::hidden();
        }
        let template = "{prefix} {bar:40} {pos}/{len} images, {per_sec}, {eta} left";
        let bar =
            ProgressBar::with_draw_target(Some(examples as u64), ProgressDrawTarget::stderr());
        bar.set_prefix(format!("Epoch {epoch:2}"));
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█░░"));
        }
        bar
    }

    /// The book's line, with a bar for the accuracy.
    pub fn epoch(&mut self, epoch: &Epoch) -> Result<(), Error> {
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
        })
    }

    /// Where the model is.
    pub fn saved(
        &mut self,
        path: &Path,
        bytes: usize,
        accuracy: Accuracy,
        crc32: u32,
    ) -> Result<(), Error> {
        let Accuracy { correct, total } = accuracy;
        let event = Event::Saved {
            path,
            correct,
            total,
            crc32: format!("{crc32:08x}"),
        };
        self.print(&event, || {
            format!(
                "Saved {}: {bytes} bytes, {correct} / {total} right, CRC-32 {crc32:08x}",
                path.display()
            )
        })
    }

    /// Ctrl-C came before there was anything to keep.
    pub fn nothing_saved(&self) {
        // Standard error is the last resort: there is nowhere to report that it fails.
        let _ = writeln!(
            io::stderr(),
            "smidgen: broken off before the first epoch had ended; nothing was saved"
        );
    }

    fn print(&self, event: &Event, text: impl FnOnce() -> String) -> Result<(), Error> {
        if self.quiet {
            return Ok(());
        }
        if self.json {
            print_json(event)
        } else {
            print(&(text() + "\n"))
        }
    }
}
