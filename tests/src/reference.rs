//! The oracle: the book's network in plain index loops, of any depth, in `f32` and in `f64`.
//!
//! The one second implementation in the workspace, written to be read beside chapters 1 and 2 of Nielsen, *Neural
//! Networks and Deep Learning*, and never to be fast: every input is multiplied, zero or not, z is stored, the
//! gradient has its own memory. In `f32` it takes core's `exp`, so that core must equal it bit for bit; in `f64` it
//! takes the standard library's.

// The loops are to look like the book's sums.
#![allow(clippy::needless_range_loop)]

use core::fmt::Debug;
use core::ops::{Add, Div, Mul, Neg, Sub};

use smidgen_core::activation::exp;
use smidgen_core::{Cost, Network as CoreNetwork};

/// The numbers that the oracle computes with.
pub trait Float:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + From<f32>
{
    /// The exponential, eˣ.
    fn exp(self) -> Self;
}

impl Float for f32 {
    fn exp(self) -> Self {
        exp(self)
    }
}

impl Float for f64 {
    fn exp(self) -> Self {
        self.exp()
    }
}

/// Weights `weights[j][k]` from k to j, as the book writes `w_jk`, and biases `biases[j]`; or their gradients.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<F> {
    /// `w_jk`.
    pub weights: Vec<Vec<F>>,
    /// `b_j`.
    pub biases: Vec<F>,
}

/// A network of any depth, or a gradient of its shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<F> {
    /// From the input to the output.
    pub layers: Vec<Layer<F>>,
}

/// What one example leaves: for every layer after the input z, a and δ.
#[derive(Clone, Debug, PartialEq)]
pub struct Example<F> {
    /// The weighted inputs, zˡ.
    pub weighted_inputs: Vec<Vec<F>>,
    /// aˡ = σ(zˡ).
    pub activations: Vec<Vec<F>>,
    /// δˡ = ∂C/∂zˡ.
    pub deltas: Vec<Vec<F>>,
}

fn zero<F: Float>() -> F {
    F::from(0.0)
}

fn one<F: Float>() -> F {
    F::from(1.0)
}

/// σ(z) = 1 / (1 + e⁻ᶻ).
pub fn sigmoid<F: Float>(z: F) -> F {
    one::<F>() / (one::<F>() + (-z).exp())
}

/// `C = ½ Σ_j (a_j − y_j)²` of one example, y being 1 for the label and 0 for the other classes.
pub fn quadratic_cost<F: Float>(output: &[F], label: usize) -> F {
    let mut sum = zero::<F>();
    for j in 0..output.len() {
        let error = output[j] - target(j, label);
        sum = sum + error * error;
    }
    F::from(0.5) * sum
}

fn target<F: Float>(j: usize, label: usize) -> F {
    if j == label { one() } else { zero() }
}

impl<F: Float> Network<F> {
    /// A network of zeros; `sizes` from the input to the output.
    #[must_use]
    pub fn zero(sizes: &[usize]) -> Self {
        let layers = sizes
            .windows(2)
            .map(|pair| Layer {
                weights: vec![vec![zero(); pair[0]]; pair[1]],
                biases: vec![zero(); pair[1]],
            })
            .collect();
        Self { layers }
    }

    /// The same network as one of core's.
    ///
    /// # Panics
    ///
    /// If core has another number of parameters than it says.
    pub fn of<N: CoreNetwork<I, O>, const I: usize, const O: usize>(network: &N) -> Self {
        let mut sizes = vec![I];
        N::for_each_size(|size| sizes.push(size));
        let mut values = Vec::new();
        network.for_each_parameter(|value| values.push(value));
        assert_eq!(values.len(), N::PARAMETERS);
        let mut values = values.into_iter();
        let mut copy = Self::zero(&sizes);
        copy.for_each_parameter_mut(|parameter| {
            *parameter = F::from(values.next().unwrap_or_default());
        });
        copy
    }

    /// Calls `visit` with every parameter: layer by layer the weights neuron by neuron, then the biases.
    pub fn for_each_parameter_mut(&mut self, mut visit: impl FnMut(&mut F)) {
        for layer in &mut self.layers {
            for neuron in &mut layer.weights {
                neuron.iter_mut().for_each(&mut visit);
            }
            layer.biases.iter_mut().for_each(&mut visit);
        }
    }

    /// Every parameter in the order of [`Network::for_each_parameter_mut`].
    #[must_use]
    pub fn parameters(&self) -> Vec<F> {
        let mut parameters = Vec::new();
        for layer in &self.layers {
            for neuron in &layer.weights {
                parameters.extend_from_slice(neuron);
            }
            parameters.extend_from_slice(&layer.biases);
        }
        parameters
    }

