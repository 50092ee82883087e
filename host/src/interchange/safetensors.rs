//! safetensors with the names that PyTorch gives to the tensors of `nn.Sequential(Linear, Sigmoid, …)`.
//!
//! The format: <https://github.com/huggingface/safetensors>. The numbers are read and written as they are, bit for bit.
//! The note of the model stands in the metadata of the file under the name `note`; where more is known, all of it, the
//! note too, stands under the name `smidgen` as JSON. There is one name, so that the bytes do not depend on an order.

use std::collections::{BTreeSet, HashMap};

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};
use serde::{Deserialize, Serialize};

use super::error::{InterchangeError, shape};
use super::portable::Portable;
use super::tensors::tensors;
use crate::data::About;
use crate::network::layer::Layer;

/// The name of the note among the metadata.
const NOTE: &str = "note";
/// The name of all that is known, the note included.
const ALL: &str = "smidgen";

/// What stands under the name [`ALL`].
#[derive(Serialize, Deserialize)]
struct All {
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    about: serde_json::Value,
}

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
    let metadata = metadata(network).map(|(name, words)| HashMap::from([(name.to_owned(), words)]));
    views
        .and_then(|views| serialize(views, metadata))
        .map_err(|error| InterchangeError::Encode(error.to_string()))
}

/// The network in a file: a layer for each number N of the tensors `N.weight` and `N.bias`, ascending.
///
/// Before and after N may stand what wrappers and classes put there, `module.`, `_orig_mod.` or `fc` for one, as long as it
/// is the same in all names; numbers may be left out, for a `Dropout` has one and no tensor.
///
/// # Errors
///
/// Every [`InterchangeError`] but those of JSON.
pub fn decode(bytes: &[u8]) -> Result<Portable, InterchangeError> {
    let file = SafeTensors::deserialize(bytes).map_err(InterchangeError::Safetensors)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(InterchangeError::Safetensors)?;
    let stems = stems(&file);
    let mut layers: Vec<Layer> = Vec::new();
    for stem in &stems {
        let last = layers.last().map(|layer| layer.neurons);
        layers.push(layer(&file, stem, last)?);
    }
    expect_no_more(&file, &stems)?;
    let metadata = metadata.metadata().as_ref();
    let words = |name| metadata.and_then(|metadata: &HashMap<_, _>| metadata.get(name));
    let all = words(ALL).and_then(|json| serde_json::from_str::<All>(json).ok());
    let mut network = Portable {
        layers,
        note: words(NOTE).cloned(),
        about: About::default(),
    };
    if let Some(all) = all {
        let sizes = network.sizes();
        let [inputs, classes] =
            [sizes.first(), sizes.last()].map(|size| size.copied().unwrap_or(0));
        network.note = all.note;
        network.about =
            About::from_json(&all.about.to_string(), inputs, classes).unwrap_or_default();
    }
    Ok(network)
}

/// The name and the words that are the metadata, if there are any.
fn metadata(network: &Portable) -> Option<(&'static str, String)> {
    let Some(about) = network.about.json() else {
        return network.note.clone().map(|note| (NOTE, note));
    };
    let all = All {
        note: network.note.clone(),
        about: serde_json::from_str(&about).unwrap_or_default(),
    };
    Some((ALL, serde_json::to_string(&all).unwrap_or_default()))
}

/// What stands before `.weight` and `.bias` in the names of each layer; the usual name of the first if there is none.
fn stems(file: &SafeTensors) -> Vec<String> {
    let mut names = file.names();
    names.sort_unstable();
    let numbered: Vec<_> = names.into_iter().filter_map(numbered).collect();
    let Some(&(before, _, after)) = numbered.first() else {
        return vec!["0".into()];
    };
    let alike = numbered
        .iter()
        .filter(|(b, _, a)| (*b, *a) == (before, after));
    let numbers: BTreeSet<u32> = alike.map(|&(_, number, _)| number).collect();
    let stem = |number| format!("{before}{number}{after}");
    numbers.into_iter().map(stem).collect()
}

/// The last number in the name of a tensor, and what stands before and after it up to `.weight` or `.bias`.
fn numbered(name: &str) -> Option<(&str, u32, &str)> {
    let stem = [".weight", ".bias"]
        .iter()
        .find_map(|part| name.strip_suffix(part))?;
    let (front, after) = stem.split_at(stem.rfind(|c: char| c.is_ascii_digit())? + 1);
    let before = front.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = front.strip_prefix(before)?.parse().ok()?;
    Some((before, number, after))
}

