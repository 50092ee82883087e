//! Test vectors of readings: rows as a sensor gives them, with the output that a model has for them once they are scaled.
//!
//! The file is that of [`vectors`](crate::vectors), but its version is 2 for readings in floats and 3 for readings in
//! integers of 16 bits, and in place of the I bytes of an image a vector has I readings, little-endian, of 4 bytes or of 2.

use super::embedded::Model;
use super::vectors::{Agreement, VectorsError, check, encode_version, expect_model};
use crate::network::inference::{Inference, Output};
use crate::values::integer_scaling::IntegerScaling;
use crate::values::scaling::Scaling;

/// A kind of number that a sensor's readings can be.
pub trait Reading: Copy {
    /// The version of a file of such readings.
    const VERSION: u32;
    /// The bytes of one.
    const BYTES: usize;
    /// 0.
    const ZERO: Self;

    /// The number in the first [`Reading::BYTES`] bytes; 0 if there are fewer.
    fn from_bytes(bytes: &[u8]) -> Self;
}

impl Reading for f32 {
    const VERSION: u32 = 2;
    const BYTES: usize = 4;
    const ZERO: Self = 0.0;

    fn from_bytes(bytes: &[u8]) -> Self {
        bytes
            .first_chunk()
            .map_or(0.0, |four| Self::from_le_bytes(*four))
    }
}

impl Reading for i16 {
    const VERSION: u32 = 3;
    const BYTES: usize = 2;
    const ZERO: Self = 0;

    fn from_bytes(bytes: &[u8]) -> Self {
        bytes
            .first_chunk()
            .map_or(0, |two| Self::from_le_bytes(*two))
    }
}

/// A row of readings, its class, and the output that a model has for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadingVector<R, const I: usize, const O: usize> {
    /// As they were measured.
    pub readings: [R; I],
    /// The class of the row.
    pub label: u8,
    /// The bits of the output that is expected, [`Output::bits`].
    pub output: [u32; O],
}

/// A file of test vectors of readings whose shape, length and checksum are right.
#[derive(Clone, Copy, Debug)]
pub struct ReadingVectors<'a, R, const I: usize, const O: usize> {
    /// The vectors without what stands before and after them.
    bytes: &'a [u8],
    model_crc32: u32,
    reading: core::marker::PhantomData<R>,
}

impl<'a, R: Reading, const I: usize, const O: usize> ReadingVectors<'a, R, I, O> {
    /// Bytes of one vector.
    const SIZE: usize = R::BYTES * I + 1 + 4 * O;

    /// Checks magic, version, shape, length and checksum.
    ///
    /// # Errors
    ///
    /// Every [`VectorsError`] but [`VectorsError::Model`].
    pub const fn parse(bytes: &'a [u8]) -> Result<Self, VectorsError> {
        match check(bytes, R::VERSION, [I, O], Self::SIZE) {
            Ok((bytes, model_crc32)) => Ok(Self {
                bytes,
                model_crc32,
                reading: core::marker::PhantomData,
            }),
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
    pub fn iter(&self) -> impl Iterator<Item = ReadingVector<R, I, O>> + use<'a, R, I, O> {
        self.bytes.chunks_exact(Self::SIZE).filter_map(|bytes| {
            let (row, rest) = bytes.split_at_checked(R::BYTES * I)?;
            let (label, output) = rest.split_first()?;
            let mut vector = ReadingVector {
                readings: [R::ZERO; I],
                label: *label,
                output: [0; O],
            };
            for (to, bytes) in vector.readings.iter_mut().zip(row.chunks_exact(R::BYTES)) {
                *to = R::from_bytes(bytes);
            }
            for (to, bytes) in vector.output.iter_mut().zip(output.as_chunks::<4>().0) {
                *to = u32::from_le_bytes(*bytes);
            }
            Some(vector)
        })
    }
}

/// Writes a file of test vectors of readings, piece by piece: each is a row of `sizes[0]` readings as bytes, a label and an
/// output of `sizes[1]` numbers.
///
/// ```
/// use smidgen_core::readings::{self, ReadingVectors};
/// let row = [0.5_f32, -2.0].map(f32::to_le_bytes);
/// let mut file = Vec::new();
/// let vectors = [(row.as_flattened(), 1, &[7][..])].into_iter();
/// readings::encode::<f32>(0x1234_5678, [2, 1], vectors, |bytes| file.extend_from_slice(bytes));
/// let read = ReadingVectors::<f32, 2, 1>::parse(&file)?;
/// let first = read.iter().next().unwrap();
/// assert_eq!((first.readings, first.label, first.output), ([0.5, -2.0], 1, [7]));
/// # Ok::<(), smidgen_core::VectorsError>(())
/// ```
pub fn encode<'a, R: Reading>(
    model_crc32: u32,
    sizes: [usize; 2],
    vectors: impl ExactSizeIterator<Item = (&'a [u8], u8, &'a [u32])>,
    write: impl FnMut(&[u8]),
) {
    encode_version(R::VERSION, model_crc32, sizes, vectors, write);
}

/// Runs every row of readings through a scaling and a model, and counts the outputs that are equal bit for bit.
///
/// # Errors
///
/// [`VectorsError::Model`] if the vectors were made with another model.
pub fn self_test<N: Inference<I, O>, const I: usize, const O: usize>(
    model: &Model<N>,
    scaling: &Scaling<I>,
    vectors: &ReadingVectors<'_, f32, I, O>,
) -> Result<Agreement, VectorsError> {
    self_test_steps(model, scaling, vectors).map(Agreement::of)
}

/// [`self_test`] in steps, as [`vectors::self_test_steps`](crate::vectors::self_test_steps).
///
/// # Errors
///
/// As [`self_test`].
pub fn self_test_steps<'a, N: Inference<I, O>, const I: usize, const O: usize>(
    model: &'a Model<N>,
    scaling: &'a Scaling<I>,
    vectors: &ReadingVectors<'a, f32, I, O>,
) -> Result<impl Iterator<Item = bool> + use<'a, N, I, O>, VectorsError> {
    expect_model(model, vectors.model_crc32())?;
    let steps = vectors.iter();
    Ok(steps.map(|vector| {
        let output = model.infer_readings(scaling, &vector.readings);
        output.is_ok_and(|output| output.bits() == vector.output)
    }))
}

/// [`self_test`] of readings in integers of 16 bits, without a float where the model has none.
///
/// # Errors
///
/// As [`self_test`].
pub fn self_test_integers<N: Inference<I, O>, const I: usize, const O: usize>(
    model: &Model<N>,
    scaling: &IntegerScaling<I>,
    vectors: &ReadingVectors<'_, i16, I, O>,
) -> Result<Agreement, VectorsError> {
    self_test_integers_steps(model, scaling, vectors).map(Agreement::of)
}

/// [`self_test_integers`] in steps, as [`vectors::self_test_steps`](crate::vectors::self_test_steps).
///
/// # Errors
///
/// As [`self_test`].
pub fn self_test_integers_steps<'a, N: Inference<I, O>, const I: usize, const O: usize>(
    model: &'a Model<N>,
    scaling: &'a IntegerScaling<I>,
    vectors: &ReadingVectors<'a, i16, I, O>,
) -> Result<impl Iterator<Item = bool> + use<'a, N, I, O>, VectorsError> {
    expect_model(model, vectors.model_crc32())?;
    let steps = vectors.iter();
    Ok(steps.map(|vector| model.infer(&scaling.apply(&vector.readings)).bits() == vector.output))
}
