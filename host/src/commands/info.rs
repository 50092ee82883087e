//! `smidgen info`: what a model file says of itself.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::error::Error;
use super::model::Model;
use super::output::{print, print_json};
use crate::data::{Origin, Rejection};

/// Say what a model file holds and how it was trained
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen info digits.model
  smidgen info digits.model --json | jq .layers")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What there is to say of a model file.
#[derive(Serialize)]
struct Info<'a> {
    path: String,
    layers: &'a [usize],
    /// `f32` or `i8`.
    element: &'static str,
    parameters: usize,
    bytes: usize,
    crc32: String,
    note: &'a str,
    /// By name; none if they have numbers.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    classes: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    columns: &'a [String],
    #[serde(skip_serializing_if = "<[u16]>::is_empty")]
    shape: &'a [u16],
    /// `readings` or `i16`, what is scaled.
    #[serde(skip_serializing_if = "Option::is_none")]
    scaling: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Origin>,
    /// When an answer is left open.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<Rejection>,
    /// The same in words.
    #[serde(skip)]
    open: Option<String>,
}

/// Reads and checks the file and describes it.
///
/// # Errors
///
/// [`Error`] for a file that is no model or is damaged.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let Model { file, .. } = Model::read(&args.model)?;
    let about = file.about();
    let info = Info {
        path: args.model.display().to_string(),
        layers: file.sizes(),
        element: file.element_name(),
        parameters: file.parameters(),
        bytes: file.bytes().len(),
        crc32: format!("{:08x}", file.crc32()),
        note: file.note(),
        classes: &about.classes,
        columns: &about.columns,
        shape: &about.shape,
        scaling: about
            .scaling
            .as_ref()
            .map(|scaling| match scaling.integers {
                true => "i16",
                false => "readings",
            }),
        data: about.origin.as_ref(),
        rejection: about.rejection,
        open: about
            .rejection
            .map(|rejection| rejection.words(file.element())),
    };
    if args.json {
        print_json(&info)?;
    } else {
        print(&text(&info))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(info: &Info) -> String {
    let layers: Vec<_> = info.layers.iter().map(ToString::to_string).collect();
    // A note comes with the file, so it must not steer the terminal.
    let tame = |text: &str| text.replace(char::is_control, " ");
    let note = tame(info.note);
    let mut text = format!(
        "{}\n  layers      {}\n  numbers     {}\n  parameters  {}\n  bytes       {}\n  crc32       {}\n  note        {}\n",
        info.path,
        layers.join(" → "),
        info.element,
        info.parameters,
        info.bytes,
        info.crc32,
        if note.is_empty() { "none" } else { &note },
    );
    let mut line = |name: &str, words: String| text += &format!("  {name:<12}{}\n", tame(&words));
    if !info.classes.is_empty() {
        line("classes", info.classes.join(", "));
    }
    if !info.columns.is_empty() {
        line("columns", info.columns.join(", "));
    }
    if !info.shape.is_empty() {
        let sizes: Vec<_> = info.shape.iter().map(ToString::to_string).collect();
        line("shape", sizes.join(" x "));
    }
    match info.scaling {
        Some("i16") => line("scaling", "of integers of 16 bits".into()),
        Some(_) => line("scaling", "of readings".into()),
        None => {}
    }
    if let Some(origin) = info.data {
        line("data", origin.words());
    }
    if let Some(confidence) = &info.open {
        line(
            "left open",
            format!("answers below a confidence of {confidence}"),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_cannot_steer_the_terminal() {
        let info = Info {
            path: "digits.model".into(),
            layers: &[784, 30, 10],
            element: "f32",
            parameters: 23_860,
            bytes: 95_500,
            crc32: "0000beef".into(),
            note: "one\x1b[2Jtwo\nthree",
            classes: &["a\x1b[2Jb".into(), "c".into()],
            columns: &[],
            shape: &[28, 28],
            scaling: None,
            data: None,
            rejection: None,
            open: None,
        };
        let text = text(&info);
        assert!(text.contains("784 → 30 → 10") && text.contains("0000beef"));
        assert!(text.contains("one [2Jtwo three"));
        assert!(text.contains("classes     a [2Jb, c") && text.contains("shape       28 x 28"));
    }
}
