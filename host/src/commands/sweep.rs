//! `smidgen sweep`: trains every combination of some hyper-parameters on all cores, and compares them.

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::ArgGroup;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use super::output::{print, print_json};
use super::train_args::{at_least_one, not_negative, positive};
use crate::dataset::Mnist;
use crate::drawing;
use crate::error::Error;
use crate::menu;
use crate::plots::PlotFile;
use crate::plots::curves::{Curves, Panel, Series};
use crate::plots::table::{Cell, Table};
use crate::sweep::{Combination, Event, Outcome, Plan, Run, Summary, mean, summarize, sweep};
use crate::train::Settings;

/// More runs than this have one bar together.
const MOST_BARS: usize = 24;

/// Train every combination of hyper-parameters, several seeds each, on all cores, and compare them
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["hidden", "learning_rate", "mini_batch_size"])))]
#[command(after_help = "\
Examples:
  smidgen sweep --hidden 10,30,100,300                   how large a hidden layer?
  smidgen sweep --learning-rate 0.1,1,3,10,30            how large a step?
  smidgen sweep --hidden 30,100 --learning-rate 1,3,10 --plot sweep.svg
  smidgen sweep --hidden 10,30 --csv > sweep.csv")]
pub struct Args {
    /// Sizes of the hidden layer [default: 30]
    #[arg(long, value_delimiter = ',', value_parser = at_least_one, value_name = "SIZES")]
    hidden: Vec<usize>,
    /// Values of η [default: 3]
    #[arg(long, value_delimiter = ',', value_parser = positive, value_name = "ETAS")]
    learning_rate: Vec<f32>,
    /// Images per update [default: 10]
    #[arg(long, value_delimiter = ',', value_parser = at_least_one, value_name = "SIZES")]
    mini_batch_size: Vec<usize>,
    /// λ of the L2 regularisation, the same in all runs
    #[arg(long, default_value_t = 0.0, value_parser = not_negative, value_name = "LAMBDA")]
    regularization: f32,
    /// Times that each run goes through the training images
    #[arg(long, default_value_t = 5, value_parser = at_least_one, value_name = "N")]
    epochs: usize,
    /// Runs of each combination, from the seeds 1 to N
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1000), value_name = "N")]
    seeds: u64,
    /// Folder of another data set: IDX files of 28 x 28 images, raw or gzip, named as MNIST's
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON object per combination
    #[arg(long)]
    json: bool,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Draw curves, or a table of colours where more than one quantity varies: SVG, or PNG if it ends in .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

/// Trains and prints the comparison.
///
/// # Errors
///
/// [`Error`] for sizes that are not on the menu, data that cannot be read, and a picture that cannot be written.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let plan = args.plan();
    for combination in &plan.combinations {
        menu::check(&combination.sizes())?;
    }
    let plot = args.plot.as_deref().map(PlotFile::prepare).transpose()?;
    let mnist = Mnist::load(args.data.as_deref())?;
    let text = !args.json && !args.csv;
    if text {
        print(&format!(
            "{} combinations, {} seeds each, {} epochs, on {} threads\n\n",
            plan.combinations.len(),
            plan.seeds,
            plan.epochs,
            rayon::current_num_threads()
        ))?;
    }
    let live = Live::new(&plan);
    let outcomes = sweep(&plan, &mnist, |run, event| live.show(run, event))?;
    live.end();
    let summaries = summarize(&plan, &outcomes);
    match (args.json, args.csv) {
        (true, _) => print_lines(&plan, &summaries, &outcomes)?,
        (_, true) => print(&csv(&summaries))?,
        _ => print(&table(&summaries))?,
    }
    if let Some(plot) = plot {
        match varying(&plan).as_slice() {
            [] | [_] => plot.write(&curves(&plan, &outcomes))?,
            [rows @ .., across] => plot.write(&heat(&plan, &summaries, rows, *across))?,
        }
        if text {
            print(&format!("\nDrew {}\n", plot.path().display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// Every combination, the mini-batch sizes changing fastest.
    fn plan(&self) -> Plan {
        let or = |given: &[usize], default| {
            if given.is_empty() {
                vec![default]
            } else {
                given.to_vec()
            }
        };
        let rates = if self.learning_rate.is_empty() {
            vec![3.0]
        } else {
            self.learning_rate.clone()
        };
        let sizes = or(&self.mini_batch_size, 10);
        let mut combinations = Vec::new();
        for hidden in or(&self.hidden, 30) {
            for &learning_rate in &rates {
                combinations.extend(sizes.iter().map(|&mini_batch_size| Combination {
                    hidden,
                    learning_rate,
                    mini_batch_size,
                }));
            }
        }
        Plan {
            combinations,
            seeds: self.seeds,
            epochs: self.epochs,
            settings: Settings {
                regularization: self.regularization,
                ..Settings::default()
            },
        }
    }
}

/// A hyper-parameter that may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Hidden,
    LearningRate,
    MiniBatchSize,
}

impl Quantity {
    fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden neurons",
            Self::LearningRate => "learning rate η",
            Self::MiniBatchSize => "mini-batch size",
        }
    }

    fn of(self, combination: &Combination) -> String {
        match self {
            Self::Hidden => combination.hidden.to_string(),
            Self::LearningRate => combination.learning_rate.to_string(),
            Self::MiniBatchSize => combination.mini_batch_size.to_string(),
        }
    }
}

