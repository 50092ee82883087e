//! The pictures of an evaluation: the confusion table, and the worst mistakes.

use std::path::PathBuf;

use smidgen_core::Cost;

use crate::commands::data::class;
use crate::commands::error::Error;
use crate::commands::fit::expect_pictures;
use crate::commands::model::Model;
use crate::commands::plot_file::{PlotFile, Size};
use crate::data::Dataset;
use crate::evaluation::{Evaluation, Mistake, mistakes};
use crate::files::outputs::Outputs;
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
    #[command(flatten)]
    size: Size,
}

impl PictureArgs {
    /// Checks now that the pictures can be written later.
    pub fn prepare(&self, outputs: &mut Outputs) -> Result<Pictures, Error> {
        let mut file = |path: &Option<PathBuf>| {
            let path = path.as_deref();
            path.map(|path| PlotFile::prepare(path, self.size, outputs))
                .transpose()
        };
        Ok(Pictures {
            table: file(&self.plot)?,
            gallery: file(&self.mistakes)?,
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
        (model, network, test, evaluation): (&Model, &dyn AnyNetwork, &Dataset, &Evaluation),
    ) -> Result<(), Error> {
        let about = model.file.about();
        if let Some(file) = &self.table {
            let title = format!("What {} takes for what", model.name());
            let classes = evaluation.confusion.len();
            let names = (0..classes).map(|i| class(about, i)).collect();
            file.write(&table::confusion(title, names, &evaluation.confusion))?;
        }
        if let Some(file) = &self.gallery {
            let size = expect_pictures(model.file.sizes(), about)?;
            let wrong = mistakes(network, Cost::Quadratic, test);
            file.write(&worst_mistakes(model, size, &wrong, test))?;
        }
        Ok(())
    }
}

/// The mistakes that cost most, as pictures.
fn worst_mistakes(model: &Model, size: (usize, usize), wrong: &[Mistake], test: &Dataset) -> Tiles {
    let (about, model) = (model.file.about(), model.name());
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
                format!("says {}, is {}", class(about, answer), class(about, label)),
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
    tiles::pictures(title, note, size, &shown)
}
