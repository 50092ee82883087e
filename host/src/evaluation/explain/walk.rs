//! `Walk`: one network on one image with every number kept.

use smidgen_core::image::intensity;
use smidgen_core::{Cost, activation::sigmoid};

use super::check::{Check, Difference, Trial};
use crate::data::Input;
use crate::network::Learner;
use crate::network::layer::{Layer, layers};

/// Everything there is to see of one example.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The parameters, by layer.
    pub layers: Vec<Layer>,
    /// (k, `x_k`) of the inputs that are not 0.
    pub inputs: Vec<(usize, f32)>,
    /// aˡ, by layer.
    pub activations: Vec<Vec<f32>>,
    /// δˡ, by layer.
    pub deltas: Vec<Vec<f32>>,
    /// ∂C/∂w and ∂C/∂b, by layer.
    pub gradient: Vec<Layer>,
    /// The cost of this example.
    pub cost: f32,
    /// The class the network says.
    pub predicted: usize,
    /// Single parameters checked, the steepest of every kind.
    pub checks: Vec<Check>,
    /// The slope along the gradient, which takes part of every parameter: it should be the gradient's length.
    pub slope: Difference,
    /// The same image after one step.
    pub after: After,
}

/// What one step of learning did.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// The cost of the example now.
    pub cost: f32,
    /// The output now.
    pub output: Vec<f32>,
    /// The class the network says now.
    pub predicted: usize,
}

/// Walks through a network on an image: forward, backward, check, one step with `learning_rate` on a copy.
#[must_use]
pub fn walk(
    network: &dyn Learner,
    cost: Cost,
    input: Input<'_>,
    label: usize,
    learning_rate: f32,
) -> Walk {
    let example = network.backprop(cost, input, label);
    let sizes = network.sizes();
    let parameters = network.parameters();
    let gradient = layers(&sizes, &example.gradient);
    let mut trial = Trial::new(network, &parameters, |network: &dyn Learner| {
        f64::from(cost.value_of(&network.infer(input).activations, label))
    });
    Walk {
        inputs: inputs(input),
        cost: cost.value_of(example.activations.last().map_or(&[], Vec::as_slice), label),
        predicted: network.infer(input).class,
        checks: trial.checks(&gradient),
        slope: trial.slope(&gradient, &example.gradient),
        after: learned(network, cost, (input, label), learning_rate),
        layers: layers(&sizes, &parameters),
        activations: example.activations,
        deltas: example.deltas,
        gradient,
    }
}

/// (k, `x_k`) of the inputs that are not 0.
fn inputs(input: Input<'_>) -> Vec<(usize, f32)> {
    let values: Vec<f32> = match input {
        Input::Pixels(image) => image.iter().map(|&pixel| intensity(pixel)).collect(),
        Input::Readings(readings) => readings.to_vec(),
    };
    let values = values.into_iter().enumerate();
    values.filter(|&(_, x)| x != 0.0).collect()
}

/// What the example costs after one step of learning, on a copy.
fn learned(
    network: &dyn Learner,
    cost: Cost,
    (input, label): (Input<'_>, usize),
    learning_rate: f32,
) -> After {
    let mut network = network.copy();
    network.learn(cost, input, label, learning_rate);
    let answer = network.infer(input);
    After {
        cost: cost.value_of(&answer.activations, label),
        output: answer.activations,
        predicted: answer.class,
    }
}

/// The weighted input of neuron `j` of a layer with its terms: (k, `w_jk`, `x_k`) in order, and `z_j` with the core's bits.
#[must_use]
pub fn weighted_input(
    layer: &Layer,
    j: usize,
    inputs: &[(usize, f32)],
) -> (Vec<(usize, f32, f32)>, f32) {
    let terms: Vec<_> = inputs
        .iter()
        .map(|&(k, x)| (k, layer.weight(j, k), x))
        .collect();
    let sum = terms.iter().fold(0.0, |sum, &(_, w, x)| sum + x * w);
    (
        terms,
        sum + layer.biases.get(j).copied().unwrap_or_default(),
    )
}

/// Whether a z written out is the one the network went through, to the bit.
#[must_use]
pub fn leads_to(z: f32, activation: f32) -> bool {
    sigmoid(z).to_bits() == activation.to_bits()
}
