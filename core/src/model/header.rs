//! `Header`: all that stands in a model file before its numbers, checked against its length and its checksum.

use super::description::Description;
use crate::format::bytes::{read_u32, truncated};
use crate::format::crc::Crc32;
use crate::format::element::{ELEMENT_F16, ELEMENT_F32, ELEMENT_I8, is_known};
use crate::format::error::ModelError;

/// The first bytes of every model file.
pub const MAGIC: [u8; 4] = *b"SMID";
/// The latest version of the format, in which blocks describe the network. It is written where there is more to say than
/// a note; every version before it is read.
pub const VERSION: u16 = 2;
/// The version of files that say nothing but a note, in its place.
pub const VERSION_1: u16 = 1;

/// Bytes before the sizes.
const FIXED: usize = 8;

/// A model file whose header, length and checksum are right; the parameters are not looked at yet.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    bytes: &'a [u8],
    note: &'a str,
    /// No blocks in a file of version 1.
    description: Description<'a>,
    parameters: usize,
    crc32: u32,
}

impl<'a> Header<'a> {
    /// Checks magic, version, kind, sizes, length and checksum.
    ///
    /// # Errors
    ///
    /// Every [`ModelError`] but [`ModelError::Depth`], [`ModelError::Shape`] and [`ModelError::NotFinite`].
    pub const fn parse(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let note_length = match check_fixed(bytes) {
            Ok(position) => position,
            Err(error) => return Err(error),
        };
        let length = match read_u32(bytes, note_length) {
            Ok(length) => length as usize,
            Err(error) => return Err(error),
        };
        let note_start = note_length + 4;
        let Some(expected) = add(add(Some(note_start), Some(length)), count_bytes(bytes)) else {
            return Err(ModelError::Sizes);
        };
        let Some(expected_length) = expected.checked_add(4) else {
            return Err(ModelError::Sizes);
        };
        if bytes.len() != expected_length {
            return Err(ModelError::Length {
                expected: expected_length,
                found: bytes.len(),
            });
        }
        let (content, _) = bytes.split_at(expected);
        let found = match read_u32(bytes, expected) {
            Ok(found) => found,
            Err(error) => return Err(error),
        };
        let computed = Crc32::START.with(content).value();
        if computed != found {
            return Err(ModelError::Checksum {
                expected: computed,
                found,
            });
        }
        let words = content.split_at(note_start).1.split_at(length).0;
        let (note, description) = match describe(bytes, words, note_start) {
            Ok(described) => described,
            Err(error) => return Err(error),
        };
        Ok(Self {
            bytes,
            note,
            description,
            parameters: note_start + length,
            crc32: found,
        })
    }

    /// What the file says of the network besides its numbers; of a file of version 1 nothing but [`Header::note`].
    #[must_use]
    pub const fn description(&self) -> Description<'a> {
        self.description
    }

    /// The kind of element, [`ELEMENT_F32`], [`ELEMENT_I8`] or [`ELEMENT_F16`].
    #[must_use]
    pub const fn element(&self) -> u8 {
        self.bytes[6]
    }

    /// The number of sizes, one more than there are layers.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.bytes[7] as usize
    }

    /// The sizes from input to output.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + use<'a> {
        let bytes = self.bytes;
        (0..self.depth()).filter_map(move |position| size(bytes, position).ok())
    }

    /// How the network was trained, in words.
    #[must_use]
    pub const fn note(&self) -> &'a str {
        self.note
    }

    /// The file's checksum.
    #[must_use]
    pub const fn crc32(&self) -> u32 {
        self.crc32
    }

    /// Where the parameters start, in bytes.
    #[must_use]
    pub const fn parameters(&self) -> usize {
        self.parameters
    }

    /// The checksum of all that stands before the parameters.
    #[must_use]
    pub const fn prefix(&self) -> Crc32 {
        Crc32::START.with(self.bytes.split_at(self.parameters).0)
    }

    /// Checks the kind of element and the sizes against those of a network.
    ///
    /// # Errors
    ///
    /// [`ModelError::Element`], [`ModelError::Depth`] or [`ModelError::Shape`].
    pub const fn expect(&self, element: u8, sizes: &[usize]) -> Result<(), ModelError> {
        if element != self.element() {
            return Err(ModelError::Element {
                expected: element,
                found: self.element(),
            });
        }
        if sizes.len() != self.depth() {
            return Err(ModelError::Depth {
                expected: sizes.len(),
                found: self.depth(),
            });
        }
        let mut position = 0;
        while position < sizes.len() {
            if let Err(error) = self.expect_size(position, sizes[position]) {
                return Err(error);
            }
            position += 1;
        }
        Ok(())
    }

    /// Checks the size at a position, 0 for the input.
    ///
    /// # Errors
    ///
    /// [`ModelError::Shape`].
    pub const fn expect_size(&self, position: usize, expected: usize) -> Result<(), ModelError> {
        match size(self.bytes, position) {
            Ok(found) if found == expected => Ok(()),
            Ok(found) => Err(ModelError::Shape {
                position,
                expected,
                found,
            }),
            Err(error) => Err(error),
        }
    }
}

