//! The chain of integer layers.

use super::dense::{QuantizedDense, run_padded};
use super::kernel::{activations, room};
use super::network::{Path, QuantizedNetwork};
use super::scores::Scores;
use crate::network::chain::Chain;
use crate::network::inference::Inference;
use crate::values::scaling::{NotANumber, Scaling};

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
        let mut room = room::<PASSES>();
        let activations = self.layer.with_weighted_inputs(path, input, |z| {
            z.iter().copied().for_each(&mut observe);
            activations(z, &mut room)
        });
        self.rest.forward(path, activations, observe)
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

    #[inline(always)]
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Scores<O>, NotANumber> {
        Ok(self.feedforward(&scaling.apply_to_bytes(readings)?))
    }
}
