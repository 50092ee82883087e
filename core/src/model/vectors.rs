//! Test vectors: images with the output that a model gives for them, to check on a device that it gives the same bits.
//!
//! All numbers are little-endian; there is no padding.
//!
//! | bytes   | what                                                                        |
//! |---------|-----------------------------------------------------------------------------|
//! | 4       | magic, `SMTV`                                                               |
//! | 4       | format version, 1                                                           |
//! | 4       | CRC-32 of the model file that the outputs come from ([`Model::crc32`])      |
//! | 4       | I, the number of inputs                                                     |
//! | 4       | O, the number of outputs                                                    |
//! | 4       | n, the number of vectors                                                    |
//! | n times | I bytes of image, 1 byte of label, 4 O bytes of output ([`Output::bits`])   |
//! | 4       | CRC-32 of everything before it ([`crate::crc`])                              |
//!
//! `smidgen export` writes such a file, [`embed_vectors!`](crate::embed_vectors) puts it into firmware, and
//! [`self_test`] runs it.

use core::fmt;

use super::embedded::Model;
use crate::format::bytes::{four, write_with_checksum};
use crate::format::crc::Crc32;
use crate::format::error::{write_checksums, write_expected};
use crate::network::inference::{Inference, Output};

/// The first bytes of every file of test vectors.
pub const MAGIC: [u8; 4] = *b"SMTV";
/// The version of the format for images; those for readings are in [`readings`](crate::readings).
pub const VERSION: u32 = 1;

/// Bytes before the first vector.
const HEADER: usize = 24;
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 4;

/// What is wrong with test vectors.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VectorsError {
    /// The file does not start with [`MAGIC`], or is shorter than a header.
    Magic,
    /// Another version of the format.
    Version {
        /// [`VERSION`].
        expected: u32,
        /// The file's.
        found: u32,
    },
    /// Another number of inputs or outputs than the network's.
    Shape {
        /// The file's inputs.
        inputs: usize,
        /// The file's outputs.
        outputs: usize,
    },
    /// Bytes missing or left over, by the numbers that the header gives.
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
    /// The outputs are those of another model.
    Model {
        /// The checksum of the model at hand.
        expected: u32,
        /// The checksum of the model that the vectors were made with.
        found: u32,
    },
}

impl VectorsError {
    /// The error in words without numbers, for compile errors.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        match self {
            Self::Magic => "not a file of smidgen test vectors: wrong magic",
            Self::Version { .. } => "the test vectors have another format version",
            Self::Shape { .. } => "the test vectors have another shape than the network",
            Self::Length { .. } => "the file of test vectors has the wrong length",
            Self::Checksum { .. } => "the test vectors are damaged: wrong checksum",
            Self::Model { .. } => "the test vectors belong to another model",
        }
    }
}

impl fmt::Display for VectorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        match *self {
            Self::Magic => Ok(()),
            Self::Version { expected, found } => write_expected(f, expected, found, ""),
            Self::Shape { inputs, outputs } => {
                write!(f, ": {inputs} inputs and {outputs} outputs")
            }
            Self::Length { expected, found } => write_expected(f, expected, found, " bytes"),
            Self::Checksum { expected, found } | Self::Model { expected, found } => {
                write_checksums(f, expected, found)
            }
        }
    }
}

impl core::error::Error for VectorsError {}

/// An image, what it shows, and the output that a model has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vector<'a, const I: usize, const O: usize> {
    /// The input, as bytes.
    pub image: &'a [u8; I],
    /// The class of the image.
    pub label: u8,
    /// The bits of the output that is expected, [`Output::bits`].
    pub output: [u32; O],
}

/// A file of test vectors whose shape, length and checksum are right.
#[derive(Clone, Copy, Debug)]
pub struct Vectors<'a, const I: usize, const O: usize> {
    /// The vectors without what stands before and after them.
    bytes: &'a [u8],
    model_crc32: u32,
}

impl<'a, const I: usize, const O: usize> Vectors<'a, I, O> {
    /// Bytes of one vector.
    const SIZE: usize = I + 1 + 4 * O;

    /// Checks magic, version, shape, length and checksum.
    ///
    /// # Errors
    ///
    /// Every [`VectorsError`] but [`VectorsError::Model`].
    pub const fn parse(bytes: &'a [u8]) -> Result<Self, VectorsError> {
        match check(bytes, VERSION, [I, O], Self::SIZE) {
            Ok((bytes, model_crc32)) => Ok(Self { bytes, model_crc32 }),
            Err(error) => Err(error),
        }
    }

    /// The checksum of the model that the outputs come from.
    #[must_use]
    pub const fn model_crc32(&self) -> u32 {
        self.model_crc32
    }

    /// The number of vectors.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len() / Self::SIZE
    }

    /// Whether there is no vector.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The vectors in the order of the file.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = Vector<'a, I, O>> + use<'a, I, O> {
        self.bytes.chunks_exact(Self::SIZE).filter_map(|bytes| {
            let (image, rest) = bytes.split_first_chunk::<I>()?;
            let (label, output) = rest.split_first()?;
            let mut bits = [0; O];
            for (value, bytes) in bits.iter_mut().zip(output.as_chunks::<4>().0) {
                *value = u32::from_le_bytes(*bytes);
            }
            Some(Vector {
                image,
                label: *label,
                output: bits,
            })
        })
    }
}

