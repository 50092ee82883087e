//! smidgen on a host: trains Nielsen's feedforward network, judges it, looks into it, and writes the model file that
//! firmware embeds. The network itself is [`smidgen_core`], which a microcontroller runs with the same bits.
//!
//! ```
//! use smidgen::network::AnyNetwork;
//! use smidgen::{Parts, Settings, Trainer, evaluate};
//! use std::ops::ControlFlow;
//!
//! let data = Parts::embedded()?;
//! let mut trainer = Trainer::new(<smidgen::network![784, 30, 10]>::zero(), Settings::default());
//! trainer.epoch(&data.training, |_| ControlFlow::Continue(()))?;
//! let accuracy = evaluate(trainer.network(), trainer.cost(), &data.test).accuracy;
//! println!("{} of {} digits right", accuracy.correct, accuracy.total);
//! # let folder = tempfile::tempdir()?;
//! # std::env::set_current_dir(&folder)?;
//! std::fs::write("digits.model", trainer.network().encode("one epoch on MNIST"))?;
//! # assert_eq!((accuracy.correct, accuracy.total), (9124, 10_000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Longer ones are in `examples`, numbered as a course; its first two lessons are the core's.
//!
//! # A program for your own sizes
//!
//! The core compiles its loops for each size of network. The program `smidgen` has the book's; this is a whole program,
//! with every verb of `smidgen`, for others; `smidgen new` writes it, beside the data and the firmware that goes with it:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     smidgen::main(smidgen::networks![[24, 12, 4], [24, 8, 4]])
//! }
//! ```
//!
//! # The folders
//!
//! A file uses its own folder and those above it in this list, and no two files use each other; a test holds it.
//!
//! | `src/` | holds |
//! |--------|-------|
//! | [`files/`](files) | whole-or-nothing output, bounded input |
//! | [`data/`](data) | labelled images: MNIST inside the program, IDX files, PNG pictures, moved images |
//! | [`network/`](mod@network) | **the boundary**: sizes are types below it, values above it |
//! | [`evaluation/`](evaluation) | accuracy, confusion, mistakes, one example with every number |
//! | [`training/`](training) | the driver, its settings, schedules, checkpoints |
//! | [`quantize/`](quantize) | from floats to integers of 8 bits, or to floats of 16 |
//! | [`sweep.rs`](sweep) | many trainings side by side |
//! | [`cost/`](mod@cost) | what a network will cost on a microcontroller |
//! | [`interchange/`](interchange) | the files of other programs: safetensors, `network2.py`, npz, ONNX |
//! | `plots/` | results as pictures |
//! | `page/` | the page on which one draws a digit |
//! | `commands/` | the verbs, one file or folder each; the only place that prints: [`main`] |
//!
//! # Features
//!
//! | feature | by default | gives |
//! |---------|------------|-------|
//! | `page` | yes | the module `page` and `smidgen draw` |
//! | `plots` | yes | the module `plots`, `--plot`, `--mistakes` and `smidgen filters` |
//!
//! Without them there are fewer dependencies, and all else is the same.

mod commands;
pub mod cost;
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
pub use data::{Dataset, Parts};
pub use evaluation::evaluate;
pub use network::Start;
pub use smidgen_core;
pub use training::{Settings, Trainer};
