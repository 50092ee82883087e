//! `smidgen explain`: a walk through one network on one image, with the real numbers.

use std::path::PathBuf;
use std::process::ExitCode;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::{Cost, Image, Network, init, network};

use super::explain_page::Page;
use super::output::print;
use super::train_args::positive;
use crate::dataset::load_test;
use crate::drawing::Style;
use crate::error::Error;
use crate::explain::{Walk, walk};
use crate::model_file::{ModelFile, UseNetwork};

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
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let file = args.model.as_deref().map(ModelFile::read).transpose()?;
    let test = load_test(args.data.as_deref())?;
    let (index, total) = (args.index, test.len());
    if index >= total {
        return Err(Error::NoImage { index, total });
    }
    let question = Question {
        image: test.image(index),
        label: test.label(index),
        learning_rate: args.learning_rate,
    };
    let (walk, origin) = match &file {
        Some(file) => (
            file.use_network(&question)?,
            format!("from {}", file.path().display()),
        ),
        None => {
            let mut network = bytemuck::zeroed_box::<network![784, 30, 10]>();
            init::unit_gaussian(&mut *network, &mut XorShiftRng::seed_from_u64(args.seed));
            let origin = format!(
                "Gaussian weights, seed {}; it has learned nothing yet",
                args.seed
            );
            (question.use_network(&*network), origin)
        }
    };
    let page = Page {
        walk: &walk,
        image: &question.image,
        label: question.label,
        learning_rate: question.learning_rate,
        style: Style::of_stdout(),
    };
    print(&page.text(index, &origin))?;
    Ok(ExitCode::SUCCESS)
}

/// What the network is to be walked through with.
struct Question {
    image: Image,
    label: usize,
    learning_rate: f32,
}

impl UseNetwork for &Question {
    type Output = Walk;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Walk {
        walk(
            network,
            Cost::Quadratic,
            &self.image,
            self.label,
            self.learning_rate,
        )
    }
}
