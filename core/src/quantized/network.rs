//! `QuantizedNetwork`: what every integer network can do, whatever its depth, by one of two paths.

use super::scores::Scores;
use crate::network::inference::Inference;

/// Whether pairs of inputs that are both 0 are left out.
pub trait Path: Copy {
    /// If so.
    const SKIPS_ZEROS: bool;
}

/// Pairs of zeros are left out.
#[derive(Clone, Copy, Debug)]
pub struct SkipZeros;

/// Every image takes the same instructions.
#[derive(Clone, Copy, Debug)]
pub struct ConstantTime;

impl Path for SkipZeros {
    const SKIPS_ZEROS: bool = true;
}

impl Path for ConstantTime {
    const SKIPS_ZEROS: bool = false;
}

/// An integer network of `I` inputs and `O` outputs: [`QuantizedDense`](crate::QuantizedDense), or a [`Chain`](crate::Chain) of one and the rest.
pub trait QuantizedNetwork<const I: usize, const O: usize>: Inference<I, O> {
    /// All weights, scales and biases 0. Bytes of zero mean the same.
    const ZERO: Self;

    /// z of the output layer, by one of the two paths, for inputs in eights with zeros after the last.
    ///
    /// `observe` gets z of every neuron, layer by layer.
    fn forward(&self, path: impl Path, input: &[[u8; 8]], observe: impl FnMut(i32)) -> [i32; O];

    /// [`QuantizedNetwork::forward`] for an image; copied if its bytes are no multiple of eight.
    fn run(&self, path: impl Path, image: &[u8; I], observe: impl FnMut(i32)) -> [i32; O];

    /// The output for an image; pairs of zero pixels are left out.
    #[inline(always)]
    fn feedforward(&self, image: &[u8; I]) -> Scores<O> {
        Scores {
            z: self.run(SkipZeros, image, |_| {}),
        }
    }

    /// The output for an image, in a time that does not depend on the image.
    #[inline(always)]
    fn feedforward_constant_time(&self, image: &[u8; I]) -> Scores<O> {
        Scores {
            z: self.run(ConstantTime, image, |_| {}),
        }
    }
}
