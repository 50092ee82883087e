//! The loops over arrays: sums of scaled rows, the weighted input, its transpose, and the descent along a gradient.
//!
//! Everything heavy is one loop, [`sum_rows`]: the weighted input of a layer is the sum of the rows of weights that
//! leave its active inputs, and the gradient of a row of weights is the sum of the deltas of the examples that have
//! this input. The neurons of a row lie side by side, so vector instructions run *across* sums and never inside one:
//! the order of every sum stays the textbook's whatever the width of the registers. Nothing here knows a network.
//!
//! That loop is chosen here, and nowhere else, by the processor: `portable` is every processor's; `vfp` is for Arm
//! microcontrollers with a floating-point unit. What is made of it is in `layer`.

mod layer;
pub(crate) mod rolled;

#[cfg_attr(smidgen_vfp, path = "vfp.rs")]
#[cfg_attr(not(smidgen_vfp), path = "portable.rs")]
mod rows;

pub use layer::{descend, transpose_mul, weighted_input};
pub use rows::{descend_row, sum_rows};
