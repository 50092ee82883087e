//! The model file: its format, encoding and decoding, the model that firmware embeds, and the test vectors beside it.
//!
//! All numbers are little-endian; there is no padding.
//!
//! | bytes   | what                                                                                                |
//! |---------|-----------------------------------------------------------------------------------------------------|
//! | 4       | magic, `SMID`                                                                                       |
//! | 2       | format version, 1 or 2                                                                              |
//! | 1       | kind of element, 1 for IEEE 754 binary32, 2 for integers of 8 bits, 3 for IEEE 754 binary16          |
//! | 1       | number of sizes, n ≥ 2                                                                              |
//! | 4 n     | the sizes from input to output, each at least 1                                                     |
//! | 4       | length in bytes of the note, or of the description                                                  |
//! | …       | version 1: the note, UTF-8, how the network was trained, for people; version 2: the [`description`], in blocks: the note, the names of the classes, the scaling of the readings, … |
//! | …       | for each layer the weights **in the book's order** (all inputs of neuron 0, then of neuron 1, …; as `PyTorch` and safetensors have them), then what the kind of element has for each neuron |
//! | 4       | CRC-32 of everything before it ([`crate::crc`])                                                      |
//!
//! Kind 1: a weight has 4 bytes, and each neuron a bias of 4 bytes. Kind 2: a weight has 1 byte, −127 to 127; then each
//! neuron has a multiplier and a shift, both unsigned and of 2 bytes, and after all of these a bias of 4 bytes, signed
//! ([`crate::quantized`] says what they mean). Kind 3: a weight has 2 bytes, and each neuron a bias of 2 bytes, all of them
//! finite ([`crate::Half`]).
//!
//! In memory the weights lie input-major ([`crate::Dense`]); decoding transposes them, at compile time in
//! [`embed_model!`](crate::embed_model). A file of another version or kind is refused, never guessed at.

pub mod description;
mod embedded;
mod file;
mod header;
mod parts;
pub mod readings;
pub mod vectors;

pub use embedded::Model;
pub use file::{decode, encode, encode_described};
pub use header::{Header, MAGIC, VERSION, VERSION_1};
pub use parts::{class_names, integer_rejection, integer_scaling, rejection, scaling};

pub use crate::format::element::{ELEMENT_F16, ELEMENT_F32, ELEMENT_I8};
pub use crate::format::error::ModelError;
