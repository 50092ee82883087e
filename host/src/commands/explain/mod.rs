//! `smidgen explain`: a walk through one network on one image, with the real numbers.

use std::process::ExitCode;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::Cost;

use self::page::Page;
use super::data::JudgeArgs;
use super::drawing::Style;
use super::error::Error;
use super::fit::expect_fit;
use super::model::{Model, OptionalModel};
use super::numbers::positive;
use super::output::print;
use crate::data::{About, Input, load_test};
use crate::evaluation::explain::walk;
use crate::network::{Networks, Start};

mod page;

/// The sizes of the network that has not learned, the book's.
const BOOK: [usize; 3] = [784, 30, 10];

/// Walk through one network on one test image with the real numbers: forward, cost, backpropagation, one step
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen explain                              the book's network before it has learned anything
  smidgen explain digits.model                 a trained one
  smidgen explain --index 8 --learning-rate 1  another image, a smaller step
  smidgen explain | less

Without a model it is [784, 30, 10] with the Gaussian weights that a training starts from.")]
pub struct Args {
    /// Number of the test image, from 0
    #[arg(long, default_value_t = 0, value_name = "N")]
    index: usize,
    #[command(flatten)]
    model: OptionalModel,
    /// Where Gaussian weights come from
    #[arg(long, default_value_t = 1, conflicts_with_all = ["model", "named"], value_name = "N")]
    seed: u64,
    /// η, the size of the step at the end
    #[arg(long, default_value_t = 3.0, value_parser = positive, value_name = "ETA")]
    learning_rate: f32,
    #[command(flatten)]
    data: JudgeArgs,
}

/// Walks through the network and prints what there is to see.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read or are not as they should be, and for an index no test image has.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let model = args.model.path().map(Model::read).transpose()?;
    let (test, about) = match &model {
        Some(model) => (args.data.test(model)?.data, model.file.about().clone()),
        None => (load_test(args.data.data.as_deref())?, About::default()),
    };
    let (index, total) = (args.index, test.len());
    if index >= total {
        return Err(Error::NoImage { index, total });
    }
    let (image, label) = (test.image(index), test.label(index));
    let readings = test.readings(index);
    let input = if test.is_table() {
        Input::Readings(readings)
    } else {
        Input::Pixels(&image)
    };
    let (network, origin) = match &model {
        Some(model) => (
            model.learner(networks)?,
            format!("from {}", model.path.display()),
        ),
        None => {
            let mut network = networks.float(&BOOK)?;
            network.start(Start::Unit, &mut XorShiftRng::seed_from_u64(args.seed));
            let seed = args.seed;
            let origin = format!("Gaussian weights, seed {seed}; it has learned nothing yet");
            (network, origin)
        }
    };
    expect_fit(&network.sizes(), &test, &about)?;
    let known = model.as_ref().and_then(|model| model.cost());
    let cost = known.unwrap_or(Cost::Quadratic);
    let page = Page {
        walk: &walk(&*network, cost, input, label, args.learning_rate),
        cost,
        cost_known: known.is_some(),
        input,
        about: &about,
        label,
        learning_rate: args.learning_rate,
        style: Style::of_stdout(),
    };
    print(&page.text(index, &origin))?;
    Ok(ExitCode::SUCCESS)
}
