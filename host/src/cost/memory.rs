//! Bytes that can be counted beforehand: of weights, of scalings, of what learns.

use smidgen_core::quantized::layout::{LANES, WORDS, pairs, passes};

use super::inputs::MINI_BATCH;
use super::path::Path;
use crate::network::parameters;

/// Bytes of a model's two checksums.
const CHECKSUMS: usize = 8;

/// Bytes of flash for the weights, their checksums, and the scaling of readings. What learns all layers starts from a network
/// in flash, whose bytes are these.
#[must_use]
pub fn model(path: Path, layers: &[usize]) -> usize {
    let weights = match path {
        Path::Halves | Path::HalvesReadings => layers.windows(2).map(half_layer).sum(),
        Path::Integers | Path::IntegersReadings | Path::ConstantTime => {
            layers.windows(2).map(integer_layer).sum()
        }
        _ => 4 * parameters(layers),
    };
    let scaling = if path.scales() {
        8 * layers.first().copied().unwrap_or(0)
    } else {
        0
    };
    weights + CHECKSUMS + scaling
}

/// Rows of weights and one of biases, two bytes each, in whole words.
fn half_layer(pair: &[usize]) -> usize {
    let [inputs, neurons] = ends(pair);
    (inputs + 1) * 4 * neurons.div_ceil(2)
}

/// Words of the weights, and of each neuron a scale and a sum, all in sixes.
fn integer_layer(pair: &[usize]) -> usize {
    let [inputs, neurons] = ends(pair);
    passes(neurons) * (4 * WORDS * pairs(inputs) + 8 * LANES)
}

/// Inputs and neurons of a layer.
fn ends(pair: &[usize]) -> [usize; 2] {
    [pair.first(), pair.last()].map(|size| size.copied().unwrap_or(0))
}

/// Bytes of RAM for the weights that learn, and for the examples of a mini-batch; 0 where nothing learns.
#[must_use]
pub fn ram(path: Path, layers: &[usize]) -> usize {
    let weights = 4 * parameters(layers);
    match path {
        Path::InPlace => weights,
        Path::MiniBatch => {
            let (inputs, neurons) = layers.split_first().unwrap_or((&0, &[]));
            // Of each neuron an activation and an error; and how many examples wait.
            let example = inputs + 8 * neurons.iter().sum::<usize>();
            weights + MINI_BATCH * example + 4
        }
        Path::OutputLayer => match layers {
            [.., inputs, outputs] => 4 * (inputs + 1) * outputs,
            _ => 0,
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_network_has_its_bytes() {
        let book = [784, 30, 10];
        let found = [Path::Floats, Path::Halves, Path::Integers].map(|path| model(path, &book));
        assert_eq!(found, [95_448, 47_728, 24_248]);
        assert_eq!(model(Path::Halves, &[13, 8, 3]), 304);
        assert_eq!(model(Path::FloatsReadings, &[24, 12, 4]), 1416 + 192);
        let found = [
            Path::Floats,
            Path::InPlace,
            Path::MiniBatch,
            Path::OutputLayer,
        ];
        assert_eq!(
            found.map(|path| ram(path, &book)),
            [0, 95_440, 106_484, 1240]
        );
    }
}
