//! `Description`: what a model file of version 2 says of the network besides its numbers, as tagged blocks.
//!
//! A block is a tag of four letters, the length of what follows in 4 bytes, and that many bytes. Every tag stands at most
//! once; unknown ones are skipped.
//!
//! | tag    | holds                                                                                                  |
//! |--------|--------------------------------------------------------------------------------------------------------|
//! | `NOTE` | UTF-8: how the network was trained, for people                                                         |
//! | `CLAS` | for each class a length in 2 bytes and that much UTF-8: its name                                       |
//! | `COLS` | the same for each input: the name of its column                                                        |
//! | `SHAP` | for each dimension of the input 2 bytes, the outermost first; their product is the number of inputs    |
//! | `SCAL` | 1 byte, 1 for readings of any kind and 2 for integers of 16 bits; then low of each input and then the factor of each, in 4 bytes ([`Scaling`](crate::Scaling)) |
//! | `REJE` | when an answer is left open ([`Rejection`](crate::Rejection)): its least confidence in 4 bytes, a float for floats and a signed integer for integers, then the least and the greatest amount in 4 bytes each |
//! | `DATA` | what it was trained on, in the words of the program that trained it: its checksums, its name and how it was split |

use crate::format::bytes::{read_4, read_u32};
use crate::format::error::ModelError;
use crate::values::scaling::is_valid;

/// Bytes of a tag and of a length.
const HEAD: usize = 8;

/// The tag of the note.
pub const NOTE: [u8; 4] = *b"NOTE";
/// The tag of the classes.
pub const CLASSES: [u8; 4] = *b"CLAS";
/// The tag of the columns.
pub const COLUMNS: [u8; 4] = *b"COLS";
/// The tag of the input's shape.
pub const SHAPE: [u8; 4] = *b"SHAP";
/// The tag of the scaling.
pub const SCALING: [u8; 4] = *b"SCAL";
/// The tag of the rejection.
pub const REJECTION: [u8; 4] = *b"REJE";
/// The tag of the data.
pub const DATA: [u8; 4] = *b"DATA";

/// Readings of any kind.
const FLOATS: u8 = 1;
/// Readings that are integers of 16 bits, which integers alone scale as floats do.
const INTEGERS: u8 = 2;

/// What a model file says besides its numbers: blocks that are whole.
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    bytes: &'a [u8],
    /// The number of inputs.
    inputs: usize,
    /// The number of classes.
    outputs: usize,
}

/// A scaling as the file has it: bytes of `low`, then of `factor`, 4 for each input.
#[derive(Clone, Copy, Debug)]
pub struct StoredScaling<'a> {
    bytes: &'a [u8],
    inputs: usize,
    /// Whether integers alone give the same bytes for every reading of 16 bits.
    pub integers: bool,
}

/// A rejection as the file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredRejection {
    /// The bits of the least confidence: of an `f32` in a model of floats, of an `i32` in one of integers.
    pub confidence: u32,
    /// The least amount of the training data.
    pub least: u32,
    /// The greatest amount.
    pub greatest: u32,
}

impl StoredScaling<'_> {
    /// `low` and `factor` of input `k`; 0 where there is no such input.
    #[must_use]
    pub const fn column(&self, k: usize) -> (f32, f32) {
        if k >= self.inputs {
            return (0.0, 0.0);
        }
        (
            float(self.bytes, 4 * k),
            float(self.bytes, 4 * (self.inputs + k)),
        )
    }
}

impl<'a> Description<'a> {
    /// No blocks.
    pub(super) const fn empty() -> Self {
        Self {
            bytes: &[],
            inputs: 0,
            outputs: 0,
        }
    }

    /// Checks the blocks of a network of so many inputs and outputs, which stand at `start` of a file.
    ///
    /// # Errors
    ///
    /// [`ModelError::Description`].
    pub(super) const fn parse(
        bytes: &'a [u8],
        start: usize,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, ModelError> {
        let description = Self {
            bytes,
            inputs,
            outputs,
        };
        let mut position = 0;
        while position < bytes.len() {
            let block = match description.block_at(position) {
                Some(block) => block,
                None => {
                    return Err(ModelError::Description {
                        position: start + position,
                    });
                }
            };
            if !description.is_whole(block) {
                return Err(ModelError::Description {
                    position: start + position,
                });
            }
            position += HEAD + block.1.len();
        }
        Ok(description)
    }

    /// How the network was trained, in words; nothing if the file does not say.
    #[must_use]
    pub const fn note(&self) -> &'a str {
        match self.block(NOTE) {
            Some(block) => text(block),
            None => "",
        }
    }

