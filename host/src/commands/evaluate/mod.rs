//! `smidgen evaluate`: how well a model does on the test images, and what it takes for what.

use std::cmp::Reverse;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::Cost;

use super::data::{JudgeArgs, class};
use super::error::Error;
use super::fit::expect_fit;
use super::model::Model;
use super::output::{print, print_json};
use crate::data::About;
use crate::evaluation::{Evaluation, Scores, evaluate};
use crate::files::outputs::Outputs;
use crate::network::Networks;

#[cfg(feature = "plots")]
mod pictures;
#[cfg(not(feature = "plots"))]
use super::no_pictures as pictures;

mod rejection;

use pictures::PictureArgs;
use rejection::RejectionArgs;

/// Characters of a class's name that a table shows at most.
const MOST_NAME: usize = 16;

/// Pairs of classes that are named as confused most often.
const WORST: usize = 5;

/// Run all test images through a model: accuracy, mean cost, and which digits it confuses
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen evaluate digits.model
  smidgen evaluate fashion.model --data fashion
  smidgen evaluate digits.model --plot confusion.svg --mistakes mistakes.png
  smidgen evaluate digits.model --reject 1%
  smidgen evaluate digits.model --json | jq .correct")]
pub struct Args {
    /// The model file
    model: PathBuf,
    #[command(flatten)]
    data: JudgeArgs,
    #[command(flatten)]
    rejection: RejectionArgs,
    #[command(flatten)]
    pictures: PictureArgs,
    /// Replace whatever is there
    #[arg(long)]
    force: bool,
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
    /// By name, where they have names.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    classes: &'a [String],
    /// `confusion[label][answer]`.
    confusion: &'a [Vec<u32>],
    most_confused: Vec<Confused>,
    /// Precision, recall and F1 of each class, their means, and the balanced accuracy, each in [0, 1] or null.
    scores: Scores,
    /// What is left open, if the model may leave answers open.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<rejection::Line>,
}

/// Evaluates the model and prints the result.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read or are not as they should be.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let mut outputs = Outputs::new(args.force).reading(&args.model);
    let pictures = args.pictures.prepare(&mut outputs)?;
    let choice = args
        .rejection
        .prepare(&args.model, args.force, &mut outputs)?;
    let model = Model::read(&args.model)?;
    let network = model.network(networks)?;
    let about = model.file.about();
    let mut test = args.data.test(&model)?.data;
    expect_fit(model.file.sizes(), &test, about)?;
    test.widen(model.file.sizes().last().copied().unwrap_or(0));
    let evaluation = evaluate(&*network, Cost::Quadratic, &test);
    let rejection = match choice {
        Some(choice) => Some(choice.make(&model, &*network, &args.data, &test)?),
        None => rejection::stored(&model, &*network, &test),
    };
    pictures.draw((&model, &*network, &test, &evaluation))?;
    if args.json {
        print_json(&Line {
            correct: evaluation.accuracy.correct,
            total: evaluation.accuracy.total,
            cost: evaluation.cost,
            classes: &about.classes,
            confusion: &evaluation.confusion,
            most_confused: most_confused(&evaluation.confusion),
            scores: Scores::of(&evaluation.confusion),
            rejection,
        })?;
    } else {
        let open = rejection.map_or_else(String::new, |line| line.text(&model));
        print(&(text(&evaluation, about) + &open))?;
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

fn text(evaluation: &Evaluation, about: &About) -> String {
    let accuracy = evaluation.accuracy;
    let mut text = format!(
        "{} / {} = {:.2}%, mean cost {:.4}\n\n",
        accuracy.correct,
        accuracy.total,
        accuracy.percent(),
        evaluation.cost,
    );
    push_table(&mut text, &evaluation.confusion, about);
    push_scores(&mut text, &Scores::of(&evaluation.confusion), about);
    let worst = most_confused(&evaluation.confusion);
    if !worst.is_empty() {
        text.push_str("\nMost often confused:\n");
    }
    for pair in worst {
        // Writing to a string does not fail, here and below.
        let _ = writeln!(
            text,
            "  {} taken for {}: {}",
            class(about, pair.label),
            class(about, pair.answer),
            pair.count
        );
    }
    text
}

/// One line for each label with the numbers of images by answer; a dot where there are none.
fn push_table(text: &mut String, confusion: &[Vec<u32>], about: &About) {
    let names: Vec<_> = (0..confusion.len()).map(|i| class(about, i)).collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let first = longest.unwrap_or(0).clamp(6, MOST_NAME);
    // Names that are wider than a number of six places make the columns wider.
    let across = longest.map_or(6, |longest| (longest + 2).clamp(6, MOST_NAME));
    let cut = |name: &str, width| name.chars().take(width).collect::<String>();
    let _ = write!(text, "{:>first$} │ answer\n{:first$} │", "label", "");
    for name in &names {
        let _ = write!(text, "{:>across$}", cut(name, across - 1));
    }
    let lines = ("─".repeat(first + 1), "─".repeat(across * confusion.len()));
    let _ = writeln!(text, "\n{}┼{}", lines.0, lines.1);
    for (name, answers) in names.iter().zip(confusion) {
        let _ = write!(text, "{:>first$} │", cut(name, first));
        for &count in answers {
            let _ = match count {
                0 => write!(text, "{:>across$}", "·"),
                count => write!(text, "{count:>across$}"),
            };
        }
        text.push('\n');
    }
}

/// Precision, recall and F1 in percent: a line for each class, and their means; a dot where nothing can be said.
fn push_scores(text: &mut String, scores: &Scores, about: &About) {
    let names: Vec<_> = (0..scores.classes.len())
        .map(|i| class(about, i).chars().take(MOST_NAME).collect::<String>())
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let first = longest.unwrap_or(0).clamp(6, MOST_NAME);
    let percent =
        |value: Option<f64>| value.map_or("·".into(), |value| format!("{:.2}%", 100.0 * value));
    let _ = writeln!(
        text,
        "\n{:>first$} │ precision    recall        F1\n{}┼{}",
        "class",
        "─".repeat(first + 1),
        "─".repeat(30)
    );
    let rows = names.iter().map(String::as_str).zip(&scores.classes);
    for (name, score) in rows.chain([("mean", &scores.mean)]) {
        let [precision, recall, f1] = [score.precision, score.recall, score.f1].map(percent);
        let _ = writeln!(text, "{name:>first$} │{precision:>10}{recall:>10}{f1:>10}");
    }
    let balanced = percent(scores.balanced_accuracy);
    let _ = writeln!(text, "Balanced accuracy: {balanced}");
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
        let text = text(&evaluation(), &About::default());
        assert!(text.starts_with("900 / 910 = 98.90%, mean cost 0.0500\n"));
        assert!(
            text.contains("     4 │     ·     ·     ·     ·    90     ·     ·     ·     ·     7\n")
        );
        assert!(
            text.contains("     4 │    96.77%    92.78%    94.74%\n"),
            "{text}"
        );
        assert!(text.contains("\nBalanced accuracy: "), "{text}");
        assert!(text.ends_with("  4 taken for 9: 7\n  9 taken for 4: 3\n"));
    }
}
