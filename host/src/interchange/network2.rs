//! The JSON that `network2.py` of the book saves and loads: sizes, weights, biases, and the name of a cost.
//!
//! Nielsen, *Neural Networks and Deep Learning*, ch. 3; `Network.save` and `load` in his `network2.py`. The numbers are
//! doubles, which hold every 32-bit float exactly; reading rounds to the nearest 32-bit float. A bias is a list of one
//! number, because the book's vectors are columns. The note of the model stands beside the rest, where `load` leaves it
//! alone.

use std::borrow::Cow;

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use super::error::{InterchangeError, shape};
use super::portable::Portable;
use super::safetensors::expect_finite;
use crate::data::About;
use crate::network::layer::Layer;

/// The file, its names in the order of `network2.py`.
#[derive(Debug, Deserialize, Serialize)]
struct File {
    sizes: Vec<usize>,
    /// `weights[l][j][k]`.
    weights: Vec<Vec<Vec<f64>>>,
    /// `biases[l][j][0]`; `biases[l][j]` is read too.
    biases: Vec<Vec<Bias>>,
    /// The class that `load` takes the cost from. A model file does not know its cost, and running does not need one, so
    /// whatever stands there is read.
    #[serde(default)]
    cost: serde_json::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// A bias: a column of one number, or the number alone.
#[derive(Clone, Copy, Debug, Serialize)]
struct Bias([f64; 1]);

impl<'de> Deserialize<'de> for Bias {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Through a value, for to a visitor of its own a number may come as a map, where it is kept as its digits.
        let value = serde_json::Value::deserialize(deserializer)?;
        let number = match value.as_array().map(Vec::as_slice) {
            Some([number]) => number.as_f64(),
            Some(_) => None,
            None => value.as_f64(),
        };
        let number = number.ok_or_else(|| de::Error::custom("no number, and no list of one"))?;
        Ok(Self([number]))
    }
}

/// The cost that `network2.py` takes if none is said; needed only by those who train on.
const COST: &str = "CrossEntropyCost";

