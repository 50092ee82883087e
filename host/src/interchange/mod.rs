//! Networks in the files of other programs: PyTorch's safetensors, the JSON of the book's `network2.py`, NumPy's
//! npz, ONNX.
//!
//! Every format has a file of its own here; they meet in [`Portable`]. Where a format names tensors, the names are
//! those that PyTorch gives in `nn.Sequential(Linear, Sigmoid, Linear, Sigmoid)`: `0.weight`, `0.bias`, `2.weight`,
//! `2.bias`, and so on, for any depth; a weight has the shape [neurons, inputs], as in the book and in the model file.

use smidgen_core::image::PIXELS;
use smidgen_core::{Network, model};

use self::error::shape;
use crate::error::Error;
use crate::menu::{self, Visitor};
use crate::parameters::{self, Layer};

mod error;
pub mod network2;
pub mod npz;
pub mod onnx;
pub mod safetensors;

pub use error::InterchangeError;

/// Neurons of the last layer.
const CLASSES: usize = 10;

/// A network of any size, and what is known of its training.
#[derive(Clone, Debug, PartialEq)]
pub struct Portable {
    /// From the input to the output; at least one, and each has as many inputs as the one before has neurons.
    pub layers: Vec<Layer>,
    /// How the network was trained, in words; `None` if the file does not say.
    pub note: Option<String>,
}

/// A format that a network can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The tensors as PyTorch names them, in the file format of Hugging Face.
    Safetensors,
    /// The JSON that the book's `network2.py` saves.
    Network2Json,
    /// NumPy arrays in a zip archive.
    Npz,
    /// A graph that ONNX runtimes run.
    Onnx,
}

/// A format that a network can be read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// The tensors of a PyTorch network: nn.Sequential(Linear, Sigmoid, Linear, Sigmoid)
    Safetensors,
    /// The JSON that the book's network2.py saves
    Network2Json,
}

impl Portable {
    /// The sizes of the network, from input to output.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(|layer| layer.inputs);
        inputs
            .into_iter()
            .chain(self.layers.iter().map(|layer| layer.neurons))
            .collect()
    }

    /// The network as a model file with a note.
    ///
    /// # Errors
    ///
    /// [`Error::NotOnMenu`] for sizes this program has no type for.
    pub fn to_model(&self, note: &str) -> Result<Vec<u8>, Error> {
        let layers = &self.layers;
        menu::visit(&self.sizes(), Encode { layers, note })
    }
}

/// Encodes layers as a model file.
struct Encode<'a> {
    layers: &'a [Layer],
    note: &'a str,
}

impl Visitor for Encode<'_> {
    type Output = Vec<u8>;

    fn visit<N: Network<784, 10> + Send + Sync>(self) -> Vec<u8> {
        let mut network = bytemuck::zeroed_box::<N>();
        parameters::put_layers(&mut *network, self.layers);
        let mut file = Vec::new();
        model::encode(&*network, self.note, |bytes| file.extend_from_slice(bytes));
        file
    }
}

impl Format {
    /// The bytes of a file with the network; the same network gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`InterchangeError::Encode`] if the network is too large for the format, which none of the menu is.
    pub fn encode(self, network: &Portable) -> Result<Vec<u8>, InterchangeError> {
        match self {
            Self::Safetensors => safetensors::encode(network),
            Self::Network2Json => network2::encode(network),
            Self::Npz => npz::encode(network),
            Self::Onnx => Ok(onnx::encode(network)),
        }
    }
}

impl Source {
    /// The format of a file by how it begins, or else by the ending of its name; `None` if neither tells.
    #[must_use]
    pub fn of(bytes: &[u8], extension: Option<&str>) -> Option<Self> {
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        match extension {
            _ if safetensors::begins(bytes) => Some(Self::Safetensors),
            _ if is_json => Some(Self::Network2Json),
            Some("safetensors") => Some(Self::Safetensors),
            Some("json") => Some(Self::Network2Json),
            _ => None,
        }
    }

