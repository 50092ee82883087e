//! `Stored`: what a network must say of itself to be written to a model file and read from one, and to be written to an image
//! for flash.

use crate::format::error::ModelError;

/// A network as a model file sees it: its sizes, and its numbers as bytes in the order of the file.
pub trait Stored {
    /// The kind of element: [`ELEMENT_F32`](crate::model::ELEMENT_F32), [`ELEMENT_I8`](crate::model::ELEMENT_I8) or
    /// [`ELEMENT_F16`](crate::model::ELEMENT_F16).
    const ELEMENT: u8;

    /// The number of inputs.
    const INPUTS: usize;

    /// Layers with weights: 2 in `network![784, 30, 10]`.
    const LAYERS: usize;

    /// Bytes in the flash or the RAM of a microcontroller, whose memory knows no cache lines.
    const BYTES: usize;

    /// Calls `visit` with the sizes after the input, first layer first: 30, 10 in `network![784, 30, 10]`.
    fn for_each_size(visit: impl FnMut(usize));

    /// Calls `visit` with the bytes of every number in the order of the file.
    fn for_each_part(&self, visit: impl FnMut(&[u8]));

    /// Calls `visit` with each word of 4 bytes as a little-endian processor of 32 bits holds the network, in the order of its
    /// memory; what is padding there is 0. They have [`Stored::BYTES`] bytes in all, on every machine.
    fn for_each_word(&self, visit: impl FnMut(u32));

    /// Reads the numbers from the bytes of a model file, and gives the position after them.
    ///
    /// # Errors
    ///
    /// [`ModelError::Truncated`] where `bytes` end, and what the element may not be: [`ModelError::NotFinite`] for a
    /// float, [`ModelError::Weight`], [`ModelError::Scale`] and [`ModelError::Overflow`] for integers.
    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError>;
}
