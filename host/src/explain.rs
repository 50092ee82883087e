//! One network on one image with every number kept: forward, backward, a check of the gradient, one step.
//!
//! All of it is the core's own work; what is done here is to keep the numbers and to try the cost at other weights.

use smidgen_core::activation::sigmoid;
use smidgen_core::batch::Single;
use smidgen_core::{Backprop, Cost, Image, Input, Network, Trace, backprop, classify, learn};

use crate::parameters::{self, Layer};

/// The longer of the two steps to either side in the check of the gradient.
const STEP: f32 = 1.0 / 16.0;

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

/// A derivative by backpropagation and by differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// What backpropagation says.
    pub backpropagation: f64,
    /// What differences of the cost say.
    pub differences: f64,
}

impl Difference {
    /// How far apart they are, in parts of the larger; 0 if both are 0.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        let larger = self.backpropagation.abs().max(self.differences.abs());
        if larger == 0.0 {
            0.0
        } else {
            (self.backpropagation - self.differences).abs() / larger
        }
    }
}

/// One parameter whose derivative was checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    /// The layer, from 0.
    pub layer: usize,
    /// The neuron.
    pub j: usize,
    /// The neuron of the layer before that a weight comes from; `None` for a bias.
    pub k: Option<usize>,
    /// Its derivative, twice.
    pub derivative: Difference,
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
        checks: steepest(&gradient)
            .into_iter()
            .map(|place| trial.check(&gradient, place))
            .collect(),
        slope: trial.slope(&gradient, &example),
        after: trial.learned(learning_rate),
        layers,
        gradient,
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

/// Layer, neuron, and the k of a weight.
type Place = (usize, usize, Option<usize>);

/// In each layer the weight and the bias with the largest derivatives.
fn steepest(gradient: &[Layer]) -> Vec<Place> {
    let mut places = Vec::new();
    for (l, layer) in gradient.iter().enumerate() {
        let weights = (0..layer.neurons).flat_map(|j| {
            let weights = layer.weights_into(j).iter().enumerate();
            weights.map(move |(k, &value)| ((l, j, Some(k)), value))
        });
        let biases = layer.biases.iter().enumerate();
        let biases = biases.map(|(j, &value)| ((l, j, None), value));
        places.extend(largest(weights).into_iter().chain(largest(biases)));
    }
    places
}

fn largest(values: impl Iterator<Item = (Place, f32)>) -> Option<Place> {
    let largest = values.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    largest.map(|(place, _)| place)
}

/// The cost of the example at weights other than the network's.
struct Trial<'a, N> {
    network: &'a N,
    cost: Cost,
    image: &'a Image,
    label: usize,
}

impl<N: Network<784, 10>> Trial<'_, N> {
    fn cost(&self, network: &N) -> f64 {
        f64::from(
            self.cost
                .value(&network.feedforward(self.image), self.label),
        )
    }

    /// The derivative by a parameter, from four costs (Richardson's extrapolation of the central difference).
    fn check(&self, gradient: &[Layer], (l, j, k): Place) -> Check {
        let value = gradient.get(l).map_or(0.0, |layer| match k {
            Some(k) => layer.weight(j, k),
            None => layer.biases.get(j).copied().unwrap_or_default(),
        });
        let position = position(gradient, (l, j, k));
        let differences = extrapolated(|step| {
            let (mut above, mut below) = (
                parameters::copy(self.network),
                parameters::copy(self.network),
            );
            // Floats are rounded, so the distance is what the two parameters really are apart.
            let distance = add(&mut *above, position, step) - add(&mut *below, position, -step);
            (self.cost(&above) - self.cost(&below)) / distance
        });
        Check {
            layer: l,
            j,
            k,
            derivative: Difference {
                backpropagation: f64::from(value),
                differences,
            },
        }
    }

    /// The derivative along the gradient: each parameter moves in proportion to its own.
    fn slope(&self, gradient: &[Layer], example: &Backprop<N::Trace>) -> Difference {
        let length = length(gradient);
        let differences = if length == 0.0 {
            0.0
        } else {
            extrapolated(|step| {
                let (mut up, mut down) = (
                    parameters::copy(self.network),
                    parameters::copy(self.network),
                );
                let share = (f64::from(step) / length) as f32;
                descend(&mut *up, self.image, example, -share);
                descend(&mut *down, self.image, example, share);
                (self.cost(&up) - self.cost(&down)) / (2.0 * f64::from(step))
            })
        };
        Difference {
            backpropagation: length,
            differences,
        }
    }

    fn learned(&self, learning_rate: f32) -> After {
        let mut network = parameters::copy(self.network);
        learn(
            &mut *network,
            self.cost,
            self.image,
            self.label,
            learning_rate,
            &mut Backprop::zero(),
        );
        let output = network.feedforward(self.image);
        After {
            cost: self.cost.value(&output, self.label),
            output: output.0,
            predicted: classify(&output),
        }
    }
}

/// From the quotients at a step and at half of it to the one at none, where the error in step² is gone.
fn extrapolated(quotient: impl Fn(f32) -> f64) -> f64 {
    (4.0 * quotient(STEP / 2.0) - quotient(STEP)) / 3.0
}

/// The number of a parameter in the order of [`Network::for_each_parameter`].
fn position(layers: &[Layer], (l, j, k): Place) -> usize {
    let size = |layer: &Layer| (layer.inputs + 1) * layer.neurons;
    let before: usize = layers.iter().take(l).map(size).sum();
    before
        + layers.get(l).map_or(0, |layer| match k {
            Some(k) => j * layer.inputs + k,
            None => layer.neurons * layer.inputs + j,
        })
}

/// Adds to one parameter, and gives what it has become.
fn add<N: Network<784, 10>>(network: &mut N, position: usize, step: f32) -> f64 {
    let (mut i, mut found) = (0, 0.0);
    network.for_each_parameter_mut(|parameter| {
        if i == position {
            *parameter += step;
            found = f64::from(*parameter);
        }
        i += 1;
    });
    found
}

/// The length of the gradient, `‖∇C‖`.
#[must_use]
pub fn length(gradient: &[Layer]) -> f64 {
    let mut sum = 0.0;
    for layer in gradient {
        let weights = (0..layer.neurons).flat_map(|j| layer.weights_into(j));
        sum += weights
            .chain(&layer.biases)
            .map(|&value| f64::from(value).powi(2))
            .sum::<f64>();
    }
    sum.sqrt()
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
