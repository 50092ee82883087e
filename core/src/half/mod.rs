//! The float network whose weights and biases are kept in 16 bits: half the flash, and for inference only.
//!
//! Every [`Half`](crate::Half) is a float of 32 bits, too. It is decoded on its way into a product, and from there on
//! everything is as in the network of 32 bits, sum by sum: the outputs have the bits that
//! [`Network::feedforward`](crate::Network::feedforward) gives with the decoded numbers, on every processor. Where there is
//! an instruction that decodes (`VCVT` of the Cortex-M4F and M33), it is used, and otherwise a few operations on integers.
//!
//! `smidgen quantize --to f16` makes such a model. To learn, decode it: a step of learning is smaller than the distance
//! between two numbers of 16 bits.

mod chain;
mod dense;
mod network;

pub use dense::HalfDense;
pub use network::HalfNetwork;

/// The type of a network of 16-bit weights, by its sizes from input to output; any depth.
///
/// ```
/// use smidgen_core::{Stored, half_network};
/// assert_eq!(<half_network![784, 30, 10]>::LAYERS, 2);
/// assert_eq!(size_of::<half_network![784, 30, 10]>(), 2 * 23_860);
/// ```
#[macro_export]
macro_rules! half_network {
    ($in:expr, $out:expr $(,)?) => { $crate::HalfDense<{ $in }, { $out }> };
    ($in:expr, $out:expr, $($rest:expr),+ $(,)?) => {
        $crate::Chain<$crate::HalfDense<{ $in }, { $out }>, $crate::half_network![$out, $($rest),+]>
    };
}
