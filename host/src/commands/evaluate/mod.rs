//! `smidgen evaluate`: how well a model does on the test images, and what it takes for what.

use std::cmp::Reverse;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::Cost;

use super::error::Error;
use super::fit::expect_fit;
use super::model::Model;
use super::output::{print, print_json};
use crate::data::load_test;
use crate::evaluation::{Evaluation, evaluate};
use crate::network::Networks;

#[cfg(feature = "plots")]
mod pictures;
#[cfg(not(feature = "plots"))]
use super::no_pictures as pictures;

use pictures::PictureArgs;

/// Pairs of classes that are named as confused most often.
const WORST: usize = 5;

/// Run all test images through a model: accuracy, mean cost, and which digits it confuses
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen evaluate digits.model
  smidgen evaluate fashion.model --data fashion
  smidgen evaluate digits.model --plot confusion.svg --mistakes mistakes.png
  smidgen evaluate digits.model --json | jq .correct")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Folder of another data set: IDX files of 28 x 28 images, raw or gzip, named as MNIST's
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    pictures: PictureArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A class that was taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Confused {
    label: usize,
    answer: usize,
    count: u32,
}

/// The evaluation as one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    correct: usize,
    total: usize,
    cost: f64,
    /// `confusion[label][answer]`.
    confusion: &'a [Vec<u32>],
    most_confused: Vec<Confused>,
}

/// Evaluates the model and prints the result.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read or are not as they should be.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let pictures = args.pictures.prepare()?;
    let model = Model::read(&args.model)?;
    let test = load_test(args.data.as_deref())?;
    let network = model.network(networks)?;
    expect_fit(model.file.sizes(), &test)?;
    let evaluation = evaluate(&*network, Cost::Quadratic, &test);
    pictures.draw((&model.name(), &*network, &test, &evaluation))?;
    if args.json {
        print_json(&Line {
            correct: evaluation.accuracy.correct,
            total: evaluation.accuracy.total,
            cost: evaluation.cost,
            confusion: &evaluation.confusion,
            most_confused: most_confused(&evaluation.confusion),
        })?;
    } else {
        print(&text(&evaluation))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The pairs confused most often, worst first.
fn most_confused(confusion: &[Vec<u32>]) -> Vec<Confused> {
    let pairs = confusion.iter().enumerate().flat_map(|(label, answers)| {
        let answers = answers.iter().enumerate();
        answers.map(move |(answer, &count)| Confused {
            label,
            answer,
            count,
        })
    });
    let mut wrong: Vec<_> = pairs
        .filter(|pair| pair.label != pair.answer && pair.count > 0)
        .collect();
    wrong.sort_by_key(|pair| Reverse(pair.count));
    wrong.truncate(WORST);
    wrong
}

fn text(evaluation: &Evaluation) -> String {
    let accuracy = evaluation.accuracy;
    let mut text = format!(
        "{} / {} = {:.2}%, mean cost {:.4}\n\n",
        accuracy.correct,
        accuracy.total,
        accuracy.percent(),
        evaluation.cost,
    );
    push_table(&mut text, &evaluation.confusion);
    let worst = most_confused(&evaluation.confusion);
    if !worst.is_empty() {
        text.push_str("\nMost often confused:\n");
    }
    for pair in worst {
        // Writing to a string does not fail, here and below.
        let _ = writeln!(
            text,
            "  {} taken for {}: {}",
            pair.label, pair.answer, pair.count
        );
    }
    text
}

/// One line for each label with the numbers of images by answer; a dot where there are none.
fn push_table(text: &mut String, confusion: &[Vec<u32>]) {
    text.push_str(" label │ answer\n       │");
    for class in 0..confusion.len() {
        let _ = write!(text, "{class:>6}");
    }
    let _ = writeln!(text, "\n───────┼{}", "─".repeat(6 * confusion.len()));
    for (label, answers) in confusion.iter().enumerate() {
        let _ = write!(text, "{label:>6} │");
        for &count in answers {
            let _ = match count {
                0 => write!(text, "     ·"),
                count => write!(text, "{count:>6}"),
            };
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Accuracy;

    fn evaluation() -> Evaluation {
        let mut confusion = vec![vec![0; 10]; 10];
        for (class, answers) in confusion.iter_mut().enumerate() {
            answers[class] = 90;
        }
        confusion[4][9] = 7;
        confusion[9][4] = 3;
        Evaluation {
            accuracy: Accuracy {
                correct: 900,
                total: 910,
            },
            cost: 0.05,
            confusion,
        }
    }

    #[test]
    fn the_worst_pair_comes_first_and_right_answers_are_none() {
        let worst = most_confused(&evaluation().confusion);
        let pairs: Vec<_> = worst.iter().map(|w| (w.label, w.answer, w.count)).collect();
        assert_eq!(pairs, [(4, 9, 7), (9, 4, 3)]);
    }

    #[test]
    fn the_text_has_accuracy_table_and_pairs() {
        let text = text(&evaluation());
        assert!(text.starts_with("900 / 910 = 98.90%, mean cost 0.0500\n"));
        assert!(
            text.contains("     4 │     ·     ·     ·     ·    90     ·     ·     ·     ·     7\n")
        );
        assert!(text.ends_with("  4 taken for 9: 7\n  9 taken for 4: 3\n"));
    }
}