    /// Forward, then (BP1) and (BP2), with the quadratic cost.
    #[must_use]
    pub fn backprop(&self, input: &[F], label: usize) -> Example<F> {
        self.backprop_of(Cost::Quadratic, input, label)
    }

    /// Forward, then (BP1) and (BP2), with any cost.
    #[must_use]
    pub fn backprop_of(&self, cost: Cost, input: &[F], label: usize) -> Example<F> {
        let mut example = self.forward(input);
        self.backward(&mut example, cost, label);
        example
    }

    /// z and a of every layer; deltas of 0.
    #[must_use]
    pub fn forward(&self, input: &[F]) -> Example<F> {
        let mut example = Example {
            weighted_inputs: Vec::new(),
            activations: Vec::new(),
            deltas: Vec::new(),
        };
        let mut below = input.to_vec();
        for layer in &self.layers {
            let mut zs = Vec::new();
            for j in 0..layer.biases.len() {
                let mut sum = zero::<F>();
                for k in 0..below.len() {
                    sum = sum + layer.weights[j][k] * below[k];
                }
                zs.push(sum + layer.biases[j]);
            }
            below = zs.iter().map(|&z| sigmoid(z)).collect();
            example.deltas.push(vec![zero(); zs.len()]);
            example.weighted_inputs.push(zs);
            example.activations.push(below.clone());
        }
        example
    }

    fn backward(&self, example: &mut Example<F>, cost: Cost, label: usize) {
        let last = self.layers.len() - 1;
        for j in 0..example.deltas[last].len() {
            let a = example.activations[last][j];
            let error = a - target(j, label);
            example.deltas[last][j] = match cost {
                Cost::CrossEntropy => error,
                _ => error * (a * (one::<F>() - a)),
            };
        }
        for l in (0..last).rev() {
            let above = &self.layers[l + 1];
            for k in 0..example.deltas[l].len() {
                let mut error = zero::<F>();
                for j in 0..above.biases.len() {
                    error = error + above.weights[j][k] * example.deltas[l + 1][j];
                }
                let a = example.activations[l][k];
                example.deltas[l][k] = error * (a * (one::<F>() - a));
            }
        }
    }

    /// `Σ_i ∂C_i/∂w` and `Σ_i ∂C_i/∂b` over a mini-batch, (BP3) and (BP4), in the order of its examples.
    #[must_use]
    pub fn gradient(&self, inputs: &[Vec<F>], examples: &[Example<F>]) -> Self {
        let mut gradient = self.clone();
        gradient.for_each_parameter_mut(|parameter| *parameter = zero());
        for (input, example) in inputs.iter().zip(examples) {
            for l in 0..self.layers.len() {
                let below = if l == 0 {
                    input
                } else {
                    &example.activations[l - 1]
                };
                let layer = &mut gradient.layers[l];
                for j in 0..layer.biases.len() {
                    let delta = example.deltas[l][j];
                    for k in 0..below.len() {
                        layer.weights[j][k] = layer.weights[j][k] + below[k] * delta;
                    }
                    layer.biases[j] = layer.biases[j] + delta;
                }
            }
        }
        gradient
    }

    /// `w ← w − (η / m) Σ_i ∂C_i/∂w`, (20) and (21) of chapter 1, where m is the number of examples.
    pub fn update_mini_batch(
        &mut self,
        inputs: &[Vec<F>],
        examples: &[Example<F>],
        learning_rate: F,
    ) {
        let step = learning_rate / F::from(examples.len() as f32);
        let mut gradient = self
            .gradient(inputs, examples)
            .parameters()
            .into_iter()
            .map(|value| step * value);
        self.for_each_parameter_mut(|parameter| {
            if let Some(change) = gradient.next() {
                *parameter = *parameter - change;
            }
        });
    }

    /// Changes each weight w to `weight(w, w′)` and each bias b to `bias(b, b′)`, w′ and b′ those of `other`.
    pub fn combine(&mut self, other: &Self, weight: impl Fn(F, F) -> F, bias: impl Fn(F, F) -> F) {
        for (layer, others) in self.layers.iter_mut().zip(&other.layers) {
            for j in 0..layer.biases.len() {
                for k in 0..layer.weights[j].len() {
                    layer.weights[j][k] = weight(layer.weights[j][k], others.weights[j][k]);
                }
                layer.biases[j] = bias(layer.biases[j], others.biases[j]);
            }
        }
    }

    /// The cost of one example.
    #[must_use]
    pub fn cost(&self, input: &[F], label: usize) -> F {
        let example = self.forward(input);
        example
            .activations
            .last()
            .map_or(zero(), |output| quadratic_cost(output, label))
    }
}
