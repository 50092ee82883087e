//! The networks that were compiled in, large enough for models of many sizes, behind one trait.

use smidgen_core::image::intensity;
use smidgen_core::kernels::weighted_input;
use smidgen_core::quantized::{SkipZeros, Z_BITS, sigmoid};
use smidgen_core::{
    Backprop, Chain, Cost, Dense, Input, ModelError, Network, QuantizedNetwork, Row, Stored, Trace,
    learn, network, quantized_network,
};

pub use super::limits::{CLASSES, INPUTS, LAYERS, NEURONS};

/// η of a lesson. With the cross-entropy, because a network that is sure of a wrong answer learns nothing from the
/// quadratic cost: its σ′ is nearly 0 (Nielsen, *Neural Networks and Deep Learning*, ch. 3).
pub const LEARNING_RATE: f32 = 0.1;

/// The bytes of a picture, zeros after the last.
pub type Picture = [u8; INPUTS];

/// What a network makes of a picture.
pub struct Values {
    /// The activations of every layer in [0, 1], the output's last; those that are not the model's say nothing.
    pub activations: [[f32; NEURONS]; LAYERS],
    /// z of the output layer: of floats as they are, of integers in units of 2⁻¹⁰ before they are made floats.
    pub sums: [f32; CLASSES],
}

impl Values {
    /// Nothing yet.
    pub const ZERO: Self = Self {
        activations: [[0.0; NEURONS]; LAYERS],
        sums: [0.0; CLASSES],
    };

    fn set(&mut self, layer: usize, values: impl IntoIterator<Item = f32>) {
        let row = self.activations.get_mut(layer);
        let row = row.into_iter().flatten();
        row.zip(values).for_each(|(to, from)| *to = from);
    }
}

/// A network into which models fit.
pub trait Room {
    /// Reads the numbers of a model that was padded to the sizes of the room.
    ///
    /// # Errors
    ///
    /// As [`Stored::read_parameters`].
    fn read(&mut self, padded: &[u8]) -> Result<(), ModelError>;

    /// Carries a picture through all layers.
    fn ask(&self, picture: &Picture, values: &mut Values);

    /// One step of learning; an integer network takes none.
    fn teach(&mut self, picture: &Picture, class: usize);

    /// The weight from neuron or input `k` to neuron `j` of a layer; `None` if the network is one of integers.
    fn weight(&self, layer: usize, j: usize, k: usize) -> Option<f32>;

    /// The bias of neuron `j` of a layer; `None` if the network is one of integers.
    fn bias(&self, layer: usize, j: usize) -> Option<f32>;
}

/// A room that can be made.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The sizes from input to output.
    pub sizes: &'static [usize],
    /// The bytes it takes.
    pub bytes: usize,
    /// Makes it of so many bytes of 0, aligned as a [`Row`] may be.
    ///
    /// # Safety
    ///
    /// The bytes are there, they are 0, and nobody else reads or writes them from then on.
    pub make: unsafe fn(*mut u8) -> &'static mut dyn Room,
}

/// The smallest room for a model of some sizes, of floats or of integers.
#[must_use]
pub fn find(floats: bool, sizes: &[usize]) -> Option<Kind> {
    let kinds = if floats { FLOATS } else { INTEGERS };
    let mut kinds = kinds.iter().copied();
    kinds.find(|kind| super::pad::fits(sizes, kind.sizes))
}

/// The rooms of one kind of element, the smaller first.
macro_rules! kinds {
    ($network:ident, $room:ident, $([$($size:expr),+]),+) => {
        &[$(Kind {
            sizes: &[$($size),+],
            bytes: size_of::<$room<$network![$($size),+]>>(),
            make: |bytes| {
                // SAFETY: by the caller they are as many bytes of 0, which every network may be, and his alone.
                unsafe { &mut *bytes.cast::<$room<$network![$($size),+]>>() }
            },
        }),+]
    };
}

const FLOATS: &[Kind] = kinds![
    network,
    Float,
    [INPUTS, CLASSES],
    [INPUTS, 128, CLASSES],
    [INPUTS, NEURONS, CLASSES],
    [INPUTS, 128, 128, CLASSES],
    [INPUTS, NEURONS, NEURONS, CLASSES]
];

const INTEGERS: &[Kind] = kinds![
    quantized_network,
    Integer,
    [INPUTS, CLASSES],
    [INPUTS, 128, CLASSES],
    [INPUTS, NEURONS, CLASSES],
    [INPUTS, 128, 128, CLASSES],
    [INPUTS, NEURONS, NEURONS, CLASSES]
];

/// A network of floats.
#[repr(transparent)]
struct Float<N>(N);

