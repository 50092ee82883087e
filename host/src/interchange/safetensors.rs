//! safetensors with the names that PyTorch gives to the tensors of `nn.Sequential(Linear, Sigmoid, …)`.
//!
//! The format: <https://github.com/huggingface/safetensors>. The numbers are read and written as they are, bit for bit.
//! The note of the model stands in the metadata of the file under the name `note`.

use std::collections::HashMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

use super::error::{InterchangeError, shape};
use super::portable::Portable;
use super::tensors::{Part, tensor_name, tensors};
use crate::network::layer::Layer;

/// The name of the note among the metadata, the only one: so that the bytes do not depend on the order of names.
const NOTE: &str = "note";

/// Names that a message lists at most; files of large networks have hundreds.
const LISTED: usize = 8;

/// Whether a file begins as safetensors does: the length of a header that fits into the file, then the header.
#[must_use]
pub fn begins(bytes: &[u8]) -> bool {
    bytes.split_first_chunk().is_some_and(|(length, rest)| {
        u64::from_le_bytes(*length) <= rest.len() as u64 && rest.starts_with(b"{")
    })
}

/// The bytes of a file with the network.
///
/// # Errors
///
/// [`InterchangeError::Encode`] for a network larger than memory.
pub fn encode(network: &Portable) -> Result<Vec<u8>, InterchangeError> {
    let tensors: Vec<_> = tensors(&network.layers)
        .map(|tensor| (tensor.bytes(), tensor))
        .collect();
    let views: Result<Vec<_>, _> = tensors
        .iter()
        .map(|(bytes, tensor)| {
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes)?;
            Ok((tensor.name.as_str(), view))
        })
        .collect();
    let note = network.note.as_ref();
    let metadata = note.map(|note| HashMap::from([(NOTE.to_owned(), note.clone())]));
    views
        .and_then(|views| serialize(views, metadata))
        .map_err(|error| InterchangeError::Encode(error.to_string()))
}

/// The network in a file: as many layers as there are tensors `0.weight`, `2.weight`, `4.weight` and so on.
///
/// # Errors
///
/// Every [`InterchangeError`] but those of JSON.
pub fn decode(bytes: &[u8]) -> Result<Portable, InterchangeError> {
    let file = SafeTensors::deserialize(bytes).map_err(InterchangeError::Safetensors)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(InterchangeError::Safetensors)?;
    let mut layers: Vec<Layer> = Vec::new();
    loop {
        let last = layers.last().map(|layer| layer.neurons);
        layers.push(layer(&file, layers.len(), last)?);
        let next = |part| file.tensor(&tensor_name(layers.len(), part)).is_ok();
        if !next(Part::Weight) && !next(Part::Bias) {
            break;
        }
    }
    expect_no_more(&file, &layers)?;
    let metadata = metadata.metadata().as_ref();
    let note = metadata.and_then(|metadata| metadata.get(NOTE)).cloned();
    Ok(Portable { layers, note })
}

/// A layer; `inputs` are the neurons of the one before.
fn layer(
    file: &SafeTensors,
    number: usize,
    inputs: Option<usize>,
) -> Result<Layer, InterchangeError> {
    let name = tensor_name(number, Part::Weight);
    let (weight, values) = read(file, &name)?;
    let wrong = |tensor: String, expected: String, found: &[usize]| InterchangeError::Shape {
        tensor,
        expected,
        found: shape(found),
    };
    let fits = |found: usize| found > 0 && inputs.is_none_or(|inputs| found == inputs);
    let (neurons, inputs) = match *weight.shape() {
        [neurons, found] if neurons > 0 && fits(found) => (neurons, found),
        _ => {
            let inputs = inputs.map_or_else(|| "inputs".into(), |inputs| inputs.to_string());
            let expected = shape(&["neurons", &inputs]);
            return Err(wrong(name, expected, weight.shape()));
        }
    };
    let name = tensor_name(number, Part::Bias);
    let (bias, biases) = read(file, &name)?;
    if bias.shape() != [neurons] {
        return Err(wrong(name, shape(&[neurons]), bias.shape()));
    }
    Layer::new(inputs, values, biases).ok_or_else(|| wrong(name, shape(&[neurons]), bias.shape()))
}

/// A tensor and its numbers.
fn read<'a>(
    file: &SafeTensors<'a>,
    name: &str,
) -> Result<(TensorView<'a>, Vec<f32>), InterchangeError> {
    let tensor: String = name.into();
    let Ok(view) = file.tensor(name) else {
        let found = list(file.names());
        return Err(InterchangeError::Missing { tensor, found });
    };
    if view.dtype() != Dtype::F32 {
        let found = view.dtype().to_string();
        return Err(InterchangeError::Dtype { tensor, found });
    }
    let chunks = view.data().as_chunks().0.iter();
    let values: Vec<f32> = chunks.map(|bytes| f32::from_le_bytes(*bytes)).collect();
    expect_finite(name, values.iter().copied().map(f64::from))?;
    Ok((view, values))
}

/// Checks the numbers of a tensor.
pub(super) fn expect_finite(
    name: &str,
    values: impl IntoIterator<Item = f64>,
) -> Result<(), InterchangeError> {
    let wrong = |&(_, value): &(usize, f64)| !(value as f32).is_finite();
    match values.into_iter().enumerate().find(wrong) {
        None => Ok(()),
        Some((position, found)) => Err(InterchangeError::NotFinite {
            tensor: name.into(),
            position,
            found,
        }),
    }
}

/// Checks that the file holds nothing but the layers.
fn expect_no_more(file: &SafeTensors, layers: &[Layer]) -> Result<(), InterchangeError> {
    let expected: Vec<String> = tensors(layers).map(|tensor| tensor.name).collect();
    let mut names = file.names();
    names.sort_unstable();
    match names
        .iter()
        .find(|&&name| !expected.iter().any(|e| e == name))
    {
        None => Ok(()),
        Some(name) => Err(InterchangeError::Unexpected {
            tensor: (*name).into(),
            expected: expected.join(", "),
        }),
    }
}

fn list(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    match names.get(..LISTED) {
        Some(first) if names.len() > LISTED => {
            format!("{} and {} more", first.join(", "), names.len() - LISTED)
        }
        _ if names.is_empty() => "none".into(),
        _ => names.join(", "),
    }
}
