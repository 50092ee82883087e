//! `smidgen info`: what a model file says of itself.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::model::ELEMENT_I8;

use super::error::Error;
use super::model::Model;
use super::output::{print, print_json};

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
}

/// Reads and checks the file and describes it.
///
/// # Errors
///
/// [`Error`] for a file that is no model or is damaged.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let Model { file, .. } = Model::read(&args.model)?;
    let info = Info {
        path: args.model.display().to_string(),
        layers: file.sizes(),
        element: match file.element() {
            ELEMENT_I8 => "i8",
            _ => "f32",
        },
        parameters: file.parameters(),
        bytes: file.bytes().len(),
        crc32: format!("{:08x}", file.crc32()),
        note: file.note(),
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
    let note = info.note.replace(char::is_control, " ");
    format!(
        "{}\n  layers      {}\n  numbers     {}\n  parameters  {}\n  bytes       {}\n  crc32       {}\n  note        {}\n",
        info.path,
        layers.join(" → "),
        info.element,
        info.parameters,
        info.bytes,
        info.crc32,
        if note.is_empty() { "none" } else { &note },
    )
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
        };
        let text = text(&info);
        assert!(text.contains("784 → 30 → 10") && text.contains("0000beef"));
        assert!(text.contains("one [2Jtwo three"));
    }
}
