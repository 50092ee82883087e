//! `smidgen quantize`: a float model made into one of 8-bit integers, for processors without floating point.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::model::{self, ELEMENT_I8};
use smidgen_core::{Inference, Network, Output, QuantizedNetwork};

use super::output::{print, print_json};
use super::train_args::not_negative;
use crate::dataset::{Dataset, Mnist};
use crate::error::Error;
use crate::evaluate::Accuracy;
use crate::menu::{self, QuantizedVisitor};
use crate::model_file::{ModelFile, UseModel, UseNetwork};
use crate::output_file::OutputFile;
use crate::quantize::{Original, QuantizeError};

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
#[derive(Debug, Serialize)]
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
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let out = OutputFile::prepare(&args.out)?;
    let before = ModelFile::read(&args.model)?;
    if before.element() == ELEMENT_I8 {
        return Err(Error::AlreadyQuantized {
            path: args.model.clone(),
        });
    }
    let mnist = Mnist::load(args.data.as_deref())?;
    let after = quantized(&before, &mnist.training, &args.out)?;
    let outcome = Outcome::of(&before, &after, &mnist.test, args.max_loss)?;
    if outcome.saved {
        out.write(after.bytes())?;
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

/// The integer model of a float model, calibrated on some images; it belongs to the path `out`.
fn quantized(file: &ModelFile, images: &Dataset, out: &Path) -> Result<ModelFile, Error> {
    let original = file.use_network(Measure(images))?;
    let note = format!("{}; quantised to 8 bits", file.note());
    let quantize = Quantize {
        original: &original,
        images,
        note: note.trim_start_matches("; "),
    };
    let bytes = menu::visit_quantized(file.sizes(), quantize)?;
    let bytes = bytes.map_err(|source| Error::Quantize {
        path: file.path().into(),
        source,
    })?;
    ModelFile::from_bytes(out, bytes)
}

struct Measure<'a>(&'a Dataset);

impl UseNetwork for Measure<'_> {
    type Output = Original;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Original {
        Original::measure(network, self.0)
    }
}

struct Quantize<'a> {
    original: &'a Original,
    images: &'a Dataset,
    note: &'a str,
}

impl QuantizedVisitor for Quantize<'_> {
    type Output = Result<Vec<u8>, QuantizeError>;

    fn visit<Q: QuantizedNetwork<784, 10>>(self) -> Self::Output {
        let mut network = bytemuck::zeroed_box::<Q>();
        self.original.quantize(self.images, &mut *network)?;
        let mut bytes = Vec::new();
        model::encode(&*network, self.note, |part| bytes.extend_from_slice(part));
        Ok(bytes)
    }
}

/// The class that a model gives to each image.
struct Answers<'a>(&'a Dataset);

impl UseModel for Answers<'_> {
    type Output = Vec<usize>;

    fn use_model<M: Inference<784, 10>>(self, model: &M) -> Vec<usize> {
        (0..self.0.len())
            .map(|i| model.infer(&self.0.image(i)).class())
            .collect()
    }
}

impl Outcome {
    fn of(
        before: &ModelFile,
        after: &ModelFile,
        test: &Dataset,
        max_loss: f32,
    ) -> Result<Self, Error> {
        let (old, new) = (
            before.use_model(Answers(test))?,
            after.use_model(Answers(test))?,
        );
        let correct = |answers: &[usize]| {
            let right = answers.iter().enumerate();
            right
                .filter(|&(i, &answer)| answer == test.label(i))
                .count()
        };
        let (correct_before, correct_after, total) = (correct(&old), correct(&new), test.len());
        let percent = |correct| Accuracy { correct, total }.percent();
        let loss = percent(correct_before) - percent(correct_after);
        let (flash_before, flash_after) = (before.flash()?, after.flash()?);
        Ok(Self {
            path: after.path().display().to_string(),
            saved: loss <= f64::from(max_loss),
            correct_before,
            correct_after,
            agree: old.iter().zip(&new).filter(|(a, b)| a == b).count(),
            total,
            loss,
            flash_before,
            flash_after,
            flash_saved: flash_before.saturating_sub(flash_after),
            crc32: format!("{:08x}", after.crc32()),
        })
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
