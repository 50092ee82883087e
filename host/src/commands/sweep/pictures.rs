//! The picture of a sweep: curves, or a table of colours where more than one quantity varies.

use std::path::PathBuf;

use super::plan::{Quantity, counted, groups, name, varying};
use crate::commands::error::Error;
use crate::commands::output::print;
use crate::commands::plot_file::{PlotFile, Size};
use crate::files::outputs::Outputs;
use crate::plots::curves::{Curves, Panel, Series};
use crate::plots::table::{Cell, Table};
use crate::sweep::{Outcome, Plan, Summary, mean};

/// Whether a picture is wanted.
#[derive(Debug, clap::Args)]
pub struct PictureArgs {
    /// Draw curves, or a table of colours where more than one quantity varies: SVG, or PNG if it ends in .png
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
    /// Draws the sweep, if that is wanted; says so if `speaks`.
    pub fn draw(
        &self,
        (plan, summaries, outcomes, speaks): (&Plan, &[Summary], &[Outcome], bool),
    ) -> Result<(), Error> {
        let Some(file) = &self.0 else {
            return Ok(());
        };
        match varying(plan).as_slice() {
            [] | [_] => file.write(&curves(plan, outcomes))?,
            [rows @ .., across] => file.write(&heat(plan, summaries, rows, *across))?,
        }
        if speaks {
            print(&format!("\nDrew {}\n", file.path().display()))?;
        }
        Ok(())
    }
}

/// Accuracy and cost by epoch, the mean over the seeds, one line for each combination.
fn curves(plan: &Plan, outcomes: &[Outcome]) -> Curves {
    let quantities = varying(plan);
    let panel = |quantity: &str, value: fn(&Outcome, usize) -> Option<f64>| Panel {
        quantity: quantity.into(),
        series: plan
            .combinations
            .iter()
            .zip(groups(plan, outcomes))
            .map(|(combination, outcomes)| Series {
                name: name(&quantities, combination),
                values: (0..plan.epochs)
                    .map(|epoch| {
                        let values: Vec<f64> =
                            outcomes.iter().filter_map(|o| value(o, epoch)).collect();
                        mean(&values).unwrap_or(f64::NAN)
                    })
                    .collect(),
            })
            .collect(),
    };
    let what = quantities
        .first()
        .map_or("one combination", |quantity| quantity.name());
    Curves {
        title: format!("Test images, by {what}; {}", seeds(plan)),
        panels: vec![
            panel("accuracy / %", |outcome, epoch| {
                outcome
                    .accuracies
                    .get(epoch)
                    .map(|accuracy| accuracy.percent())
            }),
            panel("mean cost of an image", |outcome, epoch| {
                outcome.costs.get(epoch).copied()
            }),
        ],
    }
}

/// What the numbers are the mean of.
fn seeds(plan: &Plan) -> String {
    match plan.seeds {
        1 => "one seed".into(),
        seeds => format!("mean of {seeds} seeds"),
    }
}

/// The accuracy at the end for every combination, one quantity across, the others down.
fn heat(plan: &Plan, summaries: &[Summary], down: &[Quantity], across: Quantity) -> Table {
    let mut columns: Vec<String> = Vec::new();
    let mut rows: Vec<(String, Vec<Cell>)> = Vec::new();
    let means: Vec<f64> = summaries.iter().filter_map(Summary::mean).collect();
    let low = means.iter().copied().fold(f64::INFINITY, f64::min);
    let high = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for summary in summaries {
        let column = across.of(&summary.combination);
        if !columns.contains(&column) {
            columns.push(column);
        }
        let row = match down {
            [one] => one.of(&summary.combination),
            several => name(several, &summary.combination),
        };
        let cell = cell(summary, low, high);
        match rows.iter_mut().find(|(name, _)| *name == row) {
            Some((_, cells)) => cells.push(cell),
            None => rows.push((row, vec![cell])),
        }
    }
    let (rows, cells) = rows.into_iter().unzip();
    let down = match down {
        [one] => one.name(),
        _ => "",
    };
    Table {
        title: format!(
            "Accuracy on the test images after {}",
            counted(plan.epochs, "epoch")
        ),
        across: across.name().into(),
        down: down.into(),
        columns,
        rows,
        cells,
        note: format!("percent, {}; the darker the higher", seeds(plan)),
    }
}

/// A combination's accuracy, its shade between those of the lowest and the highest.
fn cell(summary: &Summary, low: f64, high: f64) -> Cell {
    let mean = summary.mean();
    Cell {
        text: mean.map_or_else(|| "diverged".into(), |mean| format!("{mean:.2}")),
        shade: mean.map(|mean| (mean - low) / (high - low).max(f64::MIN_POSITIVE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::Combination;
    use crate::training::Settings;

    #[test]
    fn two_quantities_make_a_table_of_every_combination() {
        let combination = |hidden, learning_rate| Combination {
            sizes: vec![784, hidden, 10],
            learning_rate,
            mini_batch_size: 10,
        };
        let pairs = [(10, 1.0), (10, 3.0), (30, 1.0), (30, 3.0)];
        let plan = Plan {
            combinations: pairs.map(|(h, eta)| combination(h, eta)).to_vec(),
            seeds: 1,
            epochs: 1,
            settings: Settings::default(),
        };
        assert_eq!(varying(&plan), [Quantity::Hidden, Quantity::LearningRate]);
        let summary = |(combination, percent): (&Combination, _)| Summary {
            combination: combination.clone(),
            percents: vec![percent],
            diverged: 0,
            seconds_per_epoch: 0.25,
        };
        let percents = [90.0, 92.0, 93.0, 94.0];
        let summaries: Vec<_> = plan
            .combinations
            .iter()
            .zip(percents)
            .map(summary)
            .collect();
        let table = heat(
            &plan,
            &summaries,
            &[Quantity::Hidden],
            Quantity::LearningRate,
        );
        assert_eq!(
            (table.rows, table.columns),
            (
                vec!["10".to_string(), "30".into()],
                vec!["1".to_string(), "3".into()]
            )
        );
        assert_eq!(
            (table.cells[0][0].shade, table.cells[1][1].shade),
            (Some(0.0), Some(1.0))
        );
    }
}