/// Checks a file of vectors of a version, of so many inputs and outputs and of `size` bytes each; gives the bytes of all
/// vectors, and the checksum of their model.
pub(super) const fn check(
    bytes: &[u8],
    version: u32,
    [inputs, outputs]: [usize; 2],
    size: usize,
) -> Result<(&[u8], u32), VectorsError> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return Err(VectorsError::Magic);
    };
    if word(header, 0) != u32::from_le_bytes(MAGIC) {
        return Err(VectorsError::Magic);
    }
    if word(header, 4) != version {
        return Err(VectorsError::Version {
            expected: version,
            found: word(header, 4),
        });
    }
    let found = (word(header, 12) as usize, word(header, 16) as usize);
    if found.0 != inputs || found.1 != outputs {
        return Err(VectorsError::Shape {
            inputs: found.0,
            outputs: found.1,
        });
    }
    let expected = (word(header, 20) as usize).saturating_mul(size);
    if expected.saturating_add(CHECKSUM) != rest.len() {
        return Err(VectorsError::Length {
            expected: expected.saturating_add(HEADER + CHECKSUM),
            found: bytes.len(),
        });
    }
    let (vectors, checksum) = rest.split_at(expected);
    let found = word(checksum, 0);
    let computed = Crc32::START.with(header).with(vectors).value();
    if computed != found {
        return Err(VectorsError::Checksum {
            expected: computed,
            found,
        });
    }
    Ok((vectors, word(header, 8)))
}

/// The number at a position that is known to be there.
const fn word(bytes: &[u8], position: usize) -> u32 {
    match four(bytes, position) {
        Some(four) => u32::from_le_bytes(*four),
        None => 0,
    }
}

/// Writes a file of test vectors, piece by piece.
///
/// ```
/// use smidgen_core::vectors::{self, Vector, Vectors};
/// let vector = Vector { image: &[0, 255], label: 1, output: [0.25_f32.to_bits()] };
/// let mut file = Vec::new();
/// vectors::encode(0x1234_5678, &[vector], |bytes| file.extend_from_slice(bytes));
/// let read = Vectors::<2, 1>::parse(&file)?;
/// assert!(read.iter().eq([vector]));
/// # Ok::<(), vectors::VectorsError>(())
/// ```
pub fn encode<const I: usize, const O: usize>(
    model_crc32: u32,
    vectors: &[Vector<'_, I, O>],
    write: impl FnMut(&[u8]),
) {
    let parts = vectors.iter().map(|vector| {
        let Vector {
            image,
            label,
            output,
        } = vector;
        (&image[..], *label, &output[..])
    });
    encode_parts(model_crc32, [I, O], parts, write);
}

/// [`encode`] of vectors whose sizes are known only at run time: each is an image, a label and an output; `sizes` are their
/// lengths.
pub fn encode_parts<'a>(
    model_crc32: u32,
    sizes: [usize; 2],
    vectors: impl ExactSizeIterator<Item = (&'a [u8], u8, &'a [u32])>,
    write: impl FnMut(&[u8]),
) {
    encode_version(VERSION, model_crc32, sizes, vectors, write);
}

/// [`encode_parts`] of another version, with the bytes that it has for an input.
pub(super) fn encode_version<'a>(
    version: u32,
    model_crc32: u32,
    sizes: [usize; 2],
    vectors: impl ExactSizeIterator<Item = (&'a [u8], u8, &'a [u32])>,
    write: impl FnMut(&[u8]),
) {
    write_with_checksum(write, |put| {
        put(&MAGIC);
        let [inputs, outputs] = sizes.map(|size| size as u32);
        for word in [version, model_crc32, inputs, outputs, vectors.len() as u32] {
            put(&word.to_le_bytes());
        }
        for (image, label, output) in vectors {
            put(image);
            put(&[label]);
            for value in output {
                put(&value.to_le_bytes());
            }
        }
    });
}

/// How many vectors a model agrees with.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Vectors whose output the model gives bit for bit.
    pub equal: usize,
    /// All vectors.
    pub total: usize,
}

impl Agreement {
    /// Counts the steps of a self-test.
    #[must_use]
    pub fn of(steps: impl Iterator<Item = bool>) -> Self {
        let mut agreement = Self { equal: 0, total: 0 };
        for is_equal in steps {
            agreement.equal += usize::from(is_equal);
            agreement.total += 1;
        }
        agreement
    }

    /// Whether every vector agrees.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.equal == self.total
    }
}

/// Runs every vector through a model and counts the outputs that are equal bit for bit.
///
/// # Errors
///
/// [`VectorsError::Model`] if the vectors were made with another model.
pub fn self_test<N: Inference<I, O>, const I: usize, const O: usize>(
    model: &Model<N>,
    vectors: &Vectors<'_, I, O>,
) -> Result<Agreement, VectorsError> {
    self_test_steps(model, vectors).map(Agreement::of)
}

