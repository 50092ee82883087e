//! Learning: starting weights, backpropagation, the step down the gradient; one example in place, or mini-batches.

pub mod backprop;
mod columns;
pub mod in_place;
pub mod init;
pub mod mini_batch;
pub mod regularization;
pub mod step;
