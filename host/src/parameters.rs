//! The parameters of a network whose type is known only at run time, as lists by layer in the book's order.

use smidgen_core::Network;

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

/// The layers of a network, or of a gradient that has its type.
#[must_use]
pub fn layers<N: Network<784, 10>>(network: &N) -> Vec<Layer> {
    let mut all = Vec::with_capacity(N::PARAMETERS);
    network.for_each_parameter(|parameter| all.push(parameter));
    let mut layers = Vec::with_capacity(N::LAYERS);
    let (mut rest, mut inputs) = (all.as_slice(), 784);
    N::for_each_size(|neurons| {
        // The visits give as many numbers as the sizes say.
        let (weights, after) = rest
            .split_at_checked(inputs * neurons)
            .unwrap_or((rest, &[]));
        let (biases, after) = after.split_at_checked(neurons).unwrap_or((after, &[]));
        layers.push(Layer {
            inputs,
            neurons,
            weights: weights.to_vec(),
            biases: biases.to_vec(),
        });
        (rest, inputs) = (after, neurons);
    });
    layers
}

/// A copy of a network, made in place on the heap.
#[must_use]
pub fn copy<N: Network<784, 10>>(network: &N) -> Box<N> {
    let mut copy = bytemuck::zeroed_box::<N>();
    overwrite(&mut *copy, network);
    copy
}

/// Gives `network` the parameters of another.
pub fn overwrite<N: Network<784, 10>>(network: &mut N, other: &N) {
    let mut parameters = Vec::with_capacity(N::PARAMETERS);
    other.for_each_parameter(|parameter| parameters.push(parameter));
    fill(network, parameters);
}

/// Gives `network` the parameters of layers of its own sizes.
pub fn put_layers<N: Network<784, 10>>(network: &mut N, layers: &[Layer]) {
    let parameters = layers
        .iter()
        .flat_map(|l| l.weights.iter().chain(&l.biases));
    fill(network, parameters.copied());
}

/// Gives `network` its parameters in the book's order; there are as many as it has.
fn fill<N: Network<784, 10>>(network: &mut N, parameters: impl IntoIterator<Item = f32>) {
    let mut parameters = parameters.into_iter();
    network.for_each_parameter_mut(|parameter| {
        *parameter = parameters.next().unwrap_or_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::network;

    #[test]
    fn every_parameter_is_in_its_place() {
        let mut network = bytemuck::zeroed_box::<network![784, 20, 10]>();
        network.layer.weights[700][3] = 1.0;
        network.layer.biases[19] = 2.0;
        network.rest.weights[5][9] = 3.0;
        network.rest.biases[0] = 4.0;
        let layers = layers(&*network);
        let shapes: Vec<_> = layers.iter().map(|l| (l.inputs, l.neurons)).collect();
        assert_eq!(shapes, [(784, 20), (20, 10)]);
        let found = [
            layers[0].weight(3, 700),
            layers[0].biases[19],
            layers[1].weight(9, 5),
            layers[1].biases[0],
        ];
        assert_eq!(found.map(|value| value as i32), [1, 2, 3, 4]);
        assert!(layers[0].weights_into(20).is_empty());
        assert_eq!(super::layers(&*copy(&*network)), layers);
        let mut other = bytemuck::zeroed_box::<network![784, 20, 10]>();
        put_layers(&mut *other, &layers);
        assert_eq!(super::layers(&*other), layers);
    }

    #[test]
    fn a_layer_has_its_inputs_for_each_neuron() {
        assert!(Layer::new(2, vec![0.0; 6], vec![0.0; 3]).is_some());
        assert!(Layer::new(2, vec![0.0; 5], vec![0.0; 3]).is_none());
        assert!(Layer::new(usize::MAX, vec![0.0; 5], vec![0.0; 3]).is_none());
    }
}
