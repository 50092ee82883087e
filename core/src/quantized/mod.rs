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
//! shifts one of two sums ([`layout`]).
//!
//! # Two paths, the same bits
//!
//! - [`QuantizedNetwork::feedforward`] leaves out pairs of inputs that are both 0. On ink on paper that is four of five,
//!   so it is the fast one; it is for whoever wants a long battery life, or an answer soon as a rule.
//! - [`QuantizedNetwork::feedforward_constant_time`] executes the same instructions whatever the image: for deadlines that
//!   must hold for every image, or where the time must not tell what was seen.

mod chain;
mod dense;
mod kernel;
pub mod layout;
mod network;
mod scale;
mod scores;
mod sigmoid;

pub use dense::{QuantizedDense, SUM_LIMIT};
pub use network::{ConstantTime, Path, QuantizedNetwork, SkipZeros};
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
            { $crate::quantized::layout::pairs($in) },
            { $crate::quantized::layout::passes($out) },
        >
    };
    ($in:expr, $out:expr, $($rest:expr),+ $(,)?) => {
        $crate::Chain<
            $crate::quantized_network![$in, $out],
            $crate::quantized_network![$out, $($rest),+],
        >
    };
}
