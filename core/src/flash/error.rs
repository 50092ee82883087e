//! `FlashError`: what can be wrong with an image, in words and numbers.

use core::fmt;

use crate::format::error::{write_checksums, write_expected};

/// What is wrong with an image of a network.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlashError {
    /// The image does not start at a multiple of 4 bytes.
    Alignment,
    /// The bytes end before the image does.
    Truncated {
        /// Bytes of the whole image.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The bytes do not start with [`MAGIC`](crate::flash::MAGIC): no image, or flash that was erased.
    Magic {
        /// The first four of them, little-endian; all ones where flash was erased.
        found: u32,
    },
    /// Another version of the format.
    Version {
        /// [`VERSION`](crate::flash::VERSION).
        expected: u8,
        /// The image's.
        found: u8,
    },
    /// A network that lies in memory otherwise than on this processor.
    Layout {
        /// [`LAYOUT`](crate::flash::LAYOUT), or 0 where no image can be taken in place.
        expected: u8,
        /// The image's.
        found: u8,
    },
    /// Another kind of element.
    Element {
        /// The kind this network has.
        expected: u8,
        /// The image's.
        found: u8,
    },
    /// Another number of sizes than the network's.
    Depth {
        /// The network's.
        expected: usize,
        /// The image's.
        found: usize,
    },
    /// A size that is not the network's.
    Shape {
        /// Which size, 0 for the input.
        position: usize,
        /// The network's.
        expected: usize,
        /// The image's.
        found: usize,
    },
    /// A payload that is longer or shorter than the network with its two checksums.
    Length {
        /// The network's.
        expected: usize,
        /// By the image's header.
        found: usize,
    },
    /// The bytes are not those that were exported: not all of them were written, or some have changed.
    Checksum {
        /// As computed.
        expected: u32,
        /// As the image says.
        found: u32,
    },
}

impl fmt::Display for FlashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alignment => "the image does not start at a multiple of 4 bytes",
            Self::Truncated { .. } => "the image is truncated",
            Self::Magic { .. } => "no image of a network: wrong magic",
            Self::Version { .. } => "the image has another format version",
            Self::Layout { .. } => "the image is for processors with another layout of memory",
            Self::Element { .. } => "the image holds another kind of element",
            Self::Depth { .. } => "the image has another number of layers than the network",
            Self::Shape { .. } => "the image has another shape than the network",
            Self::Length { .. } => "the image has the wrong length",
            Self::Checksum { .. } => "the image is damaged or not all there: wrong checksum",
        })?;
        match *self {
            Self::Alignment => Ok(()),
            Self::Truncated { expected, found } | Self::Length { expected, found } => {
                write_expected(f, expected, found, " bytes")
            }
            Self::Magic { found } => write!(f, " {:02x?}", found.to_le_bytes()),
            Self::Version { expected, found }
            | Self::Layout { expected, found }
            | Self::Element { expected, found } => write_expected(f, expected, found, ""),
            Self::Depth { expected, found } => write_expected(f, expected, found, " sizes"),
            Self::Shape {
                position,
                expected,
                found,
            } => write!(f, ", size {position}: {expected} expected, {found} found"),
            Self::Checksum { expected, found } => write_checksums(f, expected, found),
        }
    }
}

impl core::error::Error for FlashError {}
