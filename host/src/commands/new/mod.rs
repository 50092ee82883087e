//! `smidgen new`: a project of someone's own, a trainer with its data and the firmware that goes with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use self::firmware::{Kind, list};
use self::origin::{DataOrigin, FOLDER};
use self::target::{Target, target};
use self::template::{FILES, fill};
use super::data::DataArgs;
use super::error::Error;
use super::numbers::at_least_one;
use super::output::{note, print, print_json};
use crate::data::Loaded;
use crate::files::FileError;

mod firmware;
mod name;
mod origin;
mod source;
pub mod target;
mod template;

/// Hidden neurons for a table if none are given, and for the book's digits.
const HIDDEN: [usize; 2] = [12, 30];

/// Start a project of your own: a trainer for your data, and the firmware for your processor
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen new fan --data readings.csv
  smidgen new fan --data readings.csv --class state --hidden 24,12 --target thumbv6m-none-eabi
  smidgen new digits --digits")]
pub struct Args {
    /// The folder to make; its last part is the name of the project
    name: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Take the handwritten digits of the book for data
    #[arg(long, conflicts_with = "data")]
    digits: bool,
    /// Neurons of the hidden layers [default: 12, with --digits 30]
    #[arg(long, value_delimiter = ',', value_parser = at_least_one, value_name = "SIZES")]
    hidden: Option<Vec<usize>>,
    /// The processor of the firmware
    #[arg(long, default_value = "thumbv7em-none-eabihf", value_parser = target, value_name = "TARGET")]
    target: &'static Target,
    /// Make the network in flash one of 8-bit integers, as it always is where the processor has no floating-point unit
    #[arg(long)]
    integers: bool,
    /// A checkout of smidgen to build with [default: that of this program if there is one, else its version]
    #[arg(long, value_name = "DIR")]
    smidgen: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What was made.
#[derive(Debug, Serialize)]
struct New<'a> {
    folder: &'a Path,
    layers: &'a [usize],
    target: &'static str,
    /// `f32` or `i8`, what the firmware's model is.
    element: &'static str,
    /// From the data to the firmware, to be typed in the folder.
    commands: &'a [String; 3],
}

/// Looks at the data and writes the project.
///
/// # Errors
///
/// [`Error`] for a name that no project can have, a folder that is there already, data that are not as they should be, and
/// files that cannot be written.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let name = args.project_name()?;
    let [host, core] = source::dependencies(args.smidgen.as_deref())?;
    let data = args.data.load(1)?;
    data.warnings.iter().for_each(|warning| note(warning));
    let layers = args.layers(&data);
    let integers = args.integers || !args.target.floats;
    let origin = DataOrigin::of(&args.data)?;
    let commands = args.commands(&name, &origin, integers);
    let typed = commands.each_ref().map(|line| format!("$ {line}"));
    let mut places = vec![
        ("name", name.clone()),
        ("smidgen", host),
        ("core", core),
        ("layers", list(&layers)),
        ("other_layers", list(&wider(&layers))),
        ("commands", typed.join("\n")),
    ];
    places.extend(target_places(args.target));
    places.extend(Kind::new(&name, &layers, integers, &data.about).places());
    write(&args.name, &places, &origin)?;
    let new = New {
        folder: &args.name,
        layers: &layers,
        target: args.target.triple,
        element: if integers { "i8" } else { "f32" },
        commands: &commands,
    };
    if args.json {
        print_json(&new)?;
    } else {
        print(&text(&new))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// The name of the project, if it can be made at all.
    fn project_name(&self) -> Result<String, Error> {
        let name = self.name.file_name().unwrap_or_default().to_string_lossy();
        if let Some(fault) = name::fault(&name) {
            return Err(Error::ProjectName {
                name: name.into(),
                fault,
            });
        }
        if self.name.exists() {
            return Err(Error::ProjectThere {
                path: self.name.clone(),
            });
        }
        if self.data.data.is_none() && !self.digits {
            return Err(Error::NoData);
        }
        Ok(name.into())
    }

    /// From the inputs of the data to their classes.
    fn layers(&self, data: &Loaded) -> Vec<usize> {
        let training = &data.parts.training;
        let [table, digits] = HIDDEN;
        let usual = || vec![if self.digits { digits } else { table }];
        let hidden = self.hidden.clone().unwrap_or_else(usual);
        let classes = data.about.classes.len().max(training.classes());
        [vec![training.inputs()], hidden, vec![classes]].concat()
    }

    fn commands(&self, name: &str, origin: &DataOrigin, integers: bool) -> [String; 3] {
        let options = &origin.options;
        let integers = if integers { " --integers" } else { "" };
        [
            format!("cargo run --release -- train{options} --out {name}.model"),
            format!("cargo run --release -- export {name}.model{integers} --out firmware/src"),
            "cd firmware && cargo run --release".into(),
        ]
    }
}

/// The sizes with twice the neurons in the first hidden layer, as an example.
fn wider(layers: &[usize]) -> Vec<usize> {
    let mut layers = layers.to_vec();
    if let Some(hidden) = layers.get_mut(1) {
        *hidden *= 2;
    }
    layers
}

fn target_places(target: &Target) -> Vec<(&'static str, String)> {
    let runtime = target.runtime;
    let arguments = runtime.link_arguments.iter();
    let arguments: Vec<_> = arguments
        .map(|argument| format!("\"-C\", \"link-arg={argument}\""))
        .collect();
    let program = target.qemu.split(' ').next().unwrap_or_default();
    [
        ("target", target.triple),
        ("processor", target.processor),
        ("qemu", target.qemu),
        ("qemu_program", program),
        ("flash", target.flash),
        ("ram", target.ram),
        ("regions", runtime.regions),
        ("chip", target.chip),
        ("runtime", runtime.dependencies),
        ("entry", runtime.entry),
        ("critical_section", runtime.critical_section),
        ("link_arguments", &arguments.join(", ")),
    ]
    .map(|(place, value)| (place, value.to_owned()))
    .into()
}

/// Makes the folder, which must not be there, and all files in it; nothing stays of it if one of them cannot be written.
fn write(folder: &Path, places: &[(&str, String)], origin: &DataOrigin) -> Result<(), Error> {
    let failed = |path: &Path, source| Error::from(FileError::write(path, source));
    fs::create_dir(folder).map_err(|source| failed(folder, source))?;
    let written = write_all(folder, places, origin);
    if written.is_err() {
        // It was made just now, by this very program. Whether it goes or not, the first error is the one to be told.
        let _ = fs::remove_dir_all(folder);
    }
    written.map_err(|(path, source)| failed(&path, source))
}

type Fault = (PathBuf, std::io::Error);

fn write_all(folder: &Path, places: &[(&str, String)], origin: &DataOrigin) -> Result<(), Fault> {
    for (name, template) in FILES {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, fill(template, places)))
            .map_err(|source| (path, source))?;
    }
    for copy in &origin.copies {
        fs::create_dir_all(folder.join(FOLDER))
            .and_then(|()| fs::copy(&copy.from, folder.join(&copy.to)))
            .map_err(|source| (folder.join(&copy.to), source))?;
    }
    Ok(())
}

fn text(new: &New<'_>) -> String {
    let folder = new.folder.display();
    let lines: Vec<_> = new
        .commands
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect();
    format!(
        "Made {folder}: [{}] on {}, {}\n\nIn {folder}, from the data to the firmware:\n{}",
        list(new.layers),
        new.target,
        if new.element == "i8" {
            "integers of 8 bits"
        } else {
            "floats"
        },
        lines.concat(),
    )
}
