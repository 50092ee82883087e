//! `smidgen sweep`: trains every combination of some hyper-parameters on all cores, and compares them.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgGroup;

use self::live::Live;
use self::pictures::PictureArgs;
use self::plan::counted;
use self::report::{csv, print_lines, table};
use super::error::Error;
use super::fit::expect_fit;
use super::numbers::{at_least_one, not_negative, positive};
use super::output::print;
use crate::data::Parts;
use crate::network::Networks;
use crate::sweep::{Combination, Plan, summarize, sweep};
use crate::training::Settings;

mod live;
#[cfg(feature = "plots")]
mod pictures;
mod plan;
mod report;

#[cfg(not(feature = "plots"))]
use super::no_pictures as pictures;

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
    #[command(flatten)]
    pictures: PictureArgs,
}

/// Trains and prints the comparison.
///
/// # Errors
///
/// [`Error`] for sizes that were not compiled, data that cannot be read, and a picture that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let plan = args.plan();
    for combination in &plan.combinations {
        networks.check(&combination.sizes())?;
    }
    let pictures = args.pictures.prepare()?;
    let parts = Parts::load(args.data.as_deref())?;
    for combination in &plan.combinations {
        expect_fit(&combination.sizes(), &parts.training)?;
    }
    let text = !args.json && !args.csv;
    if text {
        print(&format!(
            "{}, {} each, {}, on {}\n\n",
            counted(plan.combinations.len(), "combination"),
            counted(plan.seeds as usize, "seed"),
            counted(plan.epochs, "epoch"),
            counted(rayon::current_num_threads(), "thread")
        ))?;
    }
    let live = Live::new(&plan);
    let outcomes = sweep(&plan, networks, &parts, |run, event| live.show(run, event))?;
    live.end();
    let summaries = summarize(&plan, &outcomes);
    match (args.json, args.csv) {
        (true, _) => print_lines(&plan, &summaries, &outcomes)?,
        (_, true) => print(&csv(&summaries))?,
        _ => print(&table(&summaries))?,
    }
    pictures.draw((&plan, &summaries, &outcomes, text))?;
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// Every combination, the mini-batch sizes changing fastest.
    fn plan(&self) -> Plan {
        let mut combinations = Vec::new();
        for hidden in values(&self.hidden, 30) {
            for learning_rate in values(&self.learning_rate, 3.0) {
                for mini_batch_size in values(&self.mini_batch_size, 10) {
                    combinations.push(Combination {
                        hidden,
                        learning_rate,
                        mini_batch_size,
                    });
                }
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

/// What was given, each value once, or else the default.
fn values<T: Copy + PartialEq>(given: &[T], default: T) -> Vec<T> {
    if given.is_empty() {
        return vec![default];
    }
    let mut values = Vec::new();
    for &value in given {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn a_value_given_twice_counts_once() {
        assert_eq!(values(&[30, 10, 30], 5), [30, 10]);
        assert_eq!(values(&[], 5), [5]);
    }
}
