//! A gradient checked: the cost tried at weights a little to either side of the network's.

use crate::network::Learner;
use crate::network::layer::Layer;

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

/// The cost of the example at weights other than the network's, tried on a copy.
pub(super) struct Trial<'a, C> {
    network: Box<dyn Learner>,
    parameters: &'a [f32],
    cost: C,
}

impl<'a, C: Fn(&dyn Learner) -> f64> Trial<'a, C> {
    /// Trials with a network of the given parameters; `cost` is that of the example with another network.
    pub fn new(network: &dyn Learner, parameters: &'a [f32], cost: C) -> Self {
        Self {
            network: network.copy(),
            parameters,
            cost,
        }
    }

    /// The cost at `change(i, w)` in place of each parameter w, by its number i.
    fn cost_at(&mut self, change: impl Fn(usize, f32) -> f32) -> f64 {
        let parameters = self.parameters.iter().enumerate();
        let changed: Vec<f32> = parameters.map(|(i, &w)| change(i, w)).collect();
        self.network.set_parameters(&changed);
        (self.cost)(&*self.network)
    }

    /// The steepest parameters of every kind.
    pub fn checks(&mut self, gradient: &[Layer]) -> Vec<Check> {
        let places = steepest(gradient).into_iter();
        places.map(|place| self.check(gradient, place)).collect()
    }

    /// The derivative by a parameter, from four costs (Richardson's extrapolation of the central difference).
    fn check(&mut self, gradient: &[Layer], (l, j, k): Place) -> Check {
        let slope = gradient.get(l).map_or(0.0, |layer| match k {
            Some(k) => layer.weight(j, k),
            None => layer.biases.get(j).copied().unwrap_or_default(),
        });
        let position = position(gradient, (l, j, k));
        let value = self.parameters.get(position).copied().unwrap_or_default();
        let differences = extrapolated(|step| {
            let mut at = |w: f32| self.cost_at(|i, other| if i == position { w } else { other });
            let (above, below) = (value + step, value - step);
            // Floats are rounded, so the distance is what the two parameters really are apart.
            (at(above) - at(below)) / (f64::from(above) - f64::from(below))
        });
        Check {
            layer: l,
            j,
            k,
            derivative: Difference {
                backpropagation: f64::from(slope),
                differences,
            },
        }
    }

    /// The derivative along the gradient: each parameter moves in proportion to its own.
    pub fn slope(&mut self, layers: &[Layer], gradient: &[f32]) -> Difference {
        let length = length(layers);
        let differences = if length == 0.0 {
            0.0
        } else {
            extrapolated(|step| {
                let share = (f64::from(step) / length) as f32;
                let slope = |i: usize| gradient.get(i).copied().unwrap_or_default();
                let up = self.cost_at(|i, w| w + share * slope(i));
                let down = self.cost_at(|i, w| w - share * slope(i));
                (up - down) / (2.0 * f64::from(step))
            })
        };
        Difference {
            backpropagation: length,
            differences,
        }
    }
}

/// From the quotients at a step and at half of it to the one at none, where the error in step² is gone.
fn extrapolated(mut quotient: impl FnMut(f32) -> f64) -> f64 {
    (4.0 * quotient(STEP / 2.0) - quotient(STEP)) / 3.0
}

/// The number of a parameter in the order of [`Learner::parameters`].
fn position(layers: &[Layer], (l, j, k): Place) -> usize {
    let size = |layer: &Layer| (layer.inputs + 1) * layer.neurons;
    let before: usize = layers.iter().take(l).map(size).sum();
    before
        + layers.get(l).map_or(0, |layer| match k {
            Some(k) => j * layer.inputs + k,
            None => layer.neurons * layer.inputs + j,
        })
}

/// The length of the gradient, `‖∇C‖`.
fn length(gradient: &[Layer]) -> f64 {
    let square = |&value: &f32| f64::from(value).powi(2);
    let squares = gradient.iter().map(|layer| {
        let parameters = layer.weights().iter().chain(&layer.biases);
        parameters.map(square).sum::<f64>()
    });
    squares.sum::<f64>().sqrt()
}
