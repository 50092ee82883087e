//! smidgen on a host: data, training and evaluation around the `no_std` core, and the program's verbs.

mod commands;
pub mod data;
pub mod evaluation;
pub mod files;
pub mod interchange;
pub mod network;
#[cfg(feature = "page")]
pub mod page;
#[cfg(feature = "plots")]
pub mod plots;
pub mod quantize;
pub mod sweep;
pub mod training;

pub use commands::main;
pub use smidgen_core;
