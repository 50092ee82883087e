//! One network on one image with every number kept: forward, backward, a check of the gradient, one step.
//!
//! All of it is the core's own work; what is done here is to keep the numbers and to try the cost at other weights.

mod check;
mod walk;

pub use check::{Check, Difference};
pub use walk::{After, Walk, leads_to, walk, weighted_input};