impl<N: Layers<INPUTS, CLASSES>> Room for Float<N> {
    fn read(&mut self, padded: &[u8]) -> Result<(), ModelError> {
        self.0.read_parameters(padded, 0).map(|_| ())
    }

    fn ask(&self, picture: &Picture, values: &mut Values) {
        let mut trace = N::Trace::ZERO;
        self.0.forward(picture, &mut trace);
        let mut layer = 0;
        trace.for_each_layer(|row| {
            values.set(layer, row.iter().copied());
            layer += 1;
        });
        let mut sums = Row::ZERO;
        self.0.sums(picture, &trace, &mut sums);
        values.sums = sums.0;
    }

    fn teach(&mut self, picture: &Picture, class: usize) {
        let mut scratch = Backprop::zero();
        learn(
            &mut self.0,
            Cost::CrossEntropy,
            picture,
            class,
            LEARNING_RATE,
            &mut scratch,
        );
    }

    fn weight(&self, layer: usize, j: usize, k: usize) -> Option<f32> {
        Some(self.0.weight(layer, j, k))
    }

    fn bias(&self, layer: usize, j: usize) -> Option<f32> {
        Some(self.0.bias(layer, j))
    }
}

/// A network of floats that is looked into, layer by layer.
trait Layers<const I: usize, const O: usize>: Network<I, O> {
    fn weight(&self, layer: usize, j: usize, k: usize) -> f32;
    fn bias(&self, layer: usize, j: usize) -> f32;
    /// z of the output layer, from the activations of the layer before it.
    fn sums(&self, input: &impl Input<I>, trace: &Self::Trace, out: &mut Row<O>);
}

impl<const I: usize, const O: usize> Layers<I, O> for Dense<I, O> {
    fn weight(&self, _layer: usize, j: usize, k: usize) -> f32 {
        let row = self.weights.get(k);
        row.and_then(|row| row.get(j)).copied().unwrap_or_default()
    }

    fn bias(&self, _layer: usize, j: usize) -> f32 {
        self.biases.get(j).copied().unwrap_or_default()
    }

    fn sums(&self, input: &impl Input<I>, _trace: &Row<O>, out: &mut Row<O>) {
        weighted_input(&self.weights, &self.biases, input, out);
    }
}

impl<const I: usize, const H: usize, const O: usize, R: Layers<H, O>> Layers<I, O>
    for Chain<Dense<I, H>, R>
{
    fn weight(&self, layer: usize, j: usize, k: usize) -> f32 {
        match layer {
            0 => self.layer.weight(0, j, k),
            _ => self.rest.weight(layer - 1, j, k),
        }
    }

    fn bias(&self, layer: usize, j: usize) -> f32 {
        match layer {
            0 => self.layer.bias(0, j),
            _ => self.rest.bias(layer - 1, j),
        }
    }

    fn sums(&self, _input: &impl Input<I>, trace: &Self::Trace, out: &mut Row<O>) {
        self.rest.sums(&trace.layer, &trace.rest, out);
    }
}

/// A network of integers.
#[repr(transparent)]
struct Integer<N>(N);

impl<N: QuantizedNetwork<INPUTS, CLASSES>> Room for Integer<N> {
    fn read(&mut self, padded: &[u8]) -> Result<(), ModelError> {
        self.0.read_parameters(padded, 0).map(|_| ())
    }

    fn ask(&self, picture: &Picture, values: &mut Values) {
        let rows = values.activations.iter_mut();
        let mut places = rows
            .zip(sizes::<N>())
            .flat_map(|(row, size)| row.iter_mut().take(size));
        let sums = self.0.run(SkipZeros, picture, |z| {
            if let Some(place) = places.next() {
                *place = intensity(sigmoid(z));
            }
        });
        values.sums = sums.map(|z| z as f32 / (1 << Z_BITS) as f32);
    }

    fn teach(&mut self, _picture: &Picture, _class: usize) {}

    fn weight(&self, _layer: usize, _j: usize, _k: usize) -> Option<f32> {
        None
    }

    fn bias(&self, _layer: usize, _j: usize) -> Option<f32> {
        None
    }
}

