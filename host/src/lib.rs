//! smidgen on a host: MNIST, the SGD driver and the evaluation around the `no_std` core, and the program's verbs.
//!
//! The library prints nothing; progress goes through callbacks, and [`commands`] turns results into text.

pub mod checkpoint;
pub mod columns;
pub mod commands;
pub mod data_dir;
pub mod dataset;
pub mod draw;
pub mod drawing;
pub mod error;
pub mod evaluate;
pub mod expand;
pub mod explain;
pub mod idx;
pub mod input_file;
pub mod interchange;
mod jobs;
pub mod menu;
pub mod mistakes;
pub mod model_file;
pub mod output_file;
pub mod parameters;
pub mod picture;
pub mod plots;
pub mod quantize;
pub mod schedule;
pub mod shuffle;
pub mod simd;
pub mod sweep;
pub mod train;

pub use dataset::{Dataset, Mnist};
pub use error::Error;
