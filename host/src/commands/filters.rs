//! `smidgen filters`: what every hidden neuron of a model looks for, as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use super::error::Error;
use super::fit::expect_pictures;
use super::model::Model;
use super::output::print;
use super::plot_file::PlotFile;
use crate::network::layer::layers;
use crate::network::{Networks, join};
use crate::plots::tiles;

/// Draw the weights of each hidden neuron as a 28 x 28 picture: what it is drawn to, and what puts it off
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen filters digits.model --out filters.svg
  smidgen filters digits.model --out filters.png")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// The picture to write: SVG, or PNG if it ends in .png
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Draws the picture.
///
/// # Errors
///
/// [`Error`] for a model that cannot be read and a picture that cannot be drawn or written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let out = PlotFile::prepare(&args.out)?;
    let model = Model::read(&args.model)?;
    let network = model.learner(networks)?;
    let sizes = network.sizes();
    expect_pictures(&sizes)?;
    if let Some(layer) = layers(&sizes, &network.parameters()).first() {
        let neurons = layer.neurons;
        let title = format!("What {neurons} neurons of {} look for", model.name());
        out.write(&tiles::filters(title, layer))?;
        print(&format!(
            "Drew {neurons} neurons of [{}] to {}\n",
            join(&sizes),
            out.path().display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
