//! From a float network to one whose weights and biases are floats of 16 bits: each becomes the nearest.

use smidgen_core::Half;

use super::error::QuantizeError;
use crate::network::layer::layers;
use crate::network::{AnyNetwork, Learner};

/// Makes a network of 16-bit weights of the same sizes.
///
/// # Errors
///
/// [`QuantizeError::TooLarge`] for a magnitude above [`Half::LARGEST`]; `halves` is then as it was.
pub fn to_halves(network: &dyn Learner, halves: &mut dyn AnyNetwork) -> Result<(), QuantizeError> {
    let mut bytes = Vec::new();
    for (layer, numbers) in (1..).zip(layers(&network.sizes(), &network.parameters())) {
        let mut put = |neuron, value| {
            let half = Half::nearest(value).ok_or(QuantizeError::TooLarge {
                layer,
                neuron,
                value,
            })?;
            bytes.extend(half.to_bits().to_le_bytes());
            Ok::<_, QuantizeError>(())
        };
        for neuron in 0..numbers.neurons {
            for &weight in numbers.weights_into(neuron) {
                put(neuron, weight)?;
            }
        }
        for (neuron, &bias) in numbers.biases.iter().enumerate() {
            put(neuron, bias)?;
        }
    }
    Ok(halves.read_parameters(&bytes, 0)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [usize; 3] = [784, 10, 10];

    /// The parameters of a network after the way through 16 bits, of one that has some parameters here and there.
    fn there_and_back(some: &[(usize, f32)]) -> Result<Vec<f32>, QuantizeError> {
        let networks = crate::networks![[784, 10, 10]];
        let mut network = networks.float(&SIZES).unwrap();
        let mut parameters = network.parameters();
        for &(place, value) in some {
            parameters[place] = value;
        }
        network.set_parameters(&parameters);
        let mut halves = networks.halves(&SIZES).unwrap();
        to_halves(&*network, &mut *halves)?;
        let file = crate::network::ModelFile::parse(halves.encode("")).unwrap();
        Ok(file.learner(&networks).unwrap().parameters())
    }

    #[test]
    fn every_number_becomes_the_nearest_in_its_place() {
        let some = [(3, 0.1), (7_845, -2049.0), (7_850, 65_504.0), (7_955, 1e-7)];
        let back = there_and_back(&some).unwrap();
        let nearest = [
            (3, 0.099_975_586_f32),
            (7_845, -2048.0),
            (7_850, 65_504.0),
            (7_955, 1.0 / 8_388_608.0),
        ];
        for (place, value) in nearest {
            assert_eq!(back[place].to_bits(), value.to_bits(), "{place}");
        }
        assert_eq!(back.iter().filter(|value| **value != 0.0).count(), 4);
    }

    #[test]
    fn what_is_too_large_is_named() {
        let error = |place, value| there_and_back(&[(place, value)]).unwrap_err();
        let too_large = |layer, neuron, value| QuantizeError::TooLarge {
            layer,
            neuron,
            value,
        };
        assert_eq!(error(784 * 4 + 9, 65_505.0), too_large(1, 4, 65_505.0));
        assert_eq!(error(7_840 + 2, -1e30), too_large(1, 2, -1e30));
        assert_eq!(error(7_850 + 100 + 9, 7e4), too_large(2, 9, 7e4));
        let text = too_large(2, 9, 7e4).to_string();
        assert!(
            text.contains("neuron 9 in layer 2 is 70000") && text.contains("65504"),
            "{text}"
        );
    }
}
