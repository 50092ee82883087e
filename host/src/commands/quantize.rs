//! `smidgen quantize`: a float model made into a smaller one: of 8-bit integers, for processors without floating point, or of
//! 16-bit weights, for half the flash and next to the same answers.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::Cost;
use smidgen_core::model::{ELEMENT_F16, ELEMENT_I8};

use super::data::JudgeArgs;
use super::error::Error;
use super::fit::expect_fit;
use super::kinds;
use super::model::Model;
use super::numbers::not_negative;
use super::output::{print, print_json};
use crate::data::{About, Dataset};
use crate::evaluation::Accuracy;
use crate::files::outputs::Outputs;
use crate::network::{AnyNetwork, Learner, Networks};
use crate::quantize::{Original, to_halves};

/// The exit code for a model that loses too much.
const REFUSED: u8 = 1;

/// Make a smaller model: of 8-bit integers, which need no floating-point unit, or of 16-bit weights
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen quantize digits.model --out digits.q8.model
  smidgen quantize digits.model --out digits.q8.model --max-loss 0.1
  smidgen quantize digits.model --to f16 --out digits.f16.model
  smidgen quantize digits.model --out digits.q8.model --json | jq .flash_saved

Exits with 1, and writes nothing, if the accuracy falls by more than --max-loss.")]
pub struct Args {
    /// The model file, of floats
    model: PathBuf,
    /// The model file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What its numbers are to be
    #[arg(long, value_enum, default_value_t = Kind::I8, value_name = "KIND")]
    to: Kind,
    /// Points of accuracy on the test images that may be lost
    #[arg(long, default_value_t = 0.5, value_parser = not_negative, value_name = "POINTS")]
    max_loss: f32,
    #[command(flatten)]
    data: JudgeArgs,
    /// Replace whatever is there
    #[arg(long)]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What numbers can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Integers of 8 bits, a quarter of the size
    I8,
    /// Floats of 16 bits, half the size; computed with as floats of 32
    F16,
}

/// What quantising came to; sizes in bytes of flash.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// Where the model is.
    pub path: String,
    /// Whether the model was written.
    pub saved: bool,
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
/// [`Error`] for a model or data that cannot be read, a model that is quantised already or cannot be, and a file
/// that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let mut outputs = Outputs::new(args.force).reading(&args.model);
    let out = outputs.prepare(&args.out, kinds::MODEL)?;
    let before = Model::read(&args.model)?;
    let (after, mut outcome) = quantize(&before, args.to, &args.out, &args.data, networks)?;
    outcome.saved = outcome.loss <= f64::from(args.max_loss);
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

/// The smaller numbers of a float model, which will be at a path, and what they come to on the test part of its data.
///
/// # Errors
///
/// [`Error`] for data that cannot be read, and a model that is quantised already or cannot be.
pub fn quantize(
    before: &Model,
    to: Kind,
    path: &Path,
    data: &JudgeArgs,
    networks: &Networks,
) -> Result<(Model, Outcome), Error> {
    let element = before.file.element();
    if element == ELEMENT_I8 || (element == ELEMENT_F16 && to == Kind::F16) {
        return Err(Error::AlreadyQuantized {
            path: before.path.clone(),
        });
    }
    let parts = data.all(before)?.parts;
    let about = before.file.about();
    expect_fit(before.file.sizes(), &parts.training, about)?;
    let original = before.learner(networks)?;
    let network = to.made_of(&*original, &parts.training, networks, before)?;
    let note = format!("{}; {}", before.file.note(), to.note());
    let about = &About {
        // It was chosen by the confidences of another network.
        rejection: None,
        ..about.clone()
    };
    let file = network.encode_about(note.trim_start_matches("; "), about);
    let after = Model::parse(path, file)?;
    let answers = [&*original as &dyn AnyNetwork, &*network].map(|network| {
        let verdicts = network.verdicts(Cost::Quadratic, &parts.test);
        verdicts
            .iter()
            .map(|verdict| verdict.class.into())
            .collect()
    });
    let mut outcome = Outcome::of(&answers, &parts.test);
    outcome.path = after.path.display().to_string();
    outcome.crc32 = format!("{:08x}", after.file.crc32());
    outcome.set_flash(original.flash(), network.flash());
    Ok((after, outcome))
}

impl Kind {
    /// What the new model's note says of it.
    fn note(self) -> &'static str {
        match self {
            Self::I8 => "quantised to 8 bits",
            Self::F16 => "weights in 16 bits",
        }
    }

    /// The network of this kind out of a model's, calibrated on some images where that is of use.
    fn made_of(
        self,
        network: &dyn Learner,
        images: &Dataset,
        networks: &Networks,
        model: &Model,
    ) -> Result<Box<dyn AnyNetwork>, Error> {
        let sizes = model.file.sizes();
        let mut made = match self {
            Self::I8 => networks.integer(sizes)?,
            Self::F16 => networks.halves(sizes)?,
        };
        let result = match self {
            Self::I8 => Original::measure(network, images).quantize(images, &mut *made),
            Self::F16 => to_halves(network, &mut *made),
        };
        let path = model.path.clone();
        result.map_err(|source| Error::Quantize { path, source })?;
        Ok(made)
    }
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

    /// What was before, what is after, and what that costs, in four lines.
    #[must_use]
    pub fn text(&self) -> String {
        let total = self.total;
        let line = |correct| {
            let percent = Accuracy { correct, total }.percent();
            format!("{correct:>6} / {total} = {percent:.2}%")
        };
        format!(
            "before  {}, {:>6} bytes of flash\nafter   {}, {:>6} bytes of flash\n\
             agree   {}\nlost    {:.2} points of accuracy, saved {} bytes of flash\n",
            line(self.correct_before),
            self.flash_before,
            line(self.correct_after),
            self.flash_after,
            line(self.agree),
            self.loss.max(0.0),
            self.flash_saved,
        )
    }

    fn set_flash(&mut self, before: usize, after: usize) {
        self.flash_before = before;
        self.flash_after = after;
        self.flash_saved = before.saturating_sub(after);
    }
}

fn text(outcome: &Outcome, max_loss: f32) -> String {
    outcome.text()
        + &if outcome.saved {
            format!("Saved {}: CRC-32 {}\n", outcome.path, outcome.crc32)
        } else {
            format!("Nothing saved: more than {max_loss} points lost (--max-loss)\n")
        }
}
