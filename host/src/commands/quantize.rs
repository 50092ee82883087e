//! `smidgen quantize`: a float model made into one of 8-bit integers, for processors without floating point.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::Cost;
use smidgen_core::model::ELEMENT_I8;

use super::error::Error;
use super::fit::expect_fit;
use super::model::Model;
use super::numbers::not_negative;
use super::output::{print, print_json};
use crate::data::{Dataset, Parts};
use crate::evaluation::Accuracy;
use crate::files::output::OutputFile;
use crate::network::{AnyNetwork, Learner, Networks};
use crate::quantize::Original;

/// The exit code for a model that loses too much.
const REFUSED: u8 = 1;

/// Make a model of 8-bit integers, a quarter of the size, that needs no floating-point unit
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen quantize digits.model --out digits.q8.model
  smidgen quantize digits.model --out digits.q8.model --max-loss 0.1
  smidgen quantize digits.model --out digits.q8.model --json | jq .flash_saved

Exits with 1, and writes nothing, if the accuracy falls by more than --max-loss.")]
pub struct Args {
    /// The model file, of floats
    model: PathBuf,
    /// The model file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Points of accuracy on the test images that may be lost
    #[arg(long, default_value_t = 0.5, value_parser = not_negative, value_name = "POINTS")]
    max_loss: f32,
    /// Folder of the data set that the model is for, if that is not MNIST
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What quantising came to; sizes in bytes of flash.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    path: String,
    /// Whether the model was written.
    saved: bool,
    correct_before: usize,
    correct_after: usize,
    /// Images for which both say the same.
    agree: usize,
    total: usize,
    /// Points of accuracy; negative if it has risen.
    loss: f64,
    flash_before: usize,
    flash_after: usize,
    flash_saved: usize,
    crc32: String,
}

/// Quantises, compares and writes.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read, a model that is no float model or cannot be quantised, and a file
/// that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let out = OutputFile::prepare(&args.out)?;
    let before = Model::read(&args.model)?;
    if before.file.element() == ELEMENT_I8 {
        return Err(Error::AlreadyQuantized {
            path: args.model.clone(),
        });
    }
    let parts = Parts::load(args.data.as_deref())?;
    expect_fit(before.file.sizes(), &parts.training)?;
    let original = before.learner(networks)?;
    let network = quantized(&before, &*original, &parts.training, networks)?;
    let note = format!("{}; quantised to 8 bits", before.file.note());
    let file = network.encode(note.trim_start_matches("; "));
    let after = Model::parse(&args.out, file)?;
    let answers = [&*original as &dyn AnyNetwork, &*network].map(|network| {
        let verdicts = network.verdicts(Cost::Quadratic, &parts.test);
        verdicts
            .iter()
            .map(|verdict| verdict.class.into())
            .collect()
    });
    let mut outcome = Outcome::of(&answers, &parts.test);
    outcome.path = after.path.display().to_string();
    outcome.saved = outcome.loss <= f64::from(args.max_loss);
    outcome.crc32 = format!("{:08x}", after.file.crc32());
    outcome.set_flash(original.flash(), network.flash());
    if outcome.saved {
        out.write(after.file.bytes())?;
    }
    if args.json {
        print_json(&outcome)?;
    } else {
        print(&text(&outcome, args.max_loss))?;
    }
    Ok(if outcome.saved {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    })
}

/// The integer network of a float model, calibrated on some images.
fn quantized(
    model: &Model,
    network: &dyn Learner,
    images: &Dataset,
    networks: &Networks,
) -> Result<Box<dyn AnyNetwork>, Error> {
    let mut quantized = networks.integer(model.file.sizes())?;
    Original::measure(network, images)
        .quantize(images, &mut *quantized)
        .map_err(|source| Error::Quantize {
            path: model.path.clone(),
            source,
        })?;
    Ok(quantized)
}

impl Outcome {
    /// What two networks say to the test images, before and after, by class.
    fn of([old, new]: &[Vec<usize>; 2], test: &Dataset) -> Self {
        let correct = |answers: &[usize]| {
            let right = answers.iter().enumerate();
            right
                .filter(|&(i, &answer)| answer == test.label(i))
                .count()
        };
        let (correct_before, correct_after, total) = (correct(old), correct(new), test.len());
        let percent = |correct| Accuracy { correct, total }.percent();
        let both = old.iter().zip(new);
        Self {
            correct_before,
            correct_after,
            agree: both.filter(|(a, b)| a == b).count(),
            total,
            loss: percent(correct_before) - percent(correct_after),
            ..Self::default()
        }
    }

    fn set_flash(&mut self, before: usize, after: usize) {
        self.flash_before = before;
        self.flash_after = after;
        self.flash_saved = before.saturating_sub(after);
    }
}

fn text(outcome: &Outcome, max_loss: f32) -> String {
    let total = outcome.total;
    let line = |correct| {
        let percent = Accuracy { correct, total }.percent();
        format!("{correct:>6} / {total} = {percent:.2}%")
    };
    let mut text = format!(
        "before  {}, {:>6} bytes of flash\nafter   {}, {:>6} bytes of flash\n\
         agree   {}\nlost    {:.2} points of accuracy, saved {} bytes of flash\n",
        line(outcome.correct_before),
        outcome.flash_before,
        line(outcome.correct_after),
        outcome.flash_after,
        line(outcome.agree),
        outcome.loss.max(0.0),
        outcome.flash_saved,
    );
    text += &if outcome.saved {
        format!("Saved {}: CRC-32 {}\n", outcome.path, outcome.crc32)
    } else {
        format!("Nothing saved: more than {max_loss} points lost (--max-loss)\n")
    };
    text
}
