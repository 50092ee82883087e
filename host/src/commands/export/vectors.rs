//! Test vectors: the first examples of a model's test part with the outputs that the model has for them.

use smidgen_core::model::ELEMENT_I8;
use smidgen_core::readings::{self, Reading};
use smidgen_core::vectors;

use crate::commands::data::Test;
use crate::network::{AnyNetwork, ModelFile};

/// The kind of readings that a model's vectors have; none where they have the bytes of images.
pub fn readings(model: &ModelFile) -> Option<&'static str> {
    let about = model.about();
    match &about.scaling {
        Some(scaling) if scaling.integers && model.element() == ELEMENT_I8 => Some("i16"),
        Some(_) => Some("f32"),
        None => None,
    }
}

/// A file of the first `count` examples of the test part.
pub fn of(network: &dyn AnyNetwork, model: &ModelFile, test: &Test, count: usize) -> Vec<u8> {
    let inputs: Vec<Vec<u8>> = (0..count).map(|i| bytes(model, test, i)).collect();
    let bits = inputs.iter().enumerate().map(|(i, input)| {
        let answer = match readings(model) {
            Some(_) => test.data.with(i, |input| network.infer(input)),
            // A table that needs no scaling has bytes here, which are not its readings to the last bit.
            None => network.infer(input.into()),
        };
        answer.bits
    });
    let bits: Vec<Vec<u32>> = bits.collect();
    let parts = inputs.iter().zip(&bits).enumerate();
    let parts: Vec<_> = parts
        // A class is below 256.
        .map(|(i, (input, bits))| (input.as_slice(), test.data.label(i) as u8, bits.as_slice()))
        .collect();
    let (sizes, crc32) = (model.sizes(), model.crc32());
    let ends = [sizes.first(), sizes.last()].map(|size| size.copied().unwrap_or(0));
    let mut file = Vec::new();
    let write = |bytes: &[u8]| file.extend_from_slice(bytes);
    let parts = parts.into_iter();
    match readings(model) {
        Some("i16") => readings::encode::<i16>(crc32, ends, parts, write),
        Some(_) => readings::encode::<f32>(crc32, ends, parts, write),
        None => vectors::encode_parts(crc32, ends, parts, write),
    }
    file
}

/// What a vector has for example `i`: the readings as they were measured, or the bytes of an image. A table that needs no
/// scaling has the bytes that an integer network reads.
fn bytes(model: &ModelFile, test: &Test, i: usize) -> Vec<u8> {
    let row = test.readings.as_ref().map(|rows| rows.row(i));
    match (readings(model), row) {
        (Some("i16"), Some(row)) => row
            .iter()
            .flat_map(|&reading| (reading as i16).to_le_bytes())
            .collect(),
        (Some(_), Some(row)) => row
            .iter()
            .flat_map(|reading| reading.to_le_bytes())
            .collect(),
        _ => test.data.image(i),
    }
}

const _: () = assert!(<f32 as Reading>::BYTES == 4 && <i16 as Reading>::BYTES == 2);
