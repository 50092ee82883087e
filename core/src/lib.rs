//! Neural networks that fit in a smidgen of memory: Nielsen's feedforward network, trained and run by one and the same
//! `no_std` code on a host and in firmware, with the same bits.
//!
//! # The data flow
//!
//! | step | where |
//! |------|-------|
//! | bytes become an [`Image`]; a drawn digit is centred as MNIST's are | [`image`], [`centre()`] |
//! | an image names its non-zero pixels | [`input`] |
//! | `z = W x + b`, `a = σ(z)` for every layer | [`kernels`], [`activation`], [`Dense`], [`Chain`] |
//! | the output against the label: cost and delta (BP1) | [`Cost`] |
//! | the deltas of the hidden layers (BP2) | [`Network::backward`] |
//! | the gradient, row by row, and the step down it (BP3, BP4) | [`batch`], [`update_mini_batch`], [`learn`] |
//! | the network as a file, and the file as a `static` in flash | [`model`], [`embed_model!`] |
//!
//! # The layers of the code
//!
//! A file uses its own folder and those above it in this list, and no two files use each other.
//!
//! | `src/` | holds |
//! |--------|-------|
//! | `format/` | bytes and their checksum, kinds of element, [`ModelError`], [`Stored`]: what a file needs of a network |
//! | `values/` | what flows: [`Row`], [`Half`], [`Image`], [`Input`], [`Batch`], ranking, centring |
//! | `kernels/` | the loops over arrays, portable, and beside them those made for a processor; no network |
//! | `activation.rs`, `cost.rs` | σ and its slope; the cost and δ of the output |
//! | `network/` | [`Network`], [`Inference`], [`Trace`], [`Backprop`]; [`Dense`] and [`Chain`] |
//! | `half/` | the float network whose weights are kept in 16 bits |
//! | `quantized/` | the integer network and its loops |
//! | `learning/` | starts, backpropagation, the step, in place, mini-batches, regularisation |
//! | `model/` | the model file: [`model::Header`], [`Model`], encoding and decoding, [`embed_model!`], test vectors |
//!
//! # Sizes are types
//!
//! `network![784, 30, 10]` is `Chain<Dense<784, 30>, Dense<30, 10>>`. There is no allocation, no `dyn`, and no size at
//! run time; a wrong shape does not compile.
//!
//! ```
//! use rand_core::SeedableRng;
//! use rand_xorshift::XorShiftRng;
//! use smidgen_core::{Backprop, Cost, Network, classify, init, learn, network};
//!
//! let mut xor = <network![2, 3, 2]>::ZERO;
//! init::unit_gaussian(&mut xor, &mut XorShiftRng::seed_from_u64(1));
//! let examples = [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)];
//! for (input, label) in examples.iter().cycle().take(8000) {
//!     learn(&mut xor, Cost::Quadratic, input, *label, 3.0, &mut Backprop::zero());
//! }
//! for (input, label) in &examples {
//!     assert_eq!(classify(&xor.feedforward(input)), *label);
//! }
//! ```
//!
//! The folder `examples` has the first two lessons of a course, which goes on in the examples of the host.
//!
//! # The same bits everywhere
//!
//! Weights and outputs are equal bit for bit on every IEEE 754 target that rounds to nearest and keeps subnormals; x87,
//! which rounds twice, is refused:
//!
//! - every sum adds its products in the order of the book's loop, each product and each sum rounded by itself. No fused
//!   operation, no reassociation: weights lie input-major, so vector instructions run across neurons, not inside a sum;
//! - zero inputs are left out, which changes no bit as long as weights are finite. Decoding refuses others;
//! - there is one exponential, [`activation::exp`], made of the four operations, and logarithm and root are `libm`'s;
//! - random numbers come from the generator that the caller names.
//!
//! # Notation
//!
//! As in Nielsen, *Neural Networks and Deep Learning*: x the input, `w_jk` the weight from neuron k to neuron j, `b_j` a
//! bias, z the weighted input, a the activation, δ = ∂C/∂z, η the learning rate, m the length of a mini-batch.
#![no_std]

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!(
    "smidgen-core does not compile for x87: its registers round every result twice, first to their own precision and \
     again to that of an f32, so the bits would not be those of every other target; build for one with SSE2, as \
     i686-unknown-linux-gnu has it"
);

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod activation;
mod cost;
mod format;
pub mod half;
pub mod kernels;
mod learning;
pub mod model;
mod network;
pub mod quantized;
mod values;

pub use cost::Cost;
pub use format::crc;
pub use format::stored::Stored;
pub use half::{HalfDense, HalfNetwork};
pub use learning::backprop::{backprop, backprop_weighed};
pub use learning::in_place::{learn, learn_last_layer};
pub use learning::init;
pub use learning::mini_batch::MiniBatch;
pub use learning::regularization::{
    Regularization, advance, descend_regularized, shrink, slow, update_regularized,
    update_with_momentum,
};
pub use learning::step::update_mini_batch;
pub use model::readings;
pub use model::vectors::{self, Vectors, VectorsError};
pub use model::{Model, ModelError};
pub use network::Network;
pub use network::chain::Chain;
pub use network::dense::Dense;
pub use network::inference::{Inference, Output};
pub use network::rejection::{Answer, Rejection};
pub use network::trace::{Backprop, Trace};
pub use quantized::{QuantizedDense, QuantizedNetwork, Scores};
pub use values::batch::{self, Batch};
pub use values::centre::centre;
pub use values::half::{Half, HalfRow};
pub use values::image::{self, Image};
pub use values::input::{self, ActivePixel, ActivePixels, Input, active_pixels};
pub use values::integer_ranges::IntegerRanges;
pub use values::integer_scaling::{self, IntegerScaling};
pub use values::ranking::{Ranked, classify, confidence, ranked};
pub use values::row::Row;
pub use values::scaling::{self, NotANumber, Scaling};

/// The book's network for digits: 784 inputs, 30 hidden neurons, 10 outputs; 23,860 weights and biases.
pub type Digits = network![784, 30, 10];
