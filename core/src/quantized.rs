//! The integer network: weights in 8 bits, activations in 8 bits, sums in 32, and no float on the way of an image.
//!
//! # Arithmetic
//!
//! Everything is an integer, so every processor has the same bits by construction.
//!
//! | what | as | meaning |
//! |------|----|---------|
//! | input, activation | `u8` | x = byte / 255, in [0, 1] |
//! | weight | `i8`, −127 to 127 | w = `s_j` · byte; one scale `s_j` for each neuron j, symmetric |
//! | bias | `i32` | b = `s_j` / 255 · bias |
//! | sum | `i32` | `sum_j = Σ_k weight_jk · x_k + bias_j`, in units of `s_j` / 255 |
//! | z | `i32` | the weighted input in units of 2⁻¹⁰ ([`Z_BITS`]), [`Scale::apply`] to the sum |
//! | σ(z) | `u8` | by a table of 256 values, [`sigmoid()`] |
//!
//! [`Scale::apply`] is `⌊(sum · multiplier + 2^(shift−1)) / 2^shift⌋`: the nearest integer, half rounded up. The multiplier
//! has 16 bits, so z is off its true value by at most one part in 2¹⁶ and half a unit.
//!
//! # Sums do not overflow
//!
//! Of each neuron, `255 · max(Σ positive weights, Σ |negative weights|) + |bias| < 2²³` ([`SUM_LIMIT`]). Decoding refuses
//! a model of which this is not true, at compile time where it is embedded, and so nothing is checked at run time. The
//! largest magnitude a partial sum can have is the bound's, and 2²³ leaves room for the eight bits by which the kernel
//! shifts one of two sums ([`kernel`]).
//!
//! # Two paths, the same bits
//!
//! - [`QuantizedNetwork::feedforward`] leaves out pairs of inputs that are both 0. On ink on paper that is four of five,
//!   so it is the fast one; it is for whoever wants a long battery life, or an answer soon as a rule.
//! - [`QuantizedNetwork::feedforward_constant_time`] executes the same instructions whatever the image: for deadlines that
//!   must hold for every image, or where the time must not tell what was seen.

use crate::chain::Chain;
use crate::inference::Inference;
use crate::kernels::opaque;

/// `run` of a network whose first layer has so many pairs.
macro_rules! run_padded {
    ($network:ident, $pairs:ident, $path:ident, $image:ident, $observe:ident) => {
        match $image.as_chunks::<8>() {
            (eights, []) => $network.forward($path, eights, $observe),
            _ => {
                let padded = $crate::quantized::dense::padded::<$pairs>($image);
                $network.forward($path, padded.as_flattened().as_chunks().0, $observe)
            }
        }
    };
}

#[cfg(smidgen_armv6m)]
mod armv6m;
mod dense;
#[cfg(smidgen_dsp)]
mod dsp;
pub mod kernel;
mod scale;
mod scores;
mod sigmoid;

use kernel::activate;

pub use dense::{QuantizedDense, SUM_LIMIT};
pub use scale::{SHIFTS, Scale};
pub use scores::Scores;
pub use sigmoid::{Z_BITS, sigmoid};

/// The type of an integer network, by its sizes from input to output; any depth.
///
/// ```
/// use smidgen_core::{Stored, quantized_network};
/// assert_eq!(<quantized_network![784, 30, 10]>::LAYERS, 2);
/// assert!(size_of::<quantized_network![784, 30, 10]>() < 24_300);
/// ```
#[macro_export]
macro_rules! quantized_network {
    ($in:expr, $out:expr $(,)?) => {
        $crate::QuantizedDense<
            { $in },
            { $out },
            { $crate::quantized::kernel::pairs($in) },
            { $crate::quantized::kernel::passes($out) },
        >
    };
    ($in:expr, $out:expr, $($rest:expr),+ $(,)?) => {
        $crate::Chain<
            $crate::quantized_network![$in, $out],
            $crate::quantized_network![$out, $($rest),+],
        >
    };
}

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

/// An integer network of `I` inputs and `O` outputs: [`QuantizedDense`], or a [`Chain`] of one and the rest.
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
