//! `smidgen filters`: what every hidden neuron of a model looks for, as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use super::error::Error;
use super::model::Model;
use super::output::print;
use super::plot_file::{PlotFile, Size};
use crate::files::outputs::Outputs;
use crate::network::layer::layers;
use crate::network::{Networks, join};
use crate::plots::tiles;
use crate::plots::weights::weights;

/// Draw the weights of each hidden neuron: what it is drawn to, and what puts it off
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
    #[command(flatten)]
    size: Size,
    /// Replace whatever is there
    #[arg(long)]
    force: bool,
}

/// Draws the picture.
///
/// # Errors
///
/// [`Error`] for a model that cannot be read and a picture that cannot be drawn or written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let mut outputs = Outputs::new(args.force).reading(&args.model);
    let out = PlotFile::prepare(&args.out, args.size, &mut outputs)?;
    let model = Model::read(&args.model)?;
    let network = model.learner(networks)?;
    let sizes = network.sizes();
    let about = model.file.about();
    if let Some(layer) = layers(&sizes, &network.parameters()).first() {
        let neurons = layer.neurons;
        let title = format!("What {neurons} neurons of {} look for", model.name());
        match about.picture(layer.inputs) {
            Some(size) => out.write(&tiles::filters(title, size, layer))?,
            None => {
                let names: Vec<_> = (0..layer.inputs).map(|k| about.column(k).into()).collect();
                out.write(&weights(title, layer, &names))?;
            }
        }
        print(&format!(
            "Drew {neurons} neurons of [{}] to {}\n",
            join(&sizes),
            out.path().display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
