//! `smidgen filters`: what every hidden neuron of a model looks for, as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use smidgen_core::Network;

use super::output::print;
use crate::error::Error;
use crate::menu;
use crate::model_file::{ModelFile, UseNetwork};
use crate::parameters::{Layer, layers};
use crate::plots::{PlotFile, tiles};

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
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let out = PlotFile::prepare(&args.out)?;
    let file = ModelFile::read(&args.model)?;
    let first = file.use_network(FirstLayer)?;
    if let Some(layer) = first {
        let name = args.model.file_name().unwrap_or(args.model.as_os_str());
        let title = format!(
            "What {} neurons of {} look for",
            layer.neurons,
            name.to_string_lossy()
        );
        out.write(&tiles::filters(title, &layer))?;
        print(&format!(
            "Drew {} neurons of [{}] to {}\n",
            layer.neurons,
            menu::join(file.sizes()),
            out.path().display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

struct FirstLayer;

impl UseNetwork for FirstLayer {
    type Output = Option<Layer>;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Option<Layer> {
        layers(network).into_iter().next()
    }
}
