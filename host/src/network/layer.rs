//! The parameters of a network as lists by layer, in the book's order.

/// Weights and biases of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Neurons of the layer before, or inputs.
    pub inputs: usize,
    /// Neurons.
    pub neurons: usize,
    /// `w_jk`, the weights of neuron 0 first.
    weights: Vec<f32>,
    /// `b_j`.
    pub biases: Vec<f32>,
}

impl Layer {
    /// A layer of as many neurons as there are biases, out of `w_jk`, the weights of neuron 0 first; `None` if there
    /// are not `inputs` weights for each neuron.
    #[must_use]
    pub fn new(inputs: usize, weights: Vec<f32>, biases: Vec<f32>) -> Option<Self> {
        let neurons = biases.len();
        (inputs.checked_mul(neurons) == Some(weights.len())).then_some(Self {
            inputs,
            neurons,
            weights,
            biases,
        })
    }

    /// `w_jk`, the weights of neuron 0 first.
    #[must_use]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The weights into neuron `j`, by k; none if there is no such neuron.
    #[must_use]
    pub fn weights_into(&self, j: usize) -> &[f32] {
        let start = j.saturating_mul(self.inputs);
        self.weights
            .get(start..start.saturating_add(self.inputs))
            .unwrap_or_default()
    }

    /// `w_jk`; 0 if there is no such weight.
    #[must_use]
    pub fn weight(&self, j: usize, k: usize) -> f32 {
        self.weights_into(j).get(k).copied().unwrap_or_default()
    }
}

/// The layers of a network of some sizes, or of a gradient that has its form, out of its parameters in their order.
#[must_use]
pub fn layers(sizes: &[usize], parameters: &[f32]) -> Vec<Layer> {
    let mut rest = parameters;
    let pairs = sizes.iter().zip(sizes.iter().skip(1));
    pairs
        .map(|(&inputs, &neurons)| {
            // There are as many numbers as the sizes say.
            let (weights, after) = rest
                .split_at_checked(inputs * neurons)
                .unwrap_or((rest, &[]));
            let (biases, after) = after.split_at_checked(neurons).unwrap_or((after, &[]));
            rest = after;
            Layer {
                inputs,
                neurons,
                weights: weights.to_vec(),
                biases: biases.to_vec(),
            }
        })
        .collect()
}

/// The parameters of layers in the order of a network's.
#[must_use]
pub fn parameters(layers: &[Layer]) -> Vec<f32> {
    let all = layers
        .iter()
        .flat_map(|l| l.weights.iter().chain(&l.biases));
    all.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_in_its_place() {
        let numbers: Vec<f32> = (0..13).map(|i| i as f32).collect();
        let layers = layers(&[2, 3, 1], &numbers);
        let shapes: Vec<_> = layers.iter().map(|l| (l.inputs, l.neurons)).collect();
        assert_eq!(shapes, [(2, 3), (3, 1)]);
        assert_eq!(layers[0].weights_into(1), [2.0, 3.0]);
        assert_eq!(layers[0].biases, [6.0, 7.0, 8.0]);
        assert_eq!(
            (layers[1].weight(0, 2) as i32, layers[1].biases[0] as i32),
            (11, 12)
        );
        assert!(layers[0].weights_into(3).is_empty());
        assert_eq!(parameters(&layers), numbers);
    }

    #[test]
    fn a_layer_has_its_inputs_for_each_neuron() {
        assert!(Layer::new(2, vec![0.0; 6], vec![0.0; 3]).is_some());
        assert!(Layer::new(2, vec![0.0; 5], vec![0.0; 3]).is_none());
        assert!(Layer::new(usize::MAX, vec![0.0; 5], vec![0.0; 3]).is_none());
    }
}
