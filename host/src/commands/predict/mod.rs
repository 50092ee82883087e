//! `smidgen predict`: which digit a model sees in an image, and how sure it is of each.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgGroup;
use serde::Serialize;
use smidgen_core::image::ink;

use crate::commands::data::{JudgeArgs, class};
use crate::commands::drawing::{self, Style};
use crate::commands::error::Error;
use crate::commands::fit::expect_pictures;
use crate::commands::model::Model;
use crate::commands::output::{note, print, print_json};
use crate::data::About;
use crate::data::picture::{self, Doubt};
use crate::files::input;
use crate::network::{Answer, AnyNetwork, Networks};

/// An activation below it is no clear yes.
const SURE: f32 = 0.5;

mod rows;

/// Say which digit an image shows: one of the test images, or PNG files of any size, dark on light or light on dark
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("images").required(true).args(["pictures", "index"])))]
#[command(after_help = "\
Examples:
  smidgen predict digits.model --index 0
  smidgen predict digits.model three.png seven.png
  smidgen predict motions.model readings.csv
  smidgen predict digits.model three.png --json | jq .predicted")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// PNG or JPEG files of one digit each, - for standard input; for a model of readings CSV files of rows, - for standard input
    #[arg(value_name = "FILE")]
    pictures: Vec<PathBuf>,
    /// Number of an example of the model's test part, from 0
    #[arg(long, value_name = "N")]
    index: Option<usize>,
    #[command(flatten)]
    data: JudgeArgs,
    /// Print one JSON object per image
    #[arg(long)]
    json: bool,
}

/// An image and what is known of it.
struct Question {
    image: Vec<u8>,
    index: Option<usize>,
    path: Option<String>,
    actual: Option<usize>,
    doubt: Option<Doubt>,
}

impl Question {
    /// What is to be said against an answer, in words.
    fn doubt(&self, answer: &Answer, about: &About) -> Option<&'static str> {
        match self.doubt {
            None if about.rejection.is_some() => open(answer, ink(&self.image), about),
            _ if self.index.is_some() => None,
            Some(Doubt::Several) => Some("more than one digit?"),
            Some(Doubt::Unclear) => Some("not sure: it cannot be told what is ink"),
            None if !is_sure(answer) => Some("not sure"),
            None => None,
        }
    }
}

/// Why a model leaves an answer open to an input of an amount of ink, or of so many readings outside of the range; nothing if
/// it does not.
fn open(answer: &Answer, amount: u32, about: &About) -> Option<&'static str> {
    let rejection = about.rejection?.core();
    match rejection.judge(answer.class, answer.confidence, amount) {
        smidgen_core::Answer::Sure(_) => None,
        smidgen_core::Answer::Unsure(_) => Some("not sure"),
        smidgen_core::Answer::Unlike(_) => Some("unlike all that it was trained on"),
    }
}

/// Whether the highest activation is a clear yes, and the second is not.
fn is_sure(answer: &Answer) -> bool {
    let mut activations = answer.activations.clone();
    activations.sort_by(|a, b| b.total_cmp(a));
    let first = activations.first().copied().unwrap_or(0.0);
    first >= SURE
        && activations
            .get(1)
            .is_none_or(|&second| second < first / 2.0)
}

/// A question and its answer as one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    predicted: usize,
    /// Its name, where classes have names.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    /// By class, each in [0, 1].
    activations: &'a [f32],
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<usize>,
    /// What is to be said against the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'a str>,
}

/// A picture that has no answer, as one JSON object.
#[derive(Serialize)]
struct Failure<'a> {
    path: &'a str,
    error: &'a str,
}

/// Reads all images, then asks the model about each and prints its answers.
///
/// # Errors
///
/// [`Error`] for a model, data or a picture that cannot be read or are not as they should be, and for an index no test
/// image has.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    if args.index.is_none() && args.data.data.is_some() {
        return Err(Error::NoEffect {
            option: "--data",
            reason: "only --index takes an example of it",
        });
    }
    let model = Model::read(&args.model)?;
    let about = model.file.about();
    if about.is_table() {
        return predict_rows(args, &model, networks);
    }
    let size = expect_pictures(model.file.sizes(), about)?;
    let network = model.network(networks)?;
    let style = Style::of_stdout();
    if let Some(index) = args.index {
        let question = test_image(index, args, &model)?;
        return answer(&question, &*network, (about, size), style, args.json)
            .map(|()| ExitCode::SUCCESS);
    }
    let mut code = ExitCode::SUCCESS;
    for path in &args.pictures {
        match drawn(path) {
            Ok(question) => answer(&question, &*network, (about, size), style, args.json)?,
            Err(error) => {
                code = ExitCode::from(2);
                let error = error.to_string();
                note(&error);
                if args.json {
                    let path = &path.to_string_lossy();
                    print_json(&Failure {
                        path,
                        error: &error,
                    })?;
                }
            }
        }
    }
    Ok(code)
}

