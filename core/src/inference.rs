//! `Inference`: what every network, float or integer, makes of an image; for whoever does not care which it is.

use bytemuck::Zeroable;

use crate::chain::Chain;
use crate::dense::Dense;
use crate::network::Network;
use crate::quantized::{QuantizedDense, QuantizedNetwork, Scores};
use crate::ranking::classify;
use crate::row::Row;
use crate::stored::Stored;

/// A network that takes an image's bytes.
pub trait Inference<const I: usize, const O: usize>: Stored + Zeroable + 'static {
    /// What it says to an image.
    type Output: Output<O>;

    /// Carries an image through all layers.
    fn infer(&self, image: &[u8; I]) -> Self::Output;
}

/// What a network says to an image.
pub trait Output<const O: usize>: Copy {
    /// The class, 0 to O − 1.
    fn class(&self) -> usize;

    /// The activations of the output layer, in [0, 1].
    fn activations(&self) -> Row<O>;

    /// The bits that are equal wherever the network runs: those of the activations in floats, of z in integers.
    fn bits(&self) -> [u32; O];
}

impl<const O: usize> Output<O> for Row<O> {
    #[inline(always)]
    fn class(&self) -> usize {
        classify(self)
    }

    #[inline(always)]
    fn activations(&self) -> Self {
        *self
    }

    #[inline(always)]
    fn bits(&self) -> [u32; O] {
        self.map(f32::to_bits)
    }
}

impl<const O: usize> Output<O> for Scores<O> {
    #[inline(always)]
    fn class(&self) -> usize {
        Self::class(self)
    }

    #[inline(always)]
    fn activations(&self) -> Row<O> {
        Row(Self::activations(self).map(crate::image::intensity))
    }

    #[inline(always)]
    fn bits(&self) -> [u32; O] {
        self.z.map(i32::cast_unsigned)
    }
}

/// Float networks run as [`Network`], integer ones as [`QuantizedNetwork`].
macro_rules! infer {
    ($output:ty) => {
        type Output = $output;

        #[inline(always)]
        fn infer(&self, image: &[u8; I]) -> Self::Output {
            self.feedforward(image)
        }
    };
}

impl<const I: usize, const O: usize> Inference<I, O> for Dense<I, O> {
    infer!(Row<O>);
}

impl<const I: usize, const H: usize, const O: usize, R: Network<H, O>> Inference<I, O>
    for Chain<Dense<I, H>, R>
{
    infer!(Row<O>);
}

impl<const I: usize, const O: usize, const PAIRS: usize, const PASSES: usize> Inference<I, O>
    for QuantizedDense<I, O, PAIRS, PASSES>
{
    infer!(Scores<O>);
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
    infer!(Scores<O>);
}
