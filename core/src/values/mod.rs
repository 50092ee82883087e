//! What flows through a network: rows of numbers, images, inputs and mini-batches of them, ranked answers.

pub mod batch;
pub mod centre;
pub mod image;
pub mod input;
pub mod ranking;
pub mod row;
