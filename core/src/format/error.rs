//! `ModelError`: what can be wrong with a model file, in words and numbers.

use core::fmt;

/// What is wrong with a model file.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The file ends before its header or its parameters do.
    Truncated {
        /// Bytes that were needed.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The file does not start with [`MAGIC`](crate::model::MAGIC).
    Magic {
        /// What it starts with.
        found: [u8; 4],
    },
    /// Another version of the format.
    Version {
        /// [`VERSION`](crate::model::VERSION).
        expected: u16,
        /// The file's.
        found: u16,
    },
    /// Another kind of element.
    Element {
        /// The kind this network has.
        expected: u8,
        /// The file's.
        found: u8,
    },
    /// Fewer than two sizes, a size of 0, or sizes too large for any memory.
    Sizes,
    /// Another number of sizes than the network's.
    Depth {
        /// The network's.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// A size that is not the network's.
    Shape {
        /// Which size, 0 for the input.
        position: usize,
        /// The network's.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// Bytes missing or left over, by the sizes and the note's length that the file gives.
    Length {
        /// By the header.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// The bytes are not those that were written.
    Checksum {
        /// As computed.
        expected: u32,
        /// As the file says.
        found: u32,
    },
    /// The note is not UTF-8.
    Note,
    /// A block of the description that breaks off, or does not hold what its tag says.
    Description {
        /// Where the block stands in the file, in bytes.
        position: usize,
    },
    /// The file has no scaling of readings.
    NoScaling,
    /// The file's readings are not integers of 16 bits, so that integers alone cannot scale them.
    NotIntegers,
    /// The file has no names of classes.
    NoClasses,
    /// The file does not say when an answer is left open.
    NoRejection,
    /// A weight or bias that is a NaN or an infinity.
    NotFinite {
        /// Where it stands in the file, in bytes.
        position: usize,
    },
    /// An integer weight of −128, which has no counterpart.
    Weight {
        /// Where it stands in the file, in bytes.
        position: usize,
    },
    /// A multiplier or shift of an integer layer that is out of range.
    Scale {
        /// Where it stands in the file, in bytes.
        position: usize,
    },
    /// Integer weights and a bias whose sum could overflow.
    Overflow {
        /// Where the bias stands in the file, in bytes.
        position: usize,
    },
}

impl ModelError {
    /// The error in words without numbers, for compile errors.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "the model file is truncated",
            Self::Magic { .. } => "not a smidgen model file: wrong magic",
            Self::Version { .. } => "the model file has another format version",
            Self::Element { .. } => "the model file holds another kind of element",
            Self::Sizes => "the model file has impossible sizes",
            Self::Depth { .. } => "the model file has another number of layers than the network",
            Self::Shape { .. } => "the model file has another shape than the network",
            Self::Length { .. } => "the model file has the wrong length",
            Self::Checksum { .. } => "the model file is damaged: wrong checksum",
            Self::Note => "the model file's note is not UTF-8",
            Self::Description { .. } => "the model file's description is damaged",
            Self::NoScaling => {
                "the model file has no scaling: its inputs are pixels, or were in [0, 1] already"
            }
            Self::NotIntegers => "the model file's readings are not integers of 16 bits",
            Self::NoClasses => "the model file has no names of classes",
            Self::NoRejection => {
                "the model file does not say when an answer is left open: smidgen evaluate --reject chooses it"
            }
            Self::NotFinite { .. } => "the model file holds a weight that is not a finite number",
            Self::Weight { .. } => "the model file holds an integer weight of -128",
            Self::Scale { .. } => "the model file holds a scale out of range",
            Self::Overflow { .. } => "the model file holds weights whose sum could overflow",
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        match *self {
            Self::Truncated { expected, found } | Self::Length { expected, found } => {
                write_expected(f, expected, found, " bytes")
            }
            Self::Magic { found } => write!(f, " {found:02x?}"),
            Self::Version { expected, found } => write_expected(f, expected, found, ""),
            Self::Element { expected, found } => write_expected(f, expected, found, ""),
            Self::Depth { expected, found } => write_expected(f, expected, found, " sizes"),
            Self::Shape {
                position,
                expected,
                found,
            } => {
                write!(f, ", size {position}: {expected} expected, {found} found")
            }
            Self::Checksum { expected, found } => write_checksums(f, expected, found),
            Self::NotFinite { position }
            | Self::Description { position }
            | Self::Weight { position }
            | Self::Scale { position }
            | Self::Overflow { position } => write!(f, ", at byte {position}"),
            Self::Sizes
            | Self::Note
            | Self::NoScaling
            | Self::NotIntegers
            | Self::NoClasses
            | Self::NoRejection => Ok(()),
        }
    }
}

impl core::error::Error for ModelError {}

/// What was expected and what was found of something that is counted, behind the message of an error.
pub(crate) fn write_expected(
    f: &mut fmt::Formatter<'_>,
    expected: impl fmt::Display,
    found: impl fmt::Display,
    unit: &str,
) -> fmt::Result {
    write!(f, ", {expected}{unit} expected, {found} found")
}

/// The checksum that was found and the one that was expected, behind the message of an error.
pub(crate) fn write_checksums(
    f: &mut fmt::Formatter<'_>,
    expected: u32,
    found: u32,
) -> fmt::Result {
    write!(f, " {found:08x}, {expected:08x} expected")
}
