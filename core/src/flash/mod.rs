//! A model that arrives later: the image of a network for flash, written by a host and taken in place by firmware, without
//! a copy in RAM.
//!
//! [`embed_model!`](crate::embed_model) puts a model into the program; an image goes into flash beside it, so that a new
//! model needs no new program. `smidgen export MODEL --format flash --out slot.bin` writes one, [`encode`] is what it
//! calls, [`Model::from_flash`](crate::Model::from_flash) takes one, and [`newest`] the newer whole one of two.
//!
//! # The format
//!
//! All numbers are little-endian and of 4 bytes, unless said otherwise; the image starts at a multiple of 4 bytes.
//!
//! | bytes | what                                                                                              |
//! |-------|---------------------------------------------------------------------------------------------------|
//! | 4     | magic, `SMFL`                                                                                     |
//! | 1     | format version, 1                                                                                 |
//! | 1     | layout of memory, 1: little-endian, as below                                                      |
//! | 1     | kind of element, as in [a model file](crate::model)                                               |
//! | 1     | number of sizes, n ≥ 2                                                                            |
//! | 4     | sequence number: of two images the one with the larger is the newer                               |
//! | 4     | length of the payload in bytes                                                                    |
//! | 4 n   | the sizes from input to output                                                                    |
//! | …     | the payload: the network as it lies in memory                                                     |
//! | 4     | the payload's last but one word: the CRC-32 of the model file before its numbers, not inverted    |
//! | 4     | its last: the CRC-32 of the model file, by which the file and its test vectors are known          |
//! | 4     | CRC-32 of everything before it ([`crate::crc`])                                                    |
//!
//! The checksum comes last, so that an image that is written from its start to its end is whole only when all of it is
//! there.
//!
//! Layout 1 is that of the five targets that are tested, and of every little-endian processor of 32 bits. Floats lie row by
//! row, `weights[k][j]`, then the biases ([`Dense`](crate::Dense)); those of 16 bits the same, each row filled up to a
//! multiple of 4 bytes ([`HalfDense`](crate::HalfDense)); integers by passes of six neurons, whichever instructions the
//! processor has for them ([`layout`](crate::quantized::layout)). A host of 64 bits keeps space between rows of floats, and
//! a big-endian one turns words around, so these [refuse](FlashError::Layout) what they cannot take in place; they write
//! images as any other does.
//!
//! # What the checksum is worth
//!
//! Decoding a model file looks at every number: no NaN, no sum that could overflow. Taking an image does not, for time and
//! code: its checksum says that it is what an exporter wrote, and an exporter writes what was decoded. An image that was
//! made to deceive can so hold any bits. They are numbers still: answers are wrong then, and nothing worse happens.

mod error;
mod image;
mod in_place;
mod newest;

pub use error::FlashError;
pub use image::{LAYOUT, MAGIC, VERSION, encode};
pub use in_place::InPlace;
pub use newest::{Newest, newest};
