//! `smidgen export --format`: a model as one file of another program.

use std::borrow::Cow;
use std::path::Path;

use serde::Serialize;

use crate::commands::error::Error;
use crate::commands::kinds;
use crate::commands::model::Model;
use crate::commands::output::{print, print_json};
use crate::files::outputs::Outputs;
use crate::interchange::{Format, Portable};
use crate::network::Networks;
use crate::network::layer::layers;

/// What was written.
#[derive(Serialize)]
struct Export<'a> {
    file: Cow<'a, str>,
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
    model: &Model,
    networks: &Networks,
    format: Format,
    path: &Path,
    force: bool,
    json: bool,
) -> Result<(), Error> {
    let network = model.learner(networks)?;
    let network = Portable {
        layers: layers(&network.sizes(), &network.parameters()),
        note: Some(model.file.note().into()),
        about: model.file.about().clone(),
    };
    let mut outputs = Outputs::new(force).reading(&model.path);
    let out = outputs.prepare(path, kinds::FOREIGN)?;
    let bytes = format
        .encode(&network)
        .map_err(|source| Error::interchange(path, source))?;
    out.write(&bytes)?;
    let export = Export {
        file: out.path().to_string_lossy(),
        layers: model.file.sizes(),
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