/// Asks the model about one image, and prints what it says.
fn answer(
    question: &Question,
    network: &dyn AnyNetwork,
    (about, size): (&About, (usize, usize)),
    style: Style,
    json: bool,
) -> Result<(), Error> {
    let answer = network.infer((&question.image).into());
    if json {
        print_json(&Line {
            index: question.index,
            path: question.path.as_deref(),
            predicted: answer.class,
            class: about.classes.get(answer.class).map(String::as_str),
            activations: &answer.activations,
            actual: question.actual,
            doubt: question.doubt(&answer, about),
        })
    } else {
        print(&text(question, &answer, (about, size), style))
    }
}

/// What a model of readings says to rows.
fn predict_rows(args: &Args, model: &Model, networks: &Networks) -> Result<ExitCode, Error> {
    let tables = match args.index {
        Some(index) => {
            let test = args.data.test(model)?.data;
            expect_index(index, test.len())?;
            vec![rows::Table::of(&test, index)]
        }
        None => rows::tables(&args.pictures, model)?,
    };
    let network = model.network(networks)?;
    for table in tables {
        table.answer(&*network, model.file.about(), args.json)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn expect_index(index: usize, total: usize) -> Result<(), Error> {
    if index < total {
        Ok(())
    } else {
        Err(Error::NoImage { index, total })
    }
}

fn test_image(index: usize, args: &Args, model: &Model) -> Result<Question, Error> {
    let test = args.data.test(model)?.data;
    expect_index(index, test.len())?;
    Ok(Question {
        image: test.image(index),
        index: Some(index),
        path: None,
        actual: Some(test.label(index)),
        doubt: None,
    })
}

fn drawn(path: &Path) -> Result<Question, Error> {
    let bytes = if path.as_os_str() == "-" {
        input::read_from(std::io::stdin(), path, "picture")?
    } else {
        input::read(path, "picture")?
    };
    let drawing = picture::decode(&bytes).map_err(|source| Error::Picture {
        path: path.into(),
        source,
    })?;
    Ok(Question {
        image: drawing.image.to_vec(),
        index: None,
        path: Some(path.display().to_string()),
        actual: None,
        doubt: drawing.doubt,
    })
}

fn text(
    question: &Question,
    answer: &Answer,
    (about, size): (&About, (usize, usize)),
    style: Style,
) -> String {
    let mut text = String::new();
    if let Some(path) = &question.path {
        text.push_str(&format!("{path}\n"));
    }
    text.push_str(&drawing::image(&question.image, size, style));
    text.push('\n');
    let names: Vec<_> = (0..answer.activations.len())
        .map(|i| class(about, i))
        .collect();
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or(1);
    for (i, (&activation, name)) in answer.activations.iter().zip(&names).enumerate() {
        let bar = format!(
            "{name:<width$}  {activation:.3}  {}",
            drawing::bar(activation)
        );
        let bar = bar.trim_end();
        text.push_str(&if i == answer.class {
            style.bold(bar)
        } else {
            bar.into()
        });
        text.push('\n');
    }
    // Writing to a string does not fail.
    let _ = match question.actual {
        Some(actual) => writeln!(
            text,
            "Predicted: {}, Actual: {}",
            class(about, answer.class),
            class(about, actual)
        ),
        None => writeln!(text, "Predicted: {}", class(about, answer.class)),
    };
    if let Some(doubt) = question.doubt(answer, about) {
        let _ = writeln!(text, "{doubt}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(actual: Option<usize>) -> Question {
        Question {
            image: vec![255; 784],
            index: None,
            path: None,
            actual,
            doubt: None,
        }
    }

    fn answer() -> Answer {
        let mut activations = vec![0.0; 10];
        activations[7] = 0.5;
        Answer {
            class: 7,
            activations,
            ranking: Vec::new(),
            bits: Vec::new(),
            confidence: 0.5,
        }
    }

    #[test]
    fn plain_text_has_no_escapes_and_ends_with_the_answer() {
        let about = (&About::default(), (28, 28));
        let text = text(&question(Some(9)), &answer(), about, Style::Plain);
        assert!(!text.contains('\x1b'));
        assert!(text.starts_with(&"█".repeat(28)));
        assert!(text.contains("\n7  0.500  ███████████████\n8  0.000\n"));
        assert!(text.ends_with("\nPredicted: 7, Actual: 9\n"));
    }

    #[test]
    fn a_picture_has_no_actual_digit() {
        let about = (&About::default(), (28, 28));
        let text = text(&question(None), &answer(), about, Style::Colour);
        assert!(text.contains('\x1b'));
        assert!(text.ends_with("\nPredicted: 7\n"));
    }
}
