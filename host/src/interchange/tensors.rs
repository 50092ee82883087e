//! The tensors of a network, by the names that PyTorch gives them.

use std::borrow::Cow;

use crate::network::layer::Layer;

/// Which tensor of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Weight,
    Bias,
}

/// PyTorch's name for a tensor of a layer; between two `Linear` stands a `Sigmoid`, which has a number but no tensor.
pub fn tensor_name(layer: usize, part: Part) -> String {
    let part = match part {
        Part::Weight => "weight",
        Part::Bias => "bias",
    };
    format!("{}.{part}", 2 * layer)
}

/// A tensor to be written: its name, its shape and its numbers in the order of C.
pub struct Tensor<'a> {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Cow<'a, [f32]>,
}

impl Tensor<'_> {
    /// The numbers, little-endian.
    pub fn bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }
}

/// The tensors of all layers, weight before bias.
pub fn tensors(layers: &[Layer]) -> impl Iterator<Item = Tensor<'_>> {
    layers.iter().enumerate().flat_map(|(i, layer)| {
        [
            Tensor {
                name: tensor_name(i, Part::Weight),
                shape: vec![layer.neurons, layer.inputs],
                values: layer.weights().into(),
            },
            Tensor {
                name: tensor_name(i, Part::Bias),
                shape: vec![layer.neurons],
                values: layer.biases.as_slice().into(),
            },
        ]
    })
}
