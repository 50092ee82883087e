//! The formats that a network can be written in and read from.

use super::error::{InterchangeError, shape};
use super::portable::Portable;
use super::tensors::{Part, tensor_name};
use super::{network2, npz, onnx, safetensors};
use crate::network::Networks;

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

impl Format {
    /// The bytes of a file with the network; the same network gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`InterchangeError::Encode`] if the network is too large for the format, which none of the program is.
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
        let is_json = network2::utf8(bytes).trim_ascii_start().starts_with(b"{");
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
    /// [`InterchangeError`], which names the tensor that is not as it should be.
    pub fn decode(self, bytes: &[u8]) -> Result<Portable, InterchangeError> {
        match self {
            Self::Safetensors => safetensors::decode(bytes),
            Self::Network2Json => network2::decode(bytes),
        }
    }

    /// Checks the numbers of inputs and of outputs of a network that was read, where all networks of a list have the same.
    ///
    /// # Errors
    ///
    /// [`InterchangeError::Shape`], which names the tensor of the first or of the last layer.
    pub fn check_ends(
        self,
        network: &Portable,
        networks: &Networks,
    ) -> Result<(), InterchangeError> {
        let (inputs, outputs) = (
            common(networks.sizes().map(|sizes| sizes.first().copied())),
            common(networks.sizes().map(|sizes| sizes.last().copied())),
        );
        let last = network.layers.len().saturating_sub(1);
        for (i, layer) in network.layers.iter().enumerate() {
            let neurons = outputs.filter(|_| i == last).unwrap_or(layer.neurons);
            let inputs = inputs.filter(|_| i == 0).unwrap_or(layer.inputs);
            if (layer.neurons, layer.inputs) != (neurons, inputs) {
                return Err(InterchangeError::Shape {
                    tensor: self.weight_name(i),
                    expected: shape(&[neurons, inputs]),
                    found: shape(&[layer.neurons, layer.inputs]),
                });
            }
        }
        Ok(())
    }

    /// What the format calls the weights of a layer.
    fn weight_name(self, layer: usize) -> String {
        match self {
            Self::Safetensors => tensor_name(layer, Part::Weight),
            Self::Network2Json => format!("weights[{layer}]"),
        }
    }
}

/// What all values are, if they are all the same.
fn common(mut values: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::About;
    use crate::network::layer::Layer;

    /// A network of other sizes than any of the program, no number like another.
    fn small() -> Portable {
        let numbers = |n: usize, start: f32| (0..n).map(|i| start + i as f32 / 3.0).collect();
        Portable {
            layers: vec![
                Layer::new(3, numbers(6, -1.0), numbers(2, 5.0)).unwrap(),
                Layer::new(2, numbers(8, 1e-20), numbers(4, -0.0)).unwrap(),
            ],
            note: Some("a \"note\"".into()),
            about: About::default(),
        }
    }

    #[test]
    fn sizes_go_from_the_input_to_the_output() {
        assert_eq!(small().sizes(), [3, 2, 4]);
    }

    #[test]
    fn sizes_that_were_not_compiled_are_named() {
        let error = small().network(&crate::networks![[3, 4, 4]]).err().unwrap();
        assert!(error.to_string().starts_with("[3,2,4] is not on the menu"));
        let network = small().network(&crate::networks![[3, 2, 4]]).unwrap();
        assert_eq!(network.parameters()[6..8], [5.0, 5.0 + 1.0 / 3.0]);
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
        let networks = crate::networks![[784, 2, 4], [784, 3, 4]];
        let error = Source::Safetensors
            .check_ends(&small(), &networks)
            .unwrap_err();
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
