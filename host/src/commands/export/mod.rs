//! `smidgen export`: a model and its test vectors in a folder, ready for firmware, and what they will cost there; an image
//! for flash; or the model in a file of another program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use smidgen_core::model::{ELEMENT_F32, ELEMENT_I8};
use smidgen_core::quantized::layout::{self, LANES};

use super::data::JudgeArgs;
use super::error::Error;
use super::fit::expect_fit;
use super::kinds;
use super::model::Model;
use super::output::{print, print_json};
use super::quantize::{Kind, Outcome, quantize};
use crate::files::FileError;
use crate::files::outputs::Outputs;
use crate::interchange;
use crate::network::{AnyNetwork, ModelFile, Networks, join};

mod file;
mod flash;
mod kind;
mod vectors;

/// Examples of the mini-batch that the budget is for, as in the book.
const MINI_BATCH: usize = 10;

/// Test vectors to write if none are asked for.
const VECTORS: usize = 10;

/// Write a model and test vectors for firmware, an image for flash, or a file for PyTorch, network2.py, NumPy or an ONNX
/// runtime
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen export digits.model --out firmware/models
  smidgen export digits.model --out firmware/models --vectors 100 --force
  smidgen export digits.model --out firmware/models --integers
  smidgen export digits.model --out firmware/models --json | jq .ram_in_place
  smidgen export digits.model --format safetensors --out digits.safetensors
  smidgen export digits.model --format onnx --out digits.onnx
  smidgen export digits.q8.model --format flash --sequence 2 --out slot.bin")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value = "firmware", value_name = "FORMAT")]
    format: Format,
    /// The folder to write to, made if it is not there; a file for all formats but firmware
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Test vectors to write for firmware: the first examples of the model's test part [default: 10, or all there are]
    #[arg(long, value_name = "N")]
    vectors: Option<usize>,
    /// The number of an image for flash: of two slots the firmware takes the one with the larger [default: 1]
    #[arg(long, value_name = "N")]
    sequence: Option<u32>,
    #[command(flatten)]
    data: JudgeArgs,
    /// Quantise a model of floats on the way to firmware, as `smidgen quantize` does
    #[arg(long)]
    integers: bool,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What a model can be written as.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A folder with the model and test vectors; says how much flash and RAM they take
    Firmware,
    /// PyTorch's tensors 0.weight, 0.bias, 2.weight, 2.bias, …
    Safetensors,
    /// The JSON that the book's network2.py loads
    Network2Json,
    /// NumPy arrays, named as PyTorch's tensors
    Npz,
    /// A graph for ONNX runtimes
    Onnx,
    /// The memory of the network, which firmware takes in place from flash: for every little-endian processor of 32 bits
    Flash,
}

/// What was written, and the budget in bytes on a 32-bit processor.
#[derive(Debug, Serialize)]
struct Export {
    model: String,
    vectors: String,
    layers: Vec<usize>,
    /// `f32`, `f16` or `i8`.
    element: &'static str,
    crc32: String,
    /// `f32` or `i16`, the kind of readings in the vectors of a model that scales them.
    #[serde(skip_serializing_if = "Option::is_none")]
    readings: Option<&'static str>,
    images: usize,
    flash_model: usize,
    flash_vectors: usize,
    ram_inference: usize,
    /// What quantising on the way came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantized: Option<Outcome>,
    #[serde(flatten)]
    learning: Option<Learning>,
}

/// The budget for learning, which floats of 32 bits can.
#[derive(Debug, Serialize)]
struct Learning {
    ram_in_place: usize,
    ram_mini_batch: usize,
    ram_output_layer: usize,
}

