//! The chain of layers of 16-bit weights.

use super::dense::HalfDense;
use super::network::HalfNetwork;
use crate::network::chain::Chain;
use crate::network::inference::Inference;
use crate::values::input::Input;
use crate::values::row::Row;
use crate::values::scaling::{NotANumber, Scaling};

impl<const I: usize, const H: usize, const O: usize, R: HalfNetwork<H, O>> HalfNetwork<I, O>
    for Chain<HalfDense<I, H>, R>
{
    type Trace = Chain<Row<H>, R::Trace>;

    const ZERO: Self = Self {
        layer: HalfDense::ZERO,
        rest: R::ZERO,
    };

    #[inline(always)]
    fn forward(&self, input: &(impl Input<I> + ?Sized), trace: &mut Self::Trace) {
        self.layer.forward(input, &mut trace.layer);
        self.rest.forward(&trace.layer, &mut trace.rest);
    }
}

impl<const I: usize, const H: usize, const O: usize, R: HalfNetwork<H, O>> Inference<I, O>
    for Chain<HalfDense<I, H>, R>
{
    type Output = Row<O>;

    #[inline(always)]
    fn infer(&self, image: &[u8; I]) -> Row<O> {
        self.feedforward(image)
    }

    #[inline(always)]
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Row<O>, NotANumber> {
        Ok(self.feedforward(&scaling.apply(readings)?))
    }
}