    /// The network in the bytes of a file.
    ///
    /// # Errors
    ///
    /// [`InterchangeError`], which names the tensor that is not as it should be; one of another number of inputs or
    /// outputs than digits have, too.
    pub fn decode(self, bytes: &[u8]) -> Result<Portable, InterchangeError> {
        let (network, name): (Portable, fn(usize) -> String) = match self {
            Self::Safetensors => (safetensors::decode(bytes)?, |i| {
                tensor_name(i, Part::Weight)
            }),
            Self::Network2Json => (network2::decode(bytes)?, |i| format!("weights[{i}]")),
        };
        let last = network.layers.len().saturating_sub(1);
        for (i, layer) in network.layers.iter().enumerate() {
            let neurons = if i == last { CLASSES } else { layer.neurons };
            let inputs = if i == 0 { PIXELS } else { layer.inputs };
            if (layer.neurons, layer.inputs) != (neurons, inputs) {
                return Err(InterchangeError::Shape {
                    tensor: name(i),
                    expected: shape(&[neurons, inputs]),
                    found: shape(&[layer.neurons, layer.inputs]),
                });
            }
        }
        Ok(network)
    }
}

/// Which tensor of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Weight,
    Bias,
}

/// PyTorch's name for a tensor of a layer; between two `Linear` stands a `Sigmoid`, which has a number but no tensor.
fn tensor_name(layer: usize, part: Part) -> String {
    let part = match part {
        Part::Weight => "weight",
        Part::Bias => "bias",
    };
    format!("{}.{part}", 2 * layer)
}

/// A tensor to be written: its name, its shape and its numbers in the order of C.
struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    values: &'a [f32],
}

impl Tensor<'_> {
    /// The numbers, little-endian.
    fn bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }
}

/// The tensors of all layers, weight before bias.
fn tensors(layers: &[Layer]) -> impl Iterator<Item = Tensor<'_>> {
    layers.iter().enumerate().flat_map(|(i, layer)| {
        [
            Tensor {
                name: tensor_name(i, Part::Weight),
                shape: vec![layer.neurons, layer.inputs],
                values: layer.weights(),
            },
            Tensor {
                name: tensor_name(i, Part::Bias),
                shape: vec![layer.neurons],
                values: &layer.biases,
            },
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network of other sizes than any of the menu, no number like another.
    fn small() -> Portable {
        let numbers = |n: usize, start: f32| (0..n).map(|i| start + i as f32 / 3.0).collect();
        Portable {
            layers: vec![
                Layer::new(3, numbers(6, -1.0), numbers(2, 5.0)).unwrap(),
                Layer::new(2, numbers(8, 1e-20), numbers(4, -0.0)).unwrap(),
            ],
            note: Some("a \"note\"".into()),
        }
    }

    #[test]
    fn sizes_go_from_the_input_to_the_output() {
        assert_eq!(small().sizes(), [3, 2, 4]);
    }

    #[test]
    fn sizes_that_are_not_on_the_menu_are_named() {
        let error = small().to_model("").unwrap_err();
        assert!(error.to_string().starts_with("[3,2,4] is not on the menu"));
    }

    #[test]
    fn what_was_written_is_recognised_and_read_back() {
        type Decode = fn(&[u8]) -> Result<Portable, InterchangeError>;
        let files: [(Format, Source, Decode); 2] = [
            (
                Format::Safetensors,
                Source::Safetensors,
                safetensors::decode,
            ),
            (Format::Network2Json, Source::Network2Json, network2::decode),
        ];
        for (format, source, decode) in files {
            let bytes = format.encode(&small()).unwrap();
            assert_eq!(Source::of(&bytes, None), Some(source));
            let network = decode(&bytes).unwrap();
            assert_eq!(network, small());
            assert_eq!(format.encode(&network).unwrap(), bytes);
        }
    }

    #[test]
    fn another_number_of_inputs_or_outputs_is_a_fault_of_its_tensor() {
        let bytes = Format::Safetensors.encode(&small()).unwrap();
        let error = Source::Safetensors.decode(&bytes).unwrap_err();
        let text = "tensor 0.weight: shape [2, 784] expected, [2, 3] found";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn the_ending_of_the_name_tells_where_the_content_does_not() {
        assert_eq!(Source::of(b"", Some("json")), Some(Source::Network2Json));
        let found = Source::of(b"", Some("safetensors"));
        assert_eq!(found, Some(Source::Safetensors));
        assert_eq!(Source::of(b"PK", Some("npz")), None);
    }
}