/// Writes what the format asks for.
///
/// # Errors
///
/// [`Error`] for a file that is no model or is damaged, more vectors than test images, vectors for another format than
/// firmware, a file that is there already (without `--force`), or one that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let model = Model::read(&args.model)?;
    if args.sequence.is_some() && !matches!(args.format, Format::Flash) {
        return Err(Error::OnlyFor {
            option: "--sequence",
            format: "flash",
        });
    }
    let format = match args.format {
        Format::Firmware if args.integers => {
            let (integers, mut outcome) =
                quantize(&model, Kind::I8, &args.model, &args.data, networks)?;
            outcome.path = names(&args.model, &args.out).0.display().to_string();
            outcome.saved = true;
            return firmware(args, &integers, Some(outcome), networks);
        }
        Format::Firmware => return firmware(args, &model, None, networks),
        Format::Safetensors => interchange::Format::Safetensors,
        Format::Network2Json => interchange::Format::Network2Json,
        Format::Npz => interchange::Format::Npz,
        Format::Onnx => interchange::Format::Onnx,
        Format::Flash => {
            expect_for_firmware(args)?;
            flash::run(&model, networks, args)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    expect_for_firmware(args)?;
    file::run(&model, networks, format, &args.out, args.force, args.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses what only a folder for firmware has.
fn expect_for_firmware(args: &Args) -> Result<(), Error> {
    for (given, option) in [
        (args.vectors.is_some(), "--vectors"),
        (args.integers, "--integers"),
    ] {
        if given {
            let format = "firmware";
            return Err(Error::OnlyFor { option, format });
        }
    }
    Ok(())
}

/// Copies the model, writes the vectors and prints the budget.
fn firmware(
    args: &Args,
    model: &Model,
    quantized: Option<Outcome>,
    networks: &Networks,
) -> Result<ExitCode, Error> {
    let file = &model.file;
    let network = model.network(networks)?;
    let test = args.data.test(model)?;
    expect_fit(file.sizes(), &test.data, file.about())?;
    let count = count(args.vectors, test.data.len())?;
    let vectors = vectors::of(&*network, file, &test, count);
    let (model_path, vectors_path) = names(&args.model, &args.out);
    fs::create_dir_all(&args.out).map_err(|source| FileError::write(&args.out, source))?;
    let mut outputs = Outputs::new(args.force).reading(&args.model);
    let model_output = outputs.prepare(&model_path, kinds::MODEL)?;
    let vectors_output = outputs.prepare(&vectors_path, kinds::VECTORS)?;
    vectors_output.write(&vectors)?;
    model_output.write(file.bytes())?;

    let export = Export {
        model: model_path.display().to_string(),
        vectors: vectors_path.display().to_string(),
        crc32: format!("{:08x}", file.crc32()),
        images: count,
        readings: vectors::readings(file),
        flash_vectors: vectors.len(),
        quantized,
        ..budget(file, &*network)
    };
    if args.json {
        print_json(&export)?;
    } else {
        print(&text(&export))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How many vectors to write of a test part.
fn count(wanted: Option<usize>, total: usize) -> Result<usize, Error> {
    match wanted {
        Some(count) if count > total => Err(Error::NoImage {
            index: count - 1,
            total,
        }),
        Some(count) => Ok(count),
        None => Ok(VECTORS.min(total)),
    }
}

/// Where the model and its vectors go: the model's own name, and that with the ending `vectors`.
fn names(model: &Path, out: &Path) -> (PathBuf, PathBuf) {
    let name = model.file_name().unwrap_or("digits.model".as_ref());
    let model = out.join(name);
    let vectors = model.with_extension("vectors");
    (model, vectors)
}

/// What a model takes on a 32-bit processor.
fn budget(file: &ModelFile, network: &dyn AnyNetwork) -> Export {
    let sizes = file.sizes();
    let integers = file.element() == ELEMENT_I8;
    Export {
        model: String::new(),
        vectors: String::new(),
        layers: sizes.to_vec(),
        element: file.element_name(),
        crc32: String::new(),
        readings: None,
        images: 0,
        flash_model: network.flash(),
        flash_vectors: 0,
        quantized: None,
        ram_inference: if integers {
            integer_inference(sizes)
        } else {
            trace(sizes)
        },
        learning: (file.element() == ELEMENT_F32).then(|| learning(sizes, file.parameters())),
    }
}

/// A number of 4 bytes for each neuron.
fn trace(sizes: &[usize]) -> usize {
    4 * sizes.iter().skip(1).sum::<usize>()
}

/// The sums of the largest layer, the bytes of the hidden layers, and z of the output.
fn integer_inference(sizes: &[usize]) -> usize {
    let sums = |&neurons: &usize| 4 * LANES * layout::passes(neurons);
    let Some((outputs, [_, hidden @ ..])) = sizes.split_last() else {
        return 0;
    };
    let largest = sizes.iter().skip(1).map(sums).max();
    largest.unwrap_or(0) + hidden.iter().sum::<usize>() + 4 * outputs
}

fn learning(sizes: &[usize], parameters: usize) -> Learning {
    /// The two lengths in `MiniBatch`.
    const LENGTHS: usize = 8;
    let inputs = sizes.first().copied().unwrap_or(0);
    let (weights, trace) = (4 * parameters, trace(sizes));
    Learning {
        ram_in_place: weights + 2 * trace,
        ram_mini_batch: weights + MINI_BATCH * (inputs + 2 * trace) + LENGTHS,
        ram_output_layer: match sizes {
            [.., hidden, outputs] => 4 * (hidden + 1) * outputs + 8 * outputs,
            _ => 0,
        },
    }
}

fn text(export: &Export) -> String {
    let sizes = join(&export.layers).replace(',', ", ");
    let name = Path::new(&export.model)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let (network, kind) = kind::of(export.element);
    let mut text = export
        .quantized
        .as_ref()
        .map_or(String::new(), Outcome::text);
    text += &format!(
        "\
{model}
{vectors}: {images} test vectors, {flash_vectors} bytes

In the firmware:
  static MODEL: Model<{network}![{sizes}]> = embed_model!(\"{name}\", {kind}[{sizes}]);
{scaling}
Bytes on a 32-bit processor, without code and without the stack of a call:
  flash for the model               {flash_model:>9}
  RAM for inference                 {ram_inference:>9}
",
        scaling = scaling(export, &name),
        model = export.model,
        vectors = export.vectors,
        images = export.images,
        flash_vectors = export.flash_vectors,
        flash_model = export.flash_model,
        ram_inference = export.ram_inference,
    );
    if let Some(learning) = &export.learning {
        text += &format!(
            "  \
  RAM for learning, in place        {:>9}
  RAM for learning, mini-batch {MINI_BATCH}   {:>9}
  RAM for learning, output layer    {:>9}
",
            learning.ram_in_place, learning.ram_mini_batch, learning.ram_output_layer
        );
    }
    text
}

/// How the firmware gets the scaling, if there is one; it ends with a line feed.
fn scaling(export: &Export, name: &str) -> String {
    let inputs = export.layers.first().copied().unwrap_or(0);
    match (export.readings, export.element) {
        (None, _) => String::new(),
        (Some("i16"), "i8") => format!(
            "  static SCALING: IntegerScaling<{inputs}> = embed_scaling!(\"{name}\", i16, {inputs});\n"
        ),
        _ => {
            format!("  static SCALING: Scaling<{inputs}> = embed_scaling!(\"{name}\", {inputs});\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_of_the_books_network() {
        let sizes = [784, 30, 10];
        assert_eq!(trace(&sizes), 160);
        assert_eq!(integer_inference(&sizes), 120 + 30 + 40);
        let learning = learning(&sizes, 23_860);
        assert_eq!(learning.ram_in_place, 95_440 + 320);
        assert_eq!(learning.ram_mini_batch, 95_440 + 7_840 + 3_200 + 8);
        assert_eq!(learning.ram_output_layer, 1_240 + 80);
    }

    #[test]
    fn the_vectors_stand_beside_the_model() {
        let (model, vectors) = names(Path::new("a/digits.model"), Path::new("b"));
        assert_eq!(model, Path::new("b/digits.model"));
        assert_eq!(vectors, Path::new("b/digits.vectors"));
    }
}
