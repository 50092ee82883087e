//! `Inference`: what every network, float or integer, makes of an image; for whoever does not care which it is.

use bytemuck::Zeroable;

use crate::format::stored::Stored;
use crate::values::ranking::{classify, confidence};
use crate::values::row::Row;
use crate::values::scaling::{NotANumber, Scaling};

/// A network that takes an image's bytes.
pub trait Inference<const I: usize, const O: usize>: Stored + Zeroable + 'static {
    /// What it says to an image.
    type Output: Output<O>;

    /// Carries an image through all layers.
    fn infer(&self, image: &[u8; I]) -> Self::Output;

    /// Carries readings through all layers, as they were measured: they are scaled first, to floats for a network of floats
    /// and to bytes for one of integers.
    ///
    /// # Errors
    ///
    /// [`NotANumber`] for a reading that is a NaN.
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Self::Output, NotANumber>;
}

/// What a network says to an image.
pub trait Output<const O: usize>: Copy {
    /// A distance between two outputs, in their own units: `f32` of activations, `i32` of z in units of 2⁻¹⁰.
    type Confidence: Copy + PartialOrd + Into<f64>;

    /// The class, 0 to O − 1.
    fn class(&self) -> usize;

    /// How far the best output is above the second best, at least 0; for [`Rejection`](crate::Rejection).
    fn confidence(&self) -> Self::Confidence;

    /// The activations of the output layer, in [0, 1].
    fn activations(&self) -> Row<O>;

    /// The bits that are equal wherever the network runs: those of the activations in floats, of z in integers.
    fn bits(&self) -> [u32; O];
}

impl<const O: usize> Output<O> for Row<O> {
    type Confidence = f32;

    #[inline(always)]
    fn class(&self) -> usize {
        classify(self)
    }

    fn confidence(&self) -> f32 {
        confidence(self)
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
