//! `smidgen predict`: which digit a model sees in an image, and how sure it is of each.

use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgGroup;
use serde::Serialize;

use super::drawing::{self, Style};
use super::error::Error;
use super::fit::expect_pictures;
use super::model::Model;
use super::output::{print, print_json};
use crate::data::{load_test, picture};
use crate::files::FileError;
use crate::network::{Answer, Networks};

/// Say which digit an image shows: one of the test images, or PNG files of any size, dark on light or light on dark
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("images").required(true).args(["pictures", "index"])))]
#[command(after_help = "\
Examples:
  smidgen predict digits.model --index 0
  smidgen predict digits.model three.png seven.png
  smidgen predict digits.model three.png --json | jq .predicted")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// PNG files of one digit each
    #[arg(value_name = "FILE.png")]
    pictures: Vec<PathBuf>,
    /// Number of a test image, from 0
    #[arg(long, value_name = "N")]
    index: Option<usize>,
    /// Folder of another data set for --index: IDX files of 28 x 28 images, raw or gzip, named as MNIST's
    #[arg(long, conflicts_with = "pictures", value_name = "DIR")]
    data: Option<PathBuf>,
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
}

/// A question and its answer as one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    predicted: usize,
    /// By class, each in [0, 1].
    activations: &'a [f32],
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<usize>,
}

/// Reads all images, then asks the model about each and prints its answers.
///
/// # Errors
///
/// [`Error`] for a model, data or a picture that cannot be read or are not as they should be, and for an index no test
/// image has.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let model = Model::read(&args.model)?;
    let questions = match args.index {
        Some(index) => vec![test_image(index, args.data.as_deref())?],
        None => args
            .pictures
            .iter()
            .map(|path| drawn(path))
            .collect::<Result<_, _>>()?,
    };
    let network = model.network(networks)?;
    expect_pictures(model.file.sizes())?;
    let style = Style::of_stdout();
    for question in &questions {
        let answer = network.infer(&question.image);
        if args.json {
            print_json(&Line {
                index: question.index,
                path: question.path.as_deref(),
                predicted: answer.class,
                activations: &answer.activations,
                actual: question.actual,
            })?;
        } else {
            print(&text(question, &answer, style))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn test_image(index: usize, directory: Option<&Path>) -> Result<Question, Error> {
    let test = load_test(directory)?;
    if index >= test.len() {
        return Err(Error::NoImage {
            index,
            total: test.len(),
        });
    }
    Ok(Question {
        image: test.image(index),
        index: Some(index),
        path: None,
        actual: Some(test.label(index)),
    })
}

fn drawn(path: &Path) -> Result<Question, Error> {
    let file = File::open(path).map_err(|source| FileError::read(path, source))?;
    let image = picture::decode(BufReader::new(file)).map_err(|source| Error::Picture {
        path: path.into(),
        source,
    })?;
    Ok(Question {
        image: image.to_vec(),
        index: None,
        path: Some(path.display().to_string()),
        actual: None,
    })
}

fn text(question: &Question, answer: &Answer, style: Style) -> String {
    let mut text = String::new();
    if let Some(path) = &question.path {
        text.push_str(&format!("{path}\n"));
    }
    text.push_str(&drawing::image(&question.image, style));
    text.push('\n');
    for (class, &activation) in answer.activations.iter().enumerate() {
        let bar = format!("{class}  {activation:.3}  {}", drawing::bar(activation));
        let bar = bar.trim_end();
        text.push_str(&if class == answer.class {
            style.bold(bar)
        } else {
            bar.into()
        });
        text.push('\n');
    }
    // Writing to a string does not fail.
    let _ = match question.actual {
        Some(actual) => writeln!(text, "Predicted: {}, Actual: {actual}", answer.class),
        None => writeln!(text, "Predicted: {}", answer.class),
    };
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
        }
    }

    #[test]
    fn plain_text_has_no_escapes_and_ends_with_the_answer() {
        let text = text(&question(Some(9)), &answer(), Style::Plain);
        assert!(!text.contains('\x1b'));
        assert!(text.starts_with(&"█".repeat(28)));
        assert!(text.contains("\n7  0.500  ███████████████\n8  0.000\n"));
        assert!(text.ends_with("\nPredicted: 7, Actual: 9\n"));
    }

    #[test]
    fn a_picture_has_no_actual_digit() {
        let text = text(&question(None), &answer(), Style::Colour);
        assert!(text.contains('\x1b'));
        assert!(text.ends_with("\nPredicted: 7\n"));
    }
}
