//! `smidgen export --format`: a model as one file of another program.

use std::path::Path;

use serde::Serialize;
use smidgen_core::Network;

use super::output::{print, print_json};
use crate::error::Error;
use crate::interchange::{Format, Portable};
use crate::model_file::{ModelFile, UseNetwork};
use crate::output_file::OutputFile;
use crate::parameters::{self, Layer};

/// What was written.
#[derive(Serialize)]
struct Export<'a> {
    file: &'a Path,
    layers: &'a [usize],
    bytes: usize,
}

/// Writes a model in a format and says where it is.
///
/// # Errors
///
/// [`Error`] for sizes that this program has no type for, and for a file that is there already (without `force`) or
/// cannot be written.
pub fn run(
    model: &ModelFile,
    format: Format,
    path: &Path,
    force: bool,
    json: bool,
) -> Result<(), Error> {
    let network = Portable {
        layers: model.use_network(Layers)?,
        note: Some(model.note().into()),
    };
    let out = OutputFile::prepare_new(path, force)?;
    let bytes = format
        .encode(&network)
        .map_err(|source| Error::interchange(path, source))?;
    out.write(&bytes)?;
    let export = Export {
        file: out.path(),
        layers: model.sizes(),
        bytes: bytes.len(),
    };
    if json {
        return print_json(&export);
    }
    print(&format!(
        "Saved {}: {:?}, {} bytes\n",
        path.display(),
        export.layers,
        export.bytes
    ))
}

/// The parameters of a network by layer.
struct Layers;

impl UseNetwork for Layers {
    type Output = Vec<Layer>;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Vec<Layer> {
        parameters::layers(network)
    }
}
