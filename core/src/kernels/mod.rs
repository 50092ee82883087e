//! The loops over arrays: sums of scaled rows, the weighted input, its transpose, and the descent along a gradient.
//!
//! Everything heavy is one loop, [`sum_rows`]: the weighted input of a layer is the sum of the rows of weights that
//! leave its active inputs, and the gradient of a row of weights is the sum of the deltas of the examples that have
//! this input. The neurons of a row lie side by side, so vector instructions run *across* sums and never inside one:
//! the order of every sum stays the textbook's whatever the width of the registers. Nothing here knows a network.
//!
//! That loop is chosen here, and nowhere else, by the processor: `portable` is every processor's; `vfp` is for Arm
//! microcontrollers with a floating-point unit; `soft` is for microcontrollers without one, on the arithmetic of `unpacked`.
//! Beside each, `portable_half` and so on, is the same loop over weights of 16 bits. What is made of them is in `layer`.

mod layer;
pub(crate) mod rolled;

#[cfg_attr(smidgen_soft, path = "unpacked.rs")]
#[cfg_attr(not(smidgen_soft), path = "native.rs")]
mod arithmetic;

#[cfg(any(smidgen_soft, test))]
mod mantissa;

/// Where no kernel needs it, for its comparison with the hardware.
#[cfg(all(test, not(smidgen_soft)))]
mod unpacked;

#[cfg_attr(smidgen_soft, path = "soft_dot.rs")]
#[cfg_attr(not(smidgen_soft), path = "dot.rs")]
mod dot;

#[cfg_attr(smidgen_vfp, path = "vfp.rs")]
#[cfg_attr(smidgen_soft, path = "soft.rs")]
#[cfg_attr(not(any(smidgen_vfp, smidgen_soft)), path = "portable.rs")]
mod rows;

#[cfg_attr(smidgen_vfp, path = "vfp_half.rs")]
#[cfg_attr(smidgen_soft, path = "soft_half.rs")]
#[cfg_attr(not(any(smidgen_vfp, smidgen_soft)), path = "portable_half.rs")]
mod half_rows;

pub(crate) use arithmetic::{polynomial, product_and_sum};
pub use half_rows::sum_half_rows;
pub use layer::{descend, transpose_mul, transpose_mul_each, weighted_input, weighted_input_half};
pub use rows::{descend_row, sum_rows};
