//! A model's numbers put into a network of larger layers, which computes the same bits.
//!
//! The core compiles its loops for each size, and a page cannot compile. So it has a few large networks, and a model
//! takes the smallest that it fits into. What is beyond the model's own sizes has weights of 0:
//!
//! - inputs and neurons that are not the model's add ±0 to a sum, which began with +0, so no sum changes by a bit;
//! - a float neuron that is not the model's has a bias so low that its activation, its slope and its error are below
//!   10⁻³⁷. A lesson changes weights that are not the model's by less than that, and a product with one of them is below
//!   the smallest float, again ±0.

use smidgen_core::model::ELEMENT_F32;

/// A float neuron that is not the model's is as quiet as the sigmoid gets, which goes no lower than at −87.
const BIAS: f32 = -100.0;

/// A scale that decodes: multiplier 2¹⁵, shift 42.
const SCALE: [u8; 4] = [0x00, 0x80, 42, 0];

/// Bytes of a weight, and what a neuron that is not the model's has beside its weights, in the order of the file.
fn form(element: u8) -> (usize, &'static [[u8; 4]]) {
    if element == ELEMENT_F32 {
        (4, const { &[BIAS.to_le_bytes()] })
    } else {
        (1, &[SCALE, [0; 4]])
    }
}

/// Bytes of the numbers of a network.
#[must_use]
pub fn length(element: u8, sizes: &[usize]) -> usize {
    let (weight, rest) = form(element);
    let layers = sizes.iter().zip(sizes.iter().skip(1));
    layers
        .map(|(inputs, neurons)| neurons * (inputs * weight + 4 * rest.len()))
        .sum()
}

/// Whether a network of some sizes fits into one of others.
#[must_use]
pub fn fits(sizes: &[usize], room: &[usize]) -> bool {
    sizes.len() == room.len() && sizes.iter().zip(room).all(|(size, room)| size <= room)
}

/// Writes the numbers of a model of some sizes as those of a room, in the order of the file.
///
/// | argument  | holds                                                              |
/// |-----------|--------------------------------------------------------------------|
/// | `numbers` | [`length`] of `sizes` bytes; those that are missing count as 0     |
/// | `out`     | [`length`] of `room` bytes, all of them 0                          |
pub fn pad(element: u8, sizes: &[usize], room: &[usize], numbers: &[u8], out: &mut [u8]) {
    let (weight, rest) = form(element);
    let (mut from, mut to) = (numbers.iter(), out.iter_mut());
    let layers = sizes.iter().zip(sizes.iter().skip(1));
    let rooms = room.iter().zip(room.iter().skip(1));
    for ((inputs, neurons), (most_inputs, most_neurons)) in layers.zip(rooms) {
        for j in 0..*most_neurons {
            let own = if j < *neurons { inputs * weight } else { 0 };
            let mut row = to.by_ref().take(most_inputs * weight);
            row.by_ref()
                .take(own)
                .zip(from.by_ref())
                .for_each(|(to, &from)| *to = from);
            row.for_each(drop);
        }
        for quiet in rest {
            for j in 0..*most_neurons {
                let place = to.by_ref().take(4);
                if j < *neurons {
                    place.zip(from.by_ref()).for_each(|(to, &from)| *to = from);
                } else {
                    place.zip(quiet).for_each(|(to, &from)| *to = from);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::model::ELEMENT_I8;

    #[test]
    fn every_number_is_in_its_place() {
        let numbers: Vec<u8> = (1..=length(ELEMENT_I8, &[2, 1]) as u8).collect();
        assert_eq!(numbers.len(), 2 + 4 + 4);
        let mut out = vec![0; length(ELEMENT_I8, &[3, 2])];
        pad(ELEMENT_I8, &[2, 1], &[3, 2], &numbers, &mut out);
        let expected = [
            1, 2, 0, 0, 0, 0, // weights
            3, 4, 5, 6, 0, 0x80, 42, 0, // scales
            7, 8, 9, 10, 0, 0, 0, 0, // biases
        ];
        assert_eq!(out, expected);
    }

    #[test]
    fn only_as_deep_and_no_larger_fits() {
        assert!(fits(&[784, 100, 10], &[1024, 128, 64]));
        assert!(!fits(&[784, 129, 10], &[1024, 128, 64]));
        assert!(!fits(&[784, 10], &[1024, 128, 64]));
    }
}
