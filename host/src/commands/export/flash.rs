//! `smidgen export --format flash`: a model as an image that firmware takes in place from flash.

use std::borrow::Cow;

use serde::Serialize;

use super::{Args, kind};
use crate::commands::error::Error;
use crate::commands::kinds;
use crate::commands::model::Model;
use crate::commands::output::{print, print_json};
use crate::files::outputs::Outputs;
use crate::network::{Networks, join};

/// The number of an image that none was given for.
const FIRST: u32 = 1;

/// What was written.
#[derive(Serialize)]
struct Image<'a> {
    file: Cow<'a, str>,
    layers: &'a [usize],
    /// `f32`, `f16` or `i8`.
    element: &'static str,
    sequence: u32,
    bytes: usize,
    /// Of the model file, by which test vectors know the model.
    crc32: String,
}

/// Writes the image and says where it is, and how the firmware takes it.
///
/// # Errors
///
/// [`Error`] for sizes that this program has no type for, and for a file that is there already (without `--force`) or
/// cannot be written.
pub fn run(model: &Model, networks: &Networks, args: &Args) -> Result<(), Error> {
    let sequence = args.sequence.unwrap_or(FIRST);
    let bytes = model.flash_image(networks, sequence)?;
    let mut outputs = Outputs::new(args.force).reading(&model.path);
    let out = outputs.prepare(&args.out, kinds::IMAGE)?;
    out.write(&bytes)?;
    let image = Image {
        file: out.path().to_string_lossy(),
        layers: model.file.sizes(),
        element: model.file.element_name(),
        sequence,
        bytes: bytes.len(),
        crc32: format!("{:08x}", model.file.crc32()),
    };
    if args.json {
        return print_json(&image);
    }
    let sizes = join(image.layers).replace(',', ", ");
    print(&format!(
        "\
Saved {file}: [{sizes}] of {element}, {bytes} bytes, number {sequence}

In the firmware, which takes it where it is:
  let model = Model::<{network}![{sizes}]>::from_flash(slot)?;
",
        file = args.out.display(),
        element = image.element,
        bytes = image.bytes,
        network = kind::of(image.element).0,
    ))
}
