//! What flows through a network: readings and how they are scaled, rows of numbers, images, inputs and mini-batches of
//! them, ranked answers.

pub mod batch;
pub mod centre;
pub mod half;
pub mod image;
pub mod input;
pub mod integer_ranges;
pub mod integer_scaling;
pub mod ranking;
pub mod row;
pub mod scaling;