/// The bytes of a file with the network.
///
/// # Errors
///
/// [`InterchangeError::Encode`] for numbers that JSON does not have, which no network of this program has.
pub fn encode(network: &Portable) -> Result<Vec<u8>, InterchangeError> {
    let rows = |layer: &Layer| {
        (0..layer.neurons)
            .map(|j| doubles(layer.weights_into(j)))
            .collect()
    };
    let column = |layer: &Layer| layer.biases.iter().map(|&b| Bias([b.into()])).collect();
    let file = File {
        sizes: network.sizes(),
        weights: network.layers.iter().map(rows).collect(),
        biases: network.layers.iter().map(column).collect(),
        cost: COST.into(),
        note: network.note.clone(),
    };
    serde_json::to_vec(&file).map_err(|error| InterchangeError::Encode(error.to_string()))
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// The network in a file.
///
/// # Errors
///
/// [`InterchangeError::Json`], [`InterchangeError::Shape`] or [`InterchangeError::NotFinite`].
pub fn decode(bytes: &[u8]) -> Result<Portable, InterchangeError> {
    let text = utf8(bytes);
    let mut deserializer = serde_json::Deserializer::from_slice(&text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let file = File::deserialize(tracked).and_then(|file| deserializer.end().map(|()| file));
    let file = file.map_err(|source| InterchangeError::Json {
        at: track.path().to_string(),
        source,
    })?;
    let layers = file.sizes.len().saturating_sub(1);
    expect("sizes", layers > 0, "[at least 2]", &[file.sizes.len()])?;
    let count = shape(&[layers]);
    expect(
        "weights",
        file.weights.len() == layers,
        &count,
        &[file.weights.len()],
    )?;
    expect(
        "biases",
        file.biases.len() == layers,
        &count,
        &[file.biases.len()],
    )?;
    let parts = file.weights.iter().zip(&file.biases).enumerate();
    let layers = file
        .sizes
        .windows(2)
        .zip(parts)
        .map(|(sizes, (number, (weights, biases)))| layer(number, sizes, weights, biases));
    Ok(Portable {
        layers: layers.collect::<Result<_, _>>()?,
        note: file.note,
        about: About::default(),
    })
}

/// A text as UTF-8 without the mark of the order of its bytes, which some editors and shells put in front; with the mark
/// of UTF-16 it is turned into UTF-8.
pub(super) fn utf8(text: &[u8]) -> Cow<'_, [u8]> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|&two| unit(two));
        let characters =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        characters.collect::<String>().into_bytes().into()
    };
    match text {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.into(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        text => text.into(),
    }
}

fn expect(
    tensor: &str,
    fits: bool,
    expected: &str,
    found: &[usize],
) -> Result<(), InterchangeError> {
    if fits {
        return Ok(());
    }
    Err(InterchangeError::Shape {
        tensor: tensor.into(),
        expected: expected.into(),
        found: shape(found),
    })
}

/// A layer of `sizes`, [inputs, neurons].
fn layer(
    number: usize,
    sizes: &[usize],
    weights: &[Vec<f64>],
    biases: &[Bias],
) -> Result<Layer, InterchangeError> {
    let &[inputs, neurons] = sizes else {
        // Windows of two have two sizes.
        return Err(InterchangeError::Encode(shape(sizes)));
    };
    let name = format!("weights[{number}]");
    let expected = shape(&[neurons, inputs]);
    let odd = weights
        .iter()
        .map(Vec::len)
        .find(|&length| length != inputs);
    let found = [weights.len(), odd.unwrap_or(inputs)];
    let fits = inputs > 0 && neurons > 0 && found == [neurons, inputs];
    if inputs != neurons && found == [inputs, neurons] && odd == Some(neurons) {
        let (tensor, found) = (name, shape(&found));
        return Err(InterchangeError::Transposed {
            tensor,
            expected,
            found,
        });
    }
    expect(&name, fits, &expected, &found)?;
    expect_finite(&name, weights.iter().flatten().copied())?;
    let weights = weights.iter().flatten().map(|&w| w as f32).collect();
    let name = format!("biases[{number}]");
    expect(
        &name,
        biases.len() == neurons,
        &shape(&[neurons, 1]),
        &[biases.len(), 1],
    )?;
    let values = || biases.iter().map(|&Bias([value])| value);
    expect_finite(&name, values())?;
    let biases = values().map(|value| value as f32).collect();
    Layer::new(inputs, weights, biases).ok_or(InterchangeError::Encode(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        decode(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_network2_saves_is_read() {
        let json = r#"{"sizes": [2, 1], "weights": [[[0.1, -2]]], "biases": [[[1e-3]]], "cost": "QuadraticCost"}"#;
        let network = decode(json.as_bytes()).unwrap();
        let layer = Layer::new(2, vec![0.1, -2.0], vec![1e-3]).unwrap();
        assert_eq!((network.layers, network.note), (vec![layer], None));
    }

    #[test]
    fn every_fault_names_the_tensor() {
        let rest = r#""biases": [[[0]]], "cost": "C""#;
        for (start, words) in [
            (
                r#""sizes": [2, 1], "weights": [[[0.1, NaN]]]"#,
                "weights[0][0][1]: expected value",
            ),
            (
                r#""sizes": [2, 1], "weights": [[[0.1, 1e999]]]"#,
                "weights[0][0][1]: number out of range",
            ),
            (
                r#""sizes": [2, 1], "weights": [[[0.1, 1e99]]]"#,
                "weights[0], number 1: a finite 32-bit float expected, 1e99 found",
            ),
            (
                r#""sizes": [2, 1], "weights": [[[0.1]]]"#,
                "weights[0]: shape [1, 2] expected, [1, 1] found",
            ),
            (
                r#""sizes": [2, 1], "weights": [[[0.1, "a"]]]"#,
                "weights[0][0][1]: invalid type: string",
            ),
            (
                r#""sizes": [2, 1], "weights": [[[1], [1]]]"#,
                "weights[0] is transposed: shape [1, 2] expected, [2, 1] found",
            ),
            (
                r#""sizes": [2, 1], "weights": []"#,
                "weights: shape [1] expected, [0] found",
            ),
            (
                r#""sizes": [2], "weights": []"#,
                "sizes: shape [at least 2] expected, [1] found",
            ),
            (
                r#""sizes": [2, 2], "weights": [[[1, 1], [1, 1]]]"#,
                "biases[0]: shape [2, 1] expected, [1, 1] found",
            ),
            (
                r#""sizes": [0, 1], "weights": [[[]]]"#,
                "weights[0]: shape [1, 0] expected",
            ),
            (r#""weights": [[[]]]"#, "missing field `sizes`"),
        ] {
            let error = refusal(&format!("{{{start}, {rest}}}"));
            assert!(error.contains(words), "{words} not in {error}");
        }
        assert!(
            refusal(r#"{"sizes": [2, 1], "weights": [[[1, 1]]], "biases": [[[0, 1]]]"#)
                .contains("biases[0][0]")
        );
        assert!(refusal("").contains("EOF"));
    }

    #[test]
    fn marks_of_byte_order_plain_biases_and_no_cost_are_read() {
        let json = r#"{"sizes": [2, 1], "weights": [[[0.5, -2]]], "biases": [[1]]}"#;
        let expected = decode(json.as_bytes()).unwrap().layers;
        assert_eq!(expected[0].biases, [1.0]);
        let marked = format!("\u{feff}{json}");
        let units = || marked.encode_utf16();
        for text in [
            marked.clone().into_bytes(),
            units().flat_map(u16::to_le_bytes).collect(),
            units().flat_map(u16::to_be_bytes).collect(),
            json.replace('}', r#", "cost": null}"#).into_bytes(),
        ] {
            assert_eq!(decode(&text).unwrap().layers, expected);
        }
    }

    #[test]
    fn a_number_between_two_floats_is_rounded_to_the_nearest() {
        let above_half = 1.0 + 1.01 * f64::from(f32::EPSILON) / 2.0;
        let json = format!(
            r#"{{"sizes": [1, 1], "weights": [[[{above_half}]]], "biases": [[[0]]], "cost": ""}}"#
        );
        let network = decode(json.as_bytes()).unwrap();
        assert_eq!(
            network.layers[0].weight(0, 0).to_bits(),
            (1.0 + f32::EPSILON).to_bits()
        );
    }
}
