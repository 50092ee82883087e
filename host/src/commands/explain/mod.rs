//! `smidgen explain`: a walk through one network on one image, with the real numbers.

use std::path::PathBuf;
use std::process::ExitCode;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::Cost;

use self::page::Page;
use super::drawing::Style;
use super::error::Error;
use super::fit::expect_fit;
use super::model::Model;
use super::numbers::positive;
use super::output::print;
use crate::data::load_test;
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
  smidgen explain --model digits.model         a trained one
  smidgen explain --index 8 --learning-rate 1  another image, a smaller step
  smidgen explain | less")]
pub struct Args {
    /// Number of the test image, from 0
    #[arg(long, default_value_t = 0, value_name = "N")]
    index: usize,
    /// A model file; without it, [784, 30, 10] with Gaussian weights as training starts from
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Where Gaussian weights come from
    #[arg(long, default_value_t = 1, conflicts_with = "model", value_name = "N")]
    seed: u64,
    /// η, the size of the step at the end
    #[arg(long, default_value_t = 3.0, value_parser = positive, value_name = "ETA")]
    learning_rate: f32,
    /// Folder of another data set: IDX files of 28 x 28 images, raw or gzip, named as MNIST's
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Walks through the network and prints what there is to see.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read or are not as they should be, and for an index no test image has.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let model = args.model.as_deref().map(Model::read).transpose()?;
    let test = load_test(args.data.as_deref())?;
    let (index, total) = (args.index, test.len());
    if index >= total {
        return Err(Error::NoImage { index, total });
    }
    let (image, label) = (test.image(index), test.label(index));
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
    expect_fit(&network.sizes(), &test)?;
    let page = Page {
        walk: &walk(
            &*network,
            Cost::Quadratic,
            &image,
            label,
            args.learning_rate,
        ),
        image: &image,
        label,
        learning_rate: args.learning_rate,
        style: Style::of_stdout(),
    };
    print(&page.text(index, &origin))?;
    Ok(ExitCode::SUCCESS)
}