    /// The name of class `i`, if the file has names and as many.
    #[must_use]
    pub const fn class(&self, i: usize) -> Option<&'a str> {
        match self.block(CLASSES) {
            Some(block) => name(block, i),
            None => None,
        }
    }

    /// The name of the column that is input `k`, if the file has names and as many.
    #[must_use]
    pub const fn column(&self, k: usize) -> Option<&'a str> {
        match self.block(COLUMNS) {
            Some(block) => name(block, k),
            None => None,
        }
    }

    /// Dimension `i` of the input, the outermost first, if the file gives so many.
    #[must_use]
    pub const fn dimension(&self, i: usize) -> Option<usize> {
        match self.block(SHAPE) {
            Some(block) => short(block, 2 * i),
            None => None,
        }
    }

    /// How readings become inputs, if they need it.
    #[must_use]
    pub const fn scaling(&self) -> Option<StoredScaling<'a>> {
        match self.block(SCALING) {
            Some([kind, bytes @ ..]) => Some(StoredScaling {
                bytes,
                inputs: self.inputs,
                integers: *kind == INTEGERS,
            }),
            _ => None,
        }
    }

    /// When an answer is left open, if the file says so.
    #[must_use]
    pub const fn rejection(&self) -> Option<StoredRejection> {
        match self.block(REJECTION) {
            Some(block) => stored_rejection(block),
            None => None,
        }
    }

    /// What stands in the block of the data, if there is one.
    #[must_use]
    pub const fn data(&self) -> Option<&'a [u8]> {
        self.block(DATA)
    }

    /// The block of a tag.
    const fn block(&self, tag: [u8; 4]) -> Option<&'a [u8]> {
        let mut position = 0;
        while let Some((found, bytes)) = self.block_at(position) {
            if u32::from_le_bytes(found) == u32::from_le_bytes(tag) {
                return Some(bytes);
            }
            position += HEAD + bytes.len();
        }
        None
    }

    /// Tag and bytes of the block at a position, if it is there and whole.
    const fn block_at(&self, position: usize) -> Option<([u8; 4], &'a [u8])> {
        let (Ok(tag), Ok(length)) = (
            read_4(self.bytes, position),
            read_u32(self.bytes, position + 4),
        ) else {
            return None;
        };
        let (_, rest) = self.bytes.split_at(position + HEAD);
        match rest.split_at_checked(length as usize) {
            Some((block, _)) => Some((tag, block)),
            None => None,
        }
    }

    /// Whether the bytes of a block are what its tag says.
    const fn is_whole(&self, (tag, bytes): ([u8; 4], &[u8])) -> bool {
        match &tag {
            b"NOTE" => core::str::from_utf8(bytes).is_ok(),
            b"CLAS" => are_names(bytes, self.outputs),
            b"COLS" => are_names(bytes, self.inputs),
            b"SHAP" => is_shape(bytes, self.inputs),
            b"SCAL" => is_scaling(bytes, self.inputs),
            b"REJE" => stored_rejection(bytes).is_some(),
            _ => true,
        }
    }
}

/// Whether there are exactly `count` names.
const fn are_names(bytes: &[u8], count: usize) -> bool {
    let (mut position, mut found) = (0, 0);
    while position < bytes.len() {
        let Some(length) = short(bytes, position) else {
            return false;
        };
        let (_, rest) = bytes.split_at(position + 2);
        match rest.split_at_checked(length) {
            Some((name, _)) if core::str::from_utf8(name).is_ok() => {}
            _ => return false,
        }
        position += 2 + length;
        found += 1;
    }
    found == count
}

/// Name `i` of a block of names that are whole.
const fn name(bytes: &[u8], i: usize) -> Option<&str> {
    let (mut position, mut index) = (0, 0);
    while let Some(length) = short(bytes, position) {
        if index == i {
            let (_, rest) = bytes.split_at(position + 2);
            return Some(text(rest.split_at(length).0));
        }
        position += 2 + length;
        index += 1;
    }
    None
}

/// Whether the dimensions make up the inputs.
const fn is_shape(bytes: &[u8], inputs: usize) -> bool {
    let (mut position, mut product) = (0, 1_usize);
    while let Some(size) = short(bytes, position) {
        product = product.saturating_mul(size);
        position += 2;
    }
    position == bytes.len() && position > 0 && product == inputs
}

