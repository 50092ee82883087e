//! The chain of integer layers.

use heapless::VecView;

use super::dense::{QuantizedDense, run_padded};
use super::network::{Path, QuantizedNetwork};
use super::scores::Scores;
use super::sigmoid::sigmoid;
use crate::kernels::rolled::{keep_rolled, opaque};
use crate::network::chain::Chain;
use crate::network::inference::Inference;

impl<
    const I: usize,
    const H: usize,
    const O: usize,
    const PAIRS: usize,
    const PASSES: usize,
    R: QuantizedNetwork<H, O>,
> QuantizedNetwork<I, O> for Chain<QuantizedDense<I, H, PAIRS, PASSES>, R>
{
    const ZERO: Self = Self {
        layer: QuantizedDense::ZERO,
        rest: R::ZERO,
    };

    #[inline(always)]
    fn forward(
        &self,
        path: impl Path,
        input: &[[u8; 8]],
        mut observe: impl FnMut(i32),
    ) -> [i32; O] {
        // A pass has six neurons, so eight bytes for each pass are enough.
        let mut activations = heapless::Vec::<[u8; 8], PASSES>::new();
        self.layer.with_weighted_inputs(path, input, |z| {
            activate(opaque(z), &mut activations);
            z.iter().copied().for_each(&mut observe);
        });
        self.rest.forward(path, &activations, observe)
    }

    #[inline(always)]
    fn run(&self, path: impl Path, image: &[u8; I], observe: impl FnMut(i32)) -> [i32; O] {
        run_padded!(self, PAIRS, path, image, observe)
    }
}

impl<
    const I: usize,
    const H: usize,
    const O: usize,
    const PAIRS: usize,
    const PASSES: usize,
    R: QuantizedNetwork<H, O>,
> Inference<I, O> for Chain<QuantizedDense<I, H, PAIRS, PASSES>, R>
{
    type Output = Scores<O>;

    #[inline(always)]
    fn infer(&self, image: &[u8; I]) -> Scores<O> {
        self.feedforward(image)
    }
}

/// The activations of a layer, with zeros after the last; `activations` must be empty and have the room.
#[cfg_attr(target_os = "none", inline(never))]
fn activate(z: &[i32], activations: &mut VecView<[u8; 8]>) {
    for _ in 0..z.len().div_ceil(8) {
        keep_rolled();
        let _ = activations.push([0; 8]);
    }
    for (activation, &z) in activations.as_flattened_mut().iter_mut().zip(z) {
        keep_rolled();
        *activation = sigmoid(z);
    }
}
