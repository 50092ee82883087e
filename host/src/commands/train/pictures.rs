//! The picture of a training: accuracy and cost of every epoch.

use std::path::PathBuf;

use crate::commands::error::Error;
use crate::commands::plot_file::{PlotFile, Size};
use crate::files::outputs::Outputs;
use crate::plots::curves::{Curves, Panel, Series};
use crate::training::checkpoint::Point;

/// The parts of the data, in the order of their lines.
const PARTS: [&str; 3] = ["training", "validation", "test"];

/// Whether a picture is wanted.
#[derive(Debug, clap::Args)]
pub struct PictureArgs {
    /// Draw accuracy and cost of every epoch, on all parts of the data: SVG, or PNG if it ends in .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    size: Size,
}

impl PictureArgs {
    /// Checks now that the picture can be written later.
    pub fn prepare(&self, outputs: &mut Outputs) -> Result<Pictures, Error> {
        let plot = self.plot.as_deref();
        let plot = plot.map(|path| PlotFile::prepare(path, self.size, outputs));
        Ok(Pictures(plot.transpose()?))
    }
}

/// The file of the picture, if one is wanted.
pub struct Pictures(Option<PlotFile>);

impl Pictures {
    /// Whether a picture is wanted.
    pub fn is_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Draws the epochs so far, if that is wanted.
    pub fn draw(&self, (title, history): (&str, &[Point])) -> Result<(), Error> {
        self.0
            .as_ref()
            .map_or(Ok(()), |file| file.write(&curves(title.into(), history)))
    }
}

/// The curves of all epochs so far.
fn curves(title: String, history: &[Point]) -> Curves {
    let panel = |quantity: &str, which: usize| Panel {
        quantity: quantity.into(),
        series: (0..)
            .zip(PARTS)
            .map(|(part, name): (usize, _)| Series {
                name: name.into(),
                values: history.iter().map(|point| point[part][which]).collect(),
            })
            .collect(),
    };
    Curves {
        title,
        panels: vec![panel("accuracy / %", 0), panel("mean cost of an image", 1)],
    }
}