/// What is not the same in all combinations.
fn varying(plan: &Plan) -> Vec<Quantity> {
    let all = [
        Quantity::Hidden,
        Quantity::LearningRate,
        Quantity::MiniBatchSize,
    ];
    let differs = |quantity: &Quantity| {
        let mut values = plan
            .combinations
            .iter()
            .map(|combination| quantity.of(combination));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    all.into_iter().filter(differs).collect()
}

/// What tells a combination from the others.
fn name(quantities: &[Quantity], combination: &Combination) -> String {
    let short = |quantity: &Quantity| match quantity {
        Quantity::Hidden => format!("{} hidden", combination.hidden),
        Quantity::LearningRate => format!("η = {}", combination.learning_rate),
        Quantity::MiniBatchSize => format!("m = {}", combination.mini_batch_size),
    };
    let all = [Quantity::Hidden, Quantity::LearningRate];
    let quantities = if quantities.is_empty() {
        all.as_slice()
    } else {
        quantities
    };
    quantities.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// A bar on standard error for each run that has begun, where that is a terminal.
struct Live {
    all: MultiProgress,
    bars: Mutex<HashMap<usize, ProgressBar>>,
    /// The one bar of many runs.
    together: Option<ProgressBar>,
    quantities: Vec<Quantity>,
    epochs: u64,
}

impl Live {
    fn new(plan: &Plan) -> Self {
        let all = MultiProgress::new();
        let runs = plan.runs().len();
        let epochs = plan.epochs as u64;
        let shown = io::stderr().is_terminal();
        let together = (runs > MOST_BARS && shown).then(|| {
            let bar = all.add(ProgressBar::new(epochs * runs as u64));
            style(&bar, "{bar:40} {pos} of {len} epochs, {eta} left");
            bar
        });
        Self {
            all,
            bars: Mutex::default(),
            together,
            quantities: varying(plan),
            epochs,
        }
    }

    fn show(&self, run: &Run, event: Event<'_>) {
        if !io::stderr().is_terminal() {
            return;
        }
        if let Some(bar) = &self.together {
            if matches!(event, Event::Epoch(..)) {
                bar.inc(1);
            }
            return;
        }
        let mut bars = self
            .bars
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let bar = bars.entry(run.number).or_insert_with(|| self.bar(run));
        match event {
            Event::Started => bar.tick(),
            Event::Epoch(done, accuracy) => {
                bar.set_position(done as u64);
                bar.set_message(format!("{:.2} %", accuracy.percent()));
            }
            Event::Ended(outcome) if outcome.diverged.is_some() => {
                bar.abandon_with_message("diverged");
            }
            Event::Ended(_) => bar.finish(),
        }
    }

    fn bar(&self, run: &Run) -> ProgressBar {
        let bar = self.all.add(ProgressBar::new(self.epochs));
        style(&bar, "{prefix:<32} {bar:24} {pos}/{len} {msg}");
        let name = name(&self.quantities, &run.combination);
        bar.set_prefix(format!("{name}, seed {}", run.seed));
        bar
    }

    fn end(&self) {
        if let Some(bar) = &self.together {
            bar.finish_and_clear();
        }
    }
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█░░"));
    }
}

/// One line for each combination; the bar goes from the lowest accuracy in tens to 100 %.
fn table(summaries: &[Summary]) -> String {
    let mut text = String::from(
        "  hidden        η      m  parameters    accuracy / %    s/epoch\n  ──────  ───────  ─────  ──────────  ──────────────  ─────────\n",
    );
    let lowest = summaries
        .iter()
        .filter_map(Summary::mean)
        .fold(100.0, f64::min);
    let floor = (lowest / 10.0).floor() * 10.0;
    for summary in summaries {
        let Combination {
            hidden,
            learning_rate,
            mini_batch_size,
        } = summary.combination;
        let accuracy = match summary.mean() {
            Some(mean) => format!("{mean:6.2} ± {:<5.2}", summary.deviation()),
            None => "diverged".into(),
        };
        let bar = summary.mean().map_or_else(String::new, |mean| {
            drawing::bar(((mean - floor) / (100.0 - floor).max(1.0)) as f32 * 0.4)
        });
        let note = match (summary.diverged, summary.percents.len()) {
            (0, _) | (_, 0) => String::new(),
            (diverged, rest) => format!("  {diverged} of {} diverged", diverged + rest),
        };
        let line = format!(
            "  {hidden:>6}  {learning_rate:>7}  {mini_batch_size:>5}  {:>10}  {accuracy:>14}  {:>9.3}  {bar}{note}",
            summary.combination.parameters(),
            summary.seconds_per_epoch
        );
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn csv(summaries: &[Summary]) -> String {
    let mut text = String::from(
        "hidden,learning_rate,mini_batch_size,parameters,runs,diverged,accuracy_mean,accuracy_deviation,seconds_per_epoch\n",
    );
    for summary in summaries {
        let Combination {
            hidden,
            learning_rate,
            mini_batch_size,
        } = summary.combination;
        let mean = summary
            .mean()
            .map_or_else(String::new, |mean| format!("{mean:.4}"));
        let deviation = summary
            .mean()
            .map_or_else(String::new, |_| format!("{:.4}", summary.deviation()));
        text += &format!(
            "{hidden},{learning_rate},{mini_batch_size},{},{},{},{mean},{deviation},{:.6}\n",
            summary.combination.parameters(),
            summary.percents.len() + summary.diverged,
            summary.diverged,
            summary.seconds_per_epoch
        );
    }
    text
}

/// A combination as one JSON object.
#[derive(Serialize)]
struct Line {
    layers: [usize; 3],
    learning_rate: f32,
    mini_batch_size: usize,
    parameters: usize,
    /// In percent; none if every run diverged.
    accuracy_mean: Option<f64>,
    accuracy_deviation: f64,
    diverged: usize,
    seconds_per_epoch: f64,
    runs: Vec<RunLine>,
}

/// A run of it.
#[derive(Serialize)]
struct RunLine {
    seed: u64,
    /// Right answers after each epoch.
    correct: Vec<usize>,
    cost: Vec<f64>,
    /// The epoch, from 0, in which it diverged.
    diverged: Option<usize>,
}

fn print_lines(plan: &Plan, summaries: &[Summary], outcomes: &[Outcome]) -> Result<(), Error> {
    for (summary, outcomes) in summaries.iter().zip(groups(plan, outcomes)) {
        let runs = (1..).zip(outcomes).map(|(seed, outcome)| RunLine {
            seed,
            correct: outcome
                .accuracies
                .iter()
                .map(|accuracy| accuracy.correct)
                .collect(),
            cost: outcome.costs.clone(),
            diverged: outcome.diverged,
        });
        print_json(&Line {
            layers: summary.combination.sizes(),
            learning_rate: summary.combination.learning_rate,
            mini_batch_size: summary.combination.mini_batch_size,
            parameters: summary.combination.parameters(),
            accuracy_mean: summary.mean(),
            accuracy_deviation: summary.deviation(),
            diverged: summary.diverged,
            seconds_per_epoch: summary.seconds_per_epoch,
            runs: runs.collect(),
        })?;
    }
    Ok(())
}

/// The outcomes of each combination.
fn groups<'a>(plan: &Plan, outcomes: &'a [Outcome]) -> impl Iterator<Item = &'a [Outcome]> {
    outcomes.chunks(usize::try_from(plan.seeds).unwrap_or(usize::MAX).max(1))
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
        title: format!("Test images, by {what}; mean of {} seeds", plan.seeds),
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

/// The accuracy at the end for every combination, one quantity across, the others down.
fn heat(plan: &Plan, summaries: &[Summary], down: &[Quantity], across: Quantity) -> Table {
    let mut columns: Vec<String> = Vec::new();
    let mut rows: Vec<(String, Vec<Cell>)> = Vec::new();
    let means: Vec<f64> = summaries.iter().filter_map(Summary::mean).collect();
    let (low, high) = means
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &mean| {
            (low.min(mean), high.max(mean))
        });
    for summary in summaries {
        let column = across.of(&summary.combination);
        if !columns.contains(&column) {
            columns.push(column);
        }
        let row = match down {
            [one] => one.of(&summary.combination),
            several => name(several, &summary.combination),
        };
        let cell = Cell {
            text: summary
                .mean()
                .map_or_else(|| "diverged".into(), |mean| format!("{mean:.2}")),
            shade: summary
                .mean()
                .map(|mean| (mean - low) / (high - low).max(f64::MIN_POSITIVE)),
        };
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
        title: format!("Accuracy on the test images after {} epochs", plan.epochs),
        across: across.name().into(),
        down: down.into(),
        columns,
        rows,
        cells,
        note: format!(
            "percent, mean of {} seeds; the darker the higher",
            plan.seeds
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(hidden: usize, percents: &[f64], diverged: usize) -> Summary {
        Summary {
            combination: Combination {
                hidden,
                learning_rate: 3.0,
                mini_batch_size: 10,
            },
            percents: percents.to_vec(),
            diverged,
            seconds_per_epoch: 0.25,
        }
    }

    #[test]
    fn a_combination_that_diverged_is_a_row_that_says_so() {
        let text = table(&[
            summary(30, &[94.0, 95.0], 0),
            summary(10, &[], 3),
            summary(20, &[91.0], 2),
        ]);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert!(lines[0].contains("94.50 ± 0.71"), "{text}");
        assert!(
            lines[1].contains("diverged") && !lines[1].contains('±'),
            "{text}"
        );
        assert!(lines[2].ends_with("2 of 3 diverged"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100));
    }

    #[test]
    fn csv_has_a_field_for_every_column() {
        let text = csv(&[summary(30, &[94.0], 0), summary(10, &[], 1)]);
        assert!(
            text.lines().all(|line| line.split(',').count() == 9),
            "{text}"
        );
        assert!(text.ends_with("10,3,10,7960,1,1,,,0.250000\n"));
    }

    #[test]
    fn two_quantities_make_a_table_of_every_combination() {
        let combination = |hidden, learning_rate| Combination {
            hidden,
            learning_rate,
            mini_batch_size: 10,
        };
        let plan = Plan {
            combinations: vec![
                combination(10, 1.0),
                combination(10, 3.0),
                combination(30, 1.0),
                combination(30, 3.0),
            ],
            seeds: 1,
            epochs: 1,
            settings: Settings::default(),
        };
        assert_eq!(varying(&plan), [Quantity::Hidden, Quantity::LearningRate]);
        let summaries: Vec<_> = plan
            .combinations
            .iter()
            .zip([90.0, 92.0, 93.0, 94.0])
            .map(|(&combination, percent)| Summary {
                combination,
                ..summary(0, &[percent], 0)
            })
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