/// The sizes of the layers after the input; 0 beyond the last.
fn sizes<N: Stored>() -> [usize; LAYERS] {
    let (mut sizes, mut layer) = ([0; LAYERS], 0);
    N::for_each_size(|size| {
        if let Some(place) = sizes.get_mut(layer) {
            *place = size;
        }
        layer += 1;
    });
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pad::{length, pad};
    use smidgen_core::model::{ELEMENT_F32, Header};

    /// A room with a model in it.
    fn room(file: &[u8]) -> &'static mut dyn Room {
        let header = Header::parse(file).unwrap();
        let sizes: Vec<usize> = header.sizes().collect();
        let element = header.element();
        let kind = find(element == ELEMENT_F32, &sizes).unwrap();
        let mut padded = vec![0; length(element, kind.sizes)];
        pad(
            element,
            &sizes,
            kind.sizes,
            &file[header.parameters()..],
            &mut padded,
        );
        // A row of sixteen is aligned as any network is.
        let bytes = vec![Row::<16>::ZERO; kind.bytes.div_ceil(64)].leak();
        // SAFETY: they are as many, 0, and given away.
        let room = unsafe { (kind.make)(bytes.as_mut_ptr().cast()) };
        room.read(&padded).unwrap();
        room
    }

    const FLOATS: &[u8] = include_bytes!("../../../tests/fixtures/digits.model");
    const INTEGERS: &[u8] = include_bytes!("../../../tests/fixtures/digits.q8.model");

    /// Pictures with ink here and there.
    fn pictures() -> impl Iterator<Item = [u8; 784]> {
        (0..50_u32).map(|seed| {
            core::array::from_fn(|k| {
                let hash = (k as u32).wrapping_mul(2_654_435_761) ^ seed.wrapping_mul(40_503);
                if (k as u32 / 28 + seed) % 5 < 2 {
                    (hash >> 13) as u8
                } else {
                    0
                }
            })
        })
    }

    fn padded(picture: &[u8; 784]) -> Picture {
        let mut padded = [0; INPUTS];
        padded[..784].copy_from_slice(picture);
        padded
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|x| x.to_bits()).collect()
    }

    #[test]
    fn a_larger_room_changes_no_bit_of_floats_however_much_they_learn() {
        let mut own = Box::new(<network![784, 30, 10]>::ZERO);
        smidgen_core::model::decode(FLOATS, &mut *own).unwrap();
        let (room, mut values) = (room(FLOATS), Values::ZERO);
        for (lesson, picture) in pictures().enumerate() {
            let mut trace = Chain {
                layer: Row::ZERO,
                rest: Row::ZERO,
            };
            own.forward(&picture, &mut trace);
            room.ask(&padded(&picture), &mut values);
            assert_eq!(
                bits(&trace.layer.0),
                bits(&values.activations[0][..30]),
                "{lesson}"
            );
            assert_eq!(
                bits(&trace.rest.0),
                bits(&values.activations[1][..10]),
                "{lesson}"
            );
            learn(
                &mut *own,
                Cost::CrossEntropy,
                &picture,
                lesson % 10,
                LEARNING_RATE,
                &mut Backprop::zero(),
            );
            room.teach(&padded(&picture), lesson % 10);
        }
        for (j, k) in [(0, 400), (29, 3), (7, 300)] {
            assert_eq!(
                room.weight(0, j, k).map(f32::to_bits),
                Some(own.layer.weights[k][j].to_bits())
            );
        }
        assert_eq!(
            room.bias(1, 9).map(f32::to_bits),
            Some(own.rest.biases[9].to_bits())
        );
    }

    #[test]
    fn a_larger_room_changes_no_bit_of_integers() {
        let mut own =
            Box::new(<quantized_network![784, 30, 10] as QuantizedNetwork<784, 10>>::ZERO);
        smidgen_core::model::decode(INTEGERS, &mut *own).unwrap();
        let (room, mut values) = (room(INTEGERS), Values::ZERO);
        for picture in pictures() {
            let mut hidden = Vec::new();
            let z = own.run(SkipZeros, &picture, |z| {
                hidden.push(f32::from(sigmoid(z)) / 255.0)
            });
            room.ask(&padded(&picture), &mut values);
            assert_eq!(bits(&hidden[..30]), bits(&values.activations[0][..30]));
            assert_eq!(bits(&hidden[30..]), bits(&values.activations[1][..10]));
            assert_eq!(
                z.map(|z| (z as f32 / 1024.0).to_bits())[..],
                bits(&values.sums[..10])
            );
        }
    }

    #[test]
    fn the_sums_are_those_of_the_weights_of_either_kind() {
        for file in [FLOATS, INTEGERS] {
            let (room, mut values) = (room(file), Values::ZERO);
            let header = Header::parse(file).unwrap();
            let numbers = &file[header.parameters()..];
            let layer = crate::weights::Layer::find(numbers, &[784, 30, 10], 1).unwrap();
            let picture = padded(&pictures().next().unwrap());
            room.ask(&picture, &mut values);
            for j in 0..10 {
                let weight = |k| room.weight(1, j, k).unwrap_or_else(|| layer.weight(j, k));
                let bias = room.bias(1, j).unwrap_or_else(|| layer.bias(j));
                let sum: f32 = (0..30).map(|k| weight(k) * values.activations[0][k]).sum();
                assert!((sum + bias - values.sums[j]).abs() < 0.01, "{j}");
            }
        }
    }
}
