//! A gradient checked: the cost tried at weights a little to either side of the network's.

use smidgen_core::{Backprop, Cost, Image, Network};

use super::descend;
use crate::parameters::{self, Layer};

/// The longer of the two steps to either side.
const STEP: f32 = 1.0 / 16.0;

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
pub(super) struct Trial<'a, N> {
    pub network: &'a N,
    pub cost: Cost,
    pub image: &'a Image,
    pub label: usize,
}

impl<N: Network<784, 10>> Trial<'_, N> {
    fn cost(&self, network: &N) -> f64 {
        f64::from(
            self.cost
                .value(&network.feedforward(self.image), self.label),
        )
    }

    /// The steepest parameters of every kind.
    pub fn checks(&self, gradient: &[Layer]) -> Vec<Check> {
        let places = steepest(gradient).into_iter();
        places.map(|place| self.check(gradient, place)).collect()
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
    pub fn slope(&self, gradient: &[Layer], example: &Backprop<N::Trace>) -> Difference {
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
fn length(gradient: &[Layer]) -> f64 {
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
