//! `smidgen sweep`: trains every combination of some hyper-parameters on all cores, and compares them.

use std::process::ExitCode;

use clap::ArgGroup;

use self::live::Live;
use self::pictures::PictureArgs;
use self::plan::counted;
use self::report::{csv, print_lines, table};
use super::data::DataArgs;
use super::error::Error;
use super::fit::{choose, expect_fit};
use super::numbers::{Layers, at_least_one, not_negative, positive, sizes};
use super::output::{note, print};
use super::signals::Signals;
use crate::evaluation::chance;
use crate::files::outputs::Outputs;
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
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["hidden", "layers", "learning_rate", "mini_batch_size"])))]
#[command(after_help = "\
Examples:
  smidgen sweep --hidden 10,30,100,300                   how large a hidden layer?
  smidgen sweep --learning-rate 0.1,1,3,10,30            how large a step?
  smidgen sweep --layers 784,30,10 --layers 784,30,30,10 deeper or not?
  smidgen sweep --hidden 30,100 --learning-rate 1,3,10 --plot sweep.svg
  smidgen sweep --hidden 10,30 --csv > sweep.csv")]
pub struct Args {
    /// Sizes of the hidden layer [default: 30]
    #[arg(long, value_delimiter = ',', value_parser = at_least_one, value_name = "SIZES")]
    hidden: Vec<usize>,
    /// Sizes of all layers, once for each network; a semicolon between several
    #[arg(long, value_delimiter = ';', value_parser = sizes, conflicts_with = "hidden", value_name = "SIZES")]
    layers: Vec<Layers>,
    /// Values of η [default: 3]
    #[arg(long, value_delimiter = ',', value_parser = positive, allow_negative_numbers = true, value_name = "ETAS")]
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
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object per combination
    #[arg(long)]
    json: bool,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    pictures: PictureArgs,
    /// Replace whatever is there
    #[arg(long)]
    force: bool,
}

/// Trains and prints the comparison.
///
/// # Errors
///
/// [`Error`] for sizes that were not compiled, data that cannot be read, and a picture that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    for Layers(sizes) in &args.layers {
        networks.check(sizes)?;
    }
    let pictures = args.pictures.prepare(&mut Outputs::new(args.force))?;
    let signals = Signals::watch().map_err(Error::Interrupt)?;
    // The split of a table is the same for all runs.
    let mut data = args.data.load(1)?;
    data.warnings.iter().for_each(|warning| note(warning));
    let (training, about) = (&data.parts.training, &data.about);
    let plan = args.plan(&choose(&[784, 30, 10], networks, training, about)?);
    for combination in &plan.combinations {
        networks.check(&combination.sizes)?;
        expect_fit(&combination.sizes, training, about)?;
        let (size, examples) = (combination.mini_batch_size, training.len());
        if size > examples && !args.mini_batch_size.is_empty() {
            return Err(Error::LargeMiniBatch { size, examples });
        }
    }
    let classes = plan.combinations.iter().filter_map(|one| one.sizes.last());
    data.parts.widen(classes.max().copied().unwrap_or(0));
    let parts = data.parts;
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
    let outcomes = sweep(
        &plan,
        networks,
        &parts,
        |run, event| live.show(run, event),
        || signals.came(),
    )?;
    live.end();
    let summaries = summarize(&plan, &outcomes);
    match (args.json, args.csv) {
        (true, _) => print_lines(&plan, &summaries, &outcomes)?,
        (_, true) => print(&csv(&summaries))?,
        _ => print(&table(
            &summaries,
            (chance::most_frequent(&parts.test), parts.test.len()),
        ))?,
    }
    pictures.draw((&plan, &summaries, &outcomes, text))?;
    if signals.came() {
        let done = outcomes.iter().filter(|outcome| !outcome.stopped).count();
        note(&format!(
            "interrupted; {done} of {} runs are done",
            outcomes.len()
        ));
        return Ok(signals.exit_code());
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// Every combination, the mini-batch sizes changing fastest; `usual` are the sizes where none are given.
    fn plan(&self, usual: &[usize]) -> Plan {
        let mut combinations = Vec::new();
        for sizes in self.sizes(usual) {
            for learning_rate in values(&self.learning_rate, 3.0) {
                for mini_batch_size in values(&self.mini_batch_size, 10) {
                    combinations.push(Combination {
                        sizes: sizes.clone(),
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

impl Args {
    /// The sizes of the networks, each once.
    fn sizes(&self, usual: &[usize]) -> Vec<Vec<usize>> {
        let ends = (usual.first(), usual.last());
        let [inputs, classes] = [ends.0, ends.1].map(|size| size.copied().unwrap_or(0));
        let hidden = values(&self.hidden, 0)
            .into_iter()
            .filter(|&hidden| hidden > 0);
        let mut sizes: Vec<_> = hidden.map(|hidden| vec![inputs, hidden, classes]).collect();
        for Layers(given) in &self.layers {
            if !sizes.contains(given) {
                sizes.push(given.clone());
            }
        }
        if sizes.is_empty() {
            sizes.push(usual.to_vec());
        }
        sizes
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