/// [`self_test`] in steps: each call of `next` runs one vector and says whether the output is equal bit for bit, so that a
/// watchdog is fed between two of them, or a main loop goes on.
///
/// ```
/// # use smidgen_core::{Model, Network, embed_model, network};
/// # use smidgen_core::vectors::{self, Vector, Vectors, self_test_steps};
/// # use smidgen_core::{Inference, Output};
/// static XOR: Model<network![2, 3, 1]> = embed_model!("../../testdata/xor.model", [2, 3, 1]);
/// # let image = &[0, 255];
/// # let vector = Vector { image, label: 1, output: XOR.infer(image).bits() };
/// # let mut file = Vec::new();
/// # vectors::encode(XOR.crc32(), &[vector, vector], |bytes| file.extend_from_slice(bytes));
/// # let vectors = Vectors::<2, 1>::parse(&file)?;
/// # let feed_watchdog = || ();
/// for is_equal in self_test_steps(&XOR, &vectors)? {
///     feed_watchdog();
///     assert!(is_equal);
/// }
/// # Ok::<(), vectors::VectorsError>(())
/// ```
///
/// # Errors
///
/// As [`self_test`].
pub fn self_test_steps<'a, N: Inference<I, O>, const I: usize, const O: usize>(
    model: &'a Model<N>,
    vectors: &Vectors<'a, I, O>,
) -> Result<impl Iterator<Item = bool> + use<'a, N, I, O>, VectorsError> {
    expect_model(model, vectors.model_crc32())?;
    let steps = vectors.iter();
    Ok(steps.map(|vector| model.infer(vector.image).bits() == vector.output))
}

/// Refuses vectors that were made with another model than this one, by its checksum.
pub(super) fn expect_model<N>(model: &Model<N>, found: u32) -> Result<(), VectorsError> {
    let expected = model.crc32();
    if found == expected {
        Ok(())
    } else {
        Err(VectorsError::Model { expected, found })
    }
}

/// A file of test vectors as a value of type [`Vectors`], checked when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`; the numbers are the network's inputs
/// and outputs. A file that is damaged or has another shape is a compile error. Vectors of readings say of which kind these
/// are, `embed_vectors!("fan.vectors", f32, [24, 4])` or `i16`, and have the type
/// [`ReadingVectors`](crate::readings::ReadingVectors).
#[macro_export]
macro_rules! embed_vectors {
    ($path:expr, $reading:ident, [$in:expr, $out:expr]) => {{
        #[allow(long_running_const_eval)]
        const VECTORS: $crate::readings::ReadingVectors<'static, $reading, { $in }, { $out }> =
            match $crate::readings::ReadingVectors::parse(include_bytes!($path)) {
                Ok(vectors) => vectors,
                Err(error) => panic!("{}", error.message()),
            };
        VECTORS
    }};
    ($path:expr, [$in:expr, $out:expr]) => {{
        #[allow(long_running_const_eval)]
        const VECTORS: $crate::Vectors<'static, { $in }, { $out }> =
            match $crate::Vectors::parse(include_bytes!($path)) {
                Ok(vectors) => vectors,
                Err(error) => panic!("{}", error.message()),
            };
        VECTORS
    }};
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn file() -> Vec<u8> {
        let vector = |label| Vector {
            image: &[7, 8, 9],
            label,
            output: [7, u32::MAX],
        };
        let mut file = Vec::new();
        encode(9, &[vector(1), vector(2)], |part| {
            file.extend_from_slice(part);
        });
        file
    }

    fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> VectorsError {
        let mut file = file();
        change(&mut file);
        Vectors::<3, 2>::parse(&file).unwrap_err()
    }

    #[test]
    fn what_is_written_is_read() {
        let file = file();
        let vectors = Vectors::<3, 2>::parse(&file).unwrap();
        assert_eq!((vectors.len(), vectors.model_crc32()), (2, 9));
        let labels: Vec<_> = vectors.iter().map(|vector| vector.label).collect();
        assert_eq!(labels, [1, 2]);
    }

    #[test]
    fn every_damage_is_named() {
        assert_eq!(refusal(|file| file.truncate(20)), VectorsError::Magic);
        assert_eq!(refusal(|file| file[0] = 0), VectorsError::Magic);
        assert!(matches!(
            refusal(|file| file[4] = 2),
            VectorsError::Version { found: 2, .. }
        ));
        assert!(matches!(
            refusal(|file| file[12] = 4),
            VectorsError::Shape { inputs: 4, .. }
        ));
        assert!(matches!(
            refusal(|file| file[23] = 255),
            VectorsError::Length { .. }
        ));
        assert!(matches!(
            refusal(|file| file.push(0)),
            VectorsError::Length { .. }
        ));
        for byte in [8, 24, 40] {
            assert!(matches!(
                refusal(|file| file[byte] ^= 1),
                VectorsError::Checksum { .. }
            ));
        }
    }
}
