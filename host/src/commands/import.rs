//! `smidgen import`: a network that another program has trained, as a model file.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::error::Error;
use super::kinds;
use super::model::Model;
use super::output::{print, print_json};
use crate::files::input;
use crate::files::outputs::Outputs;
use crate::interchange::Source;
use crate::network::Networks;

/// Make a model file of a network from PyTorch (safetensors) or the book's network2.py (JSON)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen import trained.safetensors --out digits.model
  smidgen import network2.json --out digits.model --force
  smidgen import trained.bin --format safetensors --out digits.model --json | jq .layers")]
pub struct Args {
    /// The file of the other program
    file: PathBuf,
    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
    /// What the file is [default: found by its content and its name]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Source>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What was read and what was written.
#[derive(Serialize)]
struct Import<'a> {
    file: Cow<'a, str>,
    model: Cow<'a, str>,
    layers: &'a [usize],
    parameters: usize,
    bytes: usize,
    crc32: String,
    note: &'a str,
}

/// Reads the network, checks it and writes the model file.
///
/// # Errors
///
/// [`Error`] for a file that is no such network, which names the tensor that is wrong; for sizes that are not on the
/// menu of sizes; and for a model file that is there already (without `--force`) or cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let mut outputs = Outputs::new(args.force).reading(&args.file);
    let out = outputs.prepare(&args.out, kinds::MODEL)?;
    let bytes = input::read(&args.file, "file of a network")?;
    let extension = args
        .file
        .extension()
        .and_then(|extension| extension.to_str());
    let source = args.format.or_else(|| Source::of(&bytes, extension));
    let source = source.ok_or_else(|| Error::UnknownFormat {
        path: args.file.clone(),
    })?;
    let network = source
        .decode(&bytes)
        .and_then(|network| source.check_ends(&network, networks).map(|()| network))
        .map_err(|source| Error::interchange(&args.file, source))?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let note = network
        .note
        .clone()
        .unwrap_or_else(|| format!("imported from {name}"));
    let file = network
        .network(networks)?
        .encode_about(&note, &network.about);
    let model = Model::parse(&args.out, file)?;
    out.write(model.file.bytes())?;
    report(args, &model)?;
    Ok(ExitCode::SUCCESS)
}

fn report(args: &Args, Model { path, file }: &Model) -> Result<(), Error> {
    let import = Import {
        file: args.file.to_string_lossy(),
        model: path.to_string_lossy(),
        layers: file.sizes(),
        parameters: file.parameters(),
        bytes: file.bytes().len(),
        crc32: format!("{:08x}", file.crc32()),
        note: file.note(),
    };
    if args.json {
        return print_json(&import);
    }
    print(&format!(
        "Read {}: {:?}, {} weights and biases\nSaved {}: {} bytes, CRC-32 {}\n",
        import.file, import.layers, import.parameters, import.model, import.bytes, import.crc32,
    ))
}
