//! One network on one image with every number kept: forward, backward, a check of the gradient, one step.
//!
//! All of it is the core's own work; what is done here is to keep the numbers and to try the cost at other weights.

use smidgen_core::activation::sigmoid;
use smidgen_core::batch::Single;
use smidgen_core::{Backprop, Cost, Image, Input, Network, Trace, backprop, classify, learn};

use crate::parameters::{self, Layer};

mod check;

use check::Trial;
pub use check::{Check, Difference};

/// Everything there is to see of one example.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The parameters, by layer.
    pub layers: Vec<Layer>,
    /// (k, `x_k`) of the pixels that are not 0.
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After {
    /// The cost of the example now.
    pub cost: f32,
    /// The output now.
    pub output: [f32; 10],
    /// The class the network says now.
    pub predicted: usize,
}

/// Walks through a network on an image: forward, backward, check, one step with `learning_rate` on a copy.
#[must_use]
pub fn walk<N: Network<784, 10>>(
    network: &N,
    cost: Cost,
    image: &Image,
    label: usize,
    learning_rate: f32,
) -> Walk {
    let mut example = Backprop::zero();
    backprop(network, cost, image, label, &mut example);
    let mut gradient = bytemuck::zeroed_box::<N>();
    descend(&mut *gradient, image, &example, -1.0);
    let (layers, gradient) = (parameters::layers(network), parameters::layers(&*gradient));
    let trial = Trial {
        network,
        cost,
        image,
        label,
    };
    Walk {
        inputs: Input::<784>::active(image).collect(),
        activations: rows(&example.trace),
        deltas: rows(&example.deltas),
        cost: cost.value(example.trace.output(), label),
        predicted: classify(example.trace.output()),
        checks: trial.checks(&gradient),
        slope: trial.slope(&gradient, &example),
        after: learned(network, cost, (image, label), learning_rate),
        layers,
        gradient,
    }
}

/// What the example costs after one step of learning, on a copy.
fn learned<N: Network<784, 10>>(
    network: &N,
    cost: Cost,
    (image, label): (&Image, usize),
    learning_rate: f32,
) -> After {
    let mut network = parameters::copy(network);
    let step = learning_rate;
    learn(
        &mut *network,
        cost,
        image,
        label,
        step,
        &mut Backprop::zero(),
    );
    let output = network.feedforward(image);
    After {
        cost: cost.value(&output, label),
        output: output.0,
        predicted: classify(&output),
    }
}

/// One step of the core down the gradient of an example.
fn descend<N: Network<784, 10>>(
    network: &mut N,
    image: &Image,
    example: &Backprop<N::Trace>,
    step: f32,
) {
    network.descend(
        &Single(image),
        std::slice::from_ref(example),
        |trace| trace,
        step,
    );
}

/// The values of a trace, by layer.
pub(crate) fn rows(trace: &impl Trace<10>) -> Vec<Vec<f32>> {
    let mut rows = Vec::new();
    trace.for_each_layer(|row| rows.push(row.to_vec()));
    rows
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
