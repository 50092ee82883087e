//! `Portable`: a network between two file formats.

use crate::data::About;
use crate::network::layer::{self, Layer};
use crate::network::{Learner, NetworkError, Networks};

/// A network of any size, and what is known of its training.
#[derive(Clone, Debug, PartialEq)]
pub struct Portable {
    /// From the input to the output; at least one, and each has as many inputs as the one before has neurons.
    pub layers: Vec<Layer>,
    /// How the network was trained, in words; `None` if the file does not say.
    pub note: Option<String>,
    /// What is known of the data it was trained on; that of MNIST if the file does not say.
    pub about: About,
}

impl Portable {
    /// The sizes of the network, from input to output.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(|layer| layer.inputs);
        inputs
            .into_iter()
            .chain(self.layers.iter().map(|layer| layer.neurons))
            .collect()
    }

    /// The network with these layers, as a type of the given list.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`] for sizes that the list does not have.
    pub fn network(&self, networks: &Networks) -> Result<Box<dyn Learner>, NetworkError> {
        let mut network = networks.float(&self.sizes())?;
        network.set_parameters(&layer::parameters(&self.layers));
        Ok(network)
    }
}