/// Checks what stands before the sizes, and gives the position after them.
const fn check_fixed(bytes: &[u8]) -> Result<usize, ModelError> {
    let Some(fixed) = bytes.first_chunk::<FIXED>() else {
        return Err(truncated(bytes, FIXED));
    };
    let [m0, m1, m2, m3, v0, v1, element, depth] = *fixed;
    if u32::from_le_bytes([m0, m1, m2, m3]) != u32::from_le_bytes(MAGIC) {
        return Err(ModelError::Magic {
            found: [m0, m1, m2, m3],
        });
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION && version != VERSION_1 {
        return Err(ModelError::Version {
            expected: VERSION,
            found: version,
        });
    }
    if !is_known(element) {
        return Err(ModelError::Element {
            expected: ELEMENT_F32,
            found: element,
        });
    }
    if depth < 2 {
        return Err(ModelError::Sizes);
    }
    let end = FIXED + 4 * depth as usize;
    if bytes.len() < end {
        Err(truncated(bytes, end))
    } else {
        Ok(end)
    }
}

/// Reads what stands between the sizes and the parameters: a note, or blocks.
const fn describe<'a>(
    bytes: &[u8],
    words: &'a [u8],
    start: usize,
) -> Result<(&'a str, Description<'a>), ModelError> {
    let ends = (size(bytes, 0), size(bytes, bytes[7] as usize - 1));
    let (Ok(inputs), Ok(outputs)) = ends else {
        return Err(ModelError::Sizes);
    };
    if bytes[4] == VERSION_1 as u8 {
        return match core::str::from_utf8(words) {
            Ok(note) => Ok((note, Description::empty())),
            Err(_) => Err(ModelError::Note),
        };
    }
    match Description::parse(words, start, inputs, outputs) {
        Ok(description) => Ok((description.note(), description)),
        Err(error) => Err(error),
    }
}

const fn size(bytes: &[u8], position: usize) -> Result<usize, ModelError> {
    match read_u32(bytes, FIXED + 4 * position) {
        Ok(size) => Ok(size as usize),
        Err(error) => Err(error),
    }
}

/// The bytes of all numbers that the kind and the sizes of a file ask for; none if a size is 0 or the number too large.
const fn count_bytes(bytes: &[u8]) -> Option<usize> {
    let mut total = Some(0);
    let mut position = 1;
    while position < bytes[7] as usize {
        match (size(bytes, position - 1), size(bytes, position)) {
            (Ok(inputs), Ok(outputs)) if inputs > 0 && outputs > 0 => {
                // All that a neuron has: its weights, and a bias or multiplier, shift and bias.
                let neuron = match bytes[6] {
                    ELEMENT_I8 => inputs.checked_add(8),
                    ELEMENT_F16 => multiply(inputs.checked_add(1), 2),
                    _ => multiply(inputs.checked_add(1), 4),
                };
                let layer = multiply(neuron, outputs);
                total = match (total, layer) {
                    (Some(total), Some(_)) => add(Some(total), layer),
                    _ => return None,
                };
            }
            _ => return None,
        }
        position += 1;
    }
    total
}

const fn add(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b),
        _ => None,
    }
}

const fn multiply(a: Option<usize>, b: usize) -> Option<usize> {
    match a {
        Some(a) => a.checked_mul(b),
        None => None,
    }
}
