//! The pictures of an evaluation: the confusion table, and the worst mistakes.

use std::path::PathBuf;

use smidgen_core::Cost;

use crate::commands::error::Error;
use crate::commands::plot_file::PlotFile;
use crate::data::Dataset;
use crate::evaluation::{Evaluation, Mistake, mistakes};
use crate::network::AnyNetwork;
use crate::plots::table;
use crate::plots::tiles::{self, Tiles};

/// Mistakes in the picture of them.
const GALLERY: usize = 30;

/// Which pictures are wanted.
#[derive(Debug, clap::Args)]
pub struct PictureArgs {
    /// Draw the confusion table: SVG, or PNG if it ends in .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Draw the worst mistakes with what was said and what is true: SVG, or PNG if it ends in .png
    #[arg(long, value_name = "FILE")]
    mistakes: Option<PathBuf>,
}

impl PictureArgs {
    /// Checks now that the pictures can be written later.
    pub fn prepare(&self) -> Result<Pictures, Error> {
        Ok(Pictures {
            table: self.plot.as_deref().map(PlotFile::prepare).transpose()?,
            gallery: self
                .mistakes
                .as_deref()
                .map(PlotFile::prepare)
                .transpose()?,
        })
    }
}

/// The files of the pictures that are wanted.
pub struct Pictures {
    table: Option<PlotFile>,
    gallery: Option<PlotFile>,
}

impl Pictures {
    /// Draws what is wanted of a model's evaluation on the test images.
    pub fn draw(
        &self,
        (model, network, test, evaluation): (&str, &dyn AnyNetwork, &Dataset, &Evaluation),
    ) -> Result<(), Error> {
        if let Some(file) = &self.table {
            let title = format!("What {model} takes for what");
            file.write(&table::confusion(title, &evaluation.confusion))?;
        }
        if let Some(file) = &self.gallery {
            let wrong = mistakes(network, Cost::Quadratic, test);
            file.write(&worst_mistakes(model, &wrong, test))?;
        }
        Ok(())
    }
}

/// The mistakes that cost most, as pictures.
fn worst_mistakes(model: &str, wrong: &[Mistake], test: &Dataset) -> Tiles {
    let shown: Vec<_> = wrong
        .iter()
        .take(GALLERY)
        .map(|mistake| {
            let Mistake {
                index,
                label,
                answer,
                activation,
                ..
            } = *mistake;
            let lines = vec![
                format!("says {answer}, is {label}"),
                format!("{:.0} %, no. {index}", 100.0 * activation),
            ];
            (test.image(index), lines)
        })
        .collect();
    let title = format!("The worst mistakes of {model}");
    let note = format!(
        "{} of {} among {} test images, the costliest first: how sure it was, and the image's number",
        shown.len(),
        wrong.len(),
        test.len()
    );
    tiles::digits(title, note, &shown)
}