/// A layer; `inputs` are the neurons of the one before.
fn layer(file: &SafeTensors, stem: &str, inputs: Option<usize>) -> Result<Layer, InterchangeError> {
    let name = format!("{stem}.weight");
    let (weight, values) = read(file, &name)?;
    let wrong = |tensor: String, expected: String, found: &[usize]| InterchangeError::Shape {
        tensor,
        expected,
        found: shape(found),
    };
    let bias_name = format!("{stem}.bias");
    expect_upright(&weight, &name, file.tensor(&bias_name).ok(), inputs)?;
    let fits = |found: usize| found > 0 && inputs.is_none_or(|inputs| found == inputs);
    let (neurons, inputs) = match *weight.shape() {
        [neurons, found] if neurons > 0 && fits(found) => (neurons, found),
        _ => {
            let inputs = inputs.map_or_else(|| "inputs".into(), |inputs| inputs.to_string());
            let expected = shape(&["neurons", &inputs]);
            return Err(wrong(name, expected, weight.shape()));
        }
    };
    let name = bias_name;
    let (bias, biases) = read(file, &name)?;
    if bias.shape() != [neurons] {
        return Err(wrong(name, shape(&[neurons]), bias.shape()));
    }
    Layer::new(inputs, values, biases).ok_or_else(|| wrong(name, shape(&[neurons]), bias.shape()))
}

/// Refuses weights with the inputs first, as Keras and JAX have them, by what they are.
fn expect_upright(
    weight: &TensorView<'_>,
    name: &str,
    bias: Option<TensorView<'_>>,
    inputs: Option<usize>,
) -> Result<(), InterchangeError> {
    let (&[rows, columns], Some(bias)) = (weight.shape(), bias) else {
        return Ok(());
    };
    let lies =
        bias.shape() == [columns] && rows != columns && inputs.is_none_or(|inputs| inputs == rows);
    if lies {
        return Err(InterchangeError::Transposed {
            tensor: name.into(),
            expected: shape(&[columns, rows]),
            found: shape(&[rows, columns]),
        });
    }
    Ok(())
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
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F32 => numbers(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F64 => numbers(data, f64::from_le_bytes),
        Dtype::F16 => numbers(data, |bytes| half(u16::from_le_bytes(bytes)).into()),
        Dtype::BF16 => numbers(data, |[low, high]| {
            f32::from_le_bytes([0, 0, low, high]).into()
        }),
        other => {
            let found = other.to_string();
            return Err(InterchangeError::Dtype { tensor, found });
        }
    };
    expect_finite(name, values.iter().copied())?;
    Ok((view, values.into_iter().map(|value| value as f32).collect()))
}

/// Numbers of `N` bytes each.
fn numbers<const N: usize>(data: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    let (chunks, _) = data.as_chunks();
    chunks.iter().map(|&bytes| number(bytes)).collect()
}

/// The number in 16 bits, IEEE 754's binary16, exactly.
fn half(bits: u16) -> f32 {
    /// 2⁻²⁴, the smallest number above 0.
    const SMALLEST: f32 = f32::from_bits((127 - 24) << 23);
    let bits = u32::from(bits);
    let (sign, exponent, fraction) = (bits >> 15 << 31, bits >> 10 & 0x1f, bits & 0x3ff);
    let magnitude = match exponent {
        0 => (fraction as f32 * SMALLEST).to_bits(),
        0x1f => 0xff << 23 | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
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
fn expect_no_more(file: &SafeTensors, stems: &[String]) -> Result<(), InterchangeError> {
    let parts = |stem: &String| [format!("{stem}.weight"), format!("{stem}.bias")];
    let expected: Vec<String> = stems.iter().flat_map(parts).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65_504.0),
            (0x0400, 6.103_515_6e-5),
            (0x03ff, 6.097_555e-5),
            (0x0001, 5.960_464_5e-8),
            (0x8000, -0.0),
        ] {
            assert_eq!(half(bits).to_bits(), f32::to_bits(value), "{bits:x}");
        }
        assert!(half(0x7c00).is_infinite() && half(0x7c01).is_nan());
    }

    #[test]
    fn the_last_number_of_a_name_tells_the_layer() {
        assert_eq!(
            numbered("_orig_mod.module.12.weight"),
            Some(("_orig_mod.module.", 12, ""))
        );
        assert_eq!(numbered("fc1.bias"), Some(("fc", 1, "")));
        assert_eq!(numbered("l.3.linear.bias"), Some(("l.", 3, ".linear")));
        assert_eq!(numbered("out.weight"), None);
        assert_eq!(numbered("3.num_batches_tracked"), None);
        assert_eq!(numbered("99999999999.weight"), None);
    }
}