/// Whether the numbers may scale so many inputs.
const fn is_scaling(bytes: &[u8], inputs: usize) -> bool {
    let [FLOATS | INTEGERS, numbers @ ..] = bytes else {
        return false;
    };
    if inputs.saturating_mul(8) != numbers.len() {
        return false;
    }
    let mut k = 0;
    while k < inputs {
        if !is_valid(float(numbers, 4 * k), float(numbers, 4 * (inputs + k))) {
            return false;
        }
        k += 1;
    }
    true
}

/// The three numbers of a rejection, if there are three and no more.
const fn stored_rejection(bytes: &[u8]) -> Option<StoredRejection> {
    const NUMBER: usize = 4;
    let (Ok(confidence), Ok(least), Ok(greatest)) = (
        read_u32(bytes, 0),
        read_u32(bytes, NUMBER),
        read_u32(bytes, 2 * NUMBER),
    ) else {
        return None;
    };
    if bytes.len() != 3 * NUMBER || least > greatest {
        return None;
    }
    Some(StoredRejection {
        confidence,
        least,
        greatest,
    })
}

/// UTF-8 that was checked before.
const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// The number of 2 bytes at a position, if it is there.
const fn short(bytes: &[u8], position: usize) -> Option<usize> {
    match bytes.split_at_checked(position) {
        Some((_, [low, high, ..])) => Some(u16::from_le_bytes([*low, *high]) as usize),
        _ => None,
    }
}

/// The float at a position that is there.
const fn float(bytes: &[u8], position: usize) -> f32 {
    match read_4(bytes, position) {
        Ok(four) => f32::from_le_bytes(four),
        Err(_) => 0.0,
    }
}

/// Writes one block: its tag, its length, and the pieces of which it is made.
///
/// `pieces` calls what it is given with each piece; it is called twice, first for the length.
pub fn write_block(
    tag: [u8; 4],
    pieces: impl Fn(&mut dyn FnMut(&[u8])),
    write: &mut dyn FnMut(&[u8]),
) {
    let mut length = 0_usize;
    pieces(&mut |piece| length += piece.len());
    write(&tag);
    write(&(length as u32).to_le_bytes());
    pieces(write);
}

/// Writes the block of the note.
pub fn write_note(note: &str, write: &mut dyn FnMut(&[u8])) {
    write_block(NOTE, |put| put(note.as_bytes()), write);
}

/// Writes a block of names, [`CLASSES`] or [`COLUMNS`]; of one that is too long the first 65,535 bytes' worth of characters.
pub fn write_names<S: AsRef<str>>(tag: [u8; 4], names: &[S], write: &mut dyn FnMut(&[u8])) {
    let pieces = |put: &mut dyn FnMut(&[u8])| {
        for name in names {
            let name = shortened(name.as_ref());
            put(&(name.len() as u16).to_le_bytes());
            put(name.as_bytes());
        }
    };
    write_block(tag, pieces, write);
}

/// The beginning of a name whose length fits into 2 bytes.
fn shortened(name: &str) -> &str {
    let mut end = name.len().min(usize::from(u16::MAX));
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.split_at_checked(end).map_or("", |(name, _)| name)
}

/// Writes the block of the input's shape, the outermost dimension first.
pub fn write_shape(shape: &[u16], write: &mut dyn FnMut(&[u8])) {
    let pieces = |put: &mut dyn FnMut(&[u8])| {
        for size in shape {
            put(&size.to_le_bytes());
        }
    };
    write_block(SHAPE, pieces, write);
}

/// Writes the block of a scaling: `low` and `factor` of each input, and whether integers alone give the same.
pub fn write_scaling(columns: &[(f32, f32)], integers: bool, write: &mut dyn FnMut(&[u8])) {
    let pieces = |put: &mut dyn FnMut(&[u8])| {
        put(&[if integers { INTEGERS } else { FLOATS }]);
        for (low, _) in columns {
            put(&low.to_le_bytes());
        }
        for (_, factor) in columns {
            put(&factor.to_le_bytes());
        }
    };
    write_block(SCALING, pieces, write);
}

/// Writes the block of a rejection.
pub fn write_rejection(rejection: StoredRejection, write: &mut dyn FnMut(&[u8])) {
    let StoredRejection {
        confidence,
        least,
        greatest,
    } = rejection;
    let pieces = |put: &mut dyn FnMut(&[u8])| {
        for number in [confidence, least, greatest] {
            put(&number.to_le_bytes());
        }
    };
    write_block(REJECTION, pieces, write);
}
