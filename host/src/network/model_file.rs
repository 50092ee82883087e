//! `ModelFile`: a model file that is whole, and the network in it.

use smidgen_core::model::{ELEMENT_F16, ELEMENT_F32, ELEMENT_I8, Header};
use smidgen_core::{Half, ModelError};

use super::any::{AnyNetwork, Learner};
use super::error::NetworkError;
use super::list::Networks;
use super::sizes;
use crate::data::About;

/// A model file that is whole: its header, length and checksum are right and its floats, of 32 or 16 bits, are finite.
#[derive(Clone, Debug)]
pub struct ModelFile {
    bytes: Vec<u8>,
    element: u8,
    sizes: Vec<usize>,
    note: String,
    about: About,
    crc32: u32,
    /// Where the numbers start.
    start: usize,
}

impl ModelFile {
    /// Checks the bytes of a file.
    ///
    /// # Errors
    ///
    /// Every [`ModelError`] but those of another shape, and of integers that may not be.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, ModelError> {
        let header = Header::parse(&bytes)?;
        let start = header.parameters();
        let sizes: Vec<usize> = header.sizes().collect();
        match header.element() {
            ELEMENT_F32 => expect_finite(&bytes, start, float)?,
            ELEMENT_F16 => expect_finite(&bytes, start, half)?,
            _ => {}
        }
        Ok(Self {
            element: header.element(),
            note: header.note().into(),
            about: About::of(&header.description(), &sizes, header.element()),
            sizes,
            crc32: header.crc32(),
            start,
            bytes,
        })
    }

    /// The kind of element, [`ELEMENT_F32`], [`ELEMENT_F16`] or [`ELEMENT_I8`].
    #[must_use]
    pub fn element(&self) -> u8 {
        self.element
    }

    /// Its name, as [`embed_model!`](smidgen_core::embed_model) has it: `f32`, `f16` or `i8`.
    #[must_use]
    pub fn element_name(&self) -> &'static str {
        match self.element {
            ELEMENT_I8 => "i8",
            ELEMENT_F16 => "f16",
            _ => "f32",
        }
    }

    /// The sizes of the network, from input to output.
    #[must_use]
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// How the network was trained, in words.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// What the file says of the data that the network was trained on.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The checksum of the file.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        self.crc32
    }

    /// Weights and biases in all layers.
    #[must_use]
    pub fn parameters(&self) -> usize {
        sizes::parameters(&self.sizes)
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// [`ModelFile::bytes`], and nothing else.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Checks that the file holds a network of floats of the given sizes.
    ///
    /// # Errors
    ///
    /// [`ModelError::Element`], [`ModelError::Depth`] or [`ModelError::Shape`].
    pub fn expect_floats(&self, sizes: &[usize]) -> Result<(), ModelError> {
        Header::parse(&self.bytes)?.expect(ELEMENT_F32, sizes)
    }

    /// The network of the file, of whatever kind.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`] for other sizes than those of `networks`, [`NetworkError::Model`] for integers that may
    /// not be.
    pub fn network(&self, networks: &Networks) -> Result<Box<dyn AnyNetwork>, NetworkError> {
        let mut network: Box<dyn AnyNetwork> = match self.element {
            ELEMENT_I8 => networks.integer(&self.sizes)?,
            ELEMENT_F16 => networks.halves(&self.sizes)?,
            _ => networks.float(&self.sizes)?,
        };
        network.read_parameters(&self.bytes, self.start)?;
        Ok(network)
    }

    /// The network of the file, if it is one of floats; those of 16 bits are made 32, which changes no output's bits.
    ///
    /// # Errors
    ///
    /// [`NetworkError::Integers`] if it is not, [`NetworkError::NotCompiled`] for other sizes than those of `networks`.
    pub fn learner(&self, networks: &Networks) -> Result<Box<dyn Learner>, NetworkError> {
        if self.element == ELEMENT_I8 {
            return Err(NetworkError::Integers);
        }
        let mut network = networks.float(&self.sizes)?;
        if self.element == ELEMENT_F16 {
            let parameters: Option<Vec<_>> = numbers(&self.bytes, self.start).map(half).collect();
            // `parse` has seen that they are finite.
            network.set_parameters(&parameters.unwrap_or_default());
        } else {
            network.read_parameters(&self.bytes, self.start)?;
        }
        Ok(network)
    }
}

/// Each number of a file, from `start` to the checksum.
fn numbers<const BYTES: usize>(bytes: &[u8], start: usize) -> impl Iterator<Item = [u8; BYTES]> {
    const CHECKSUM: usize = 4;
    let end = bytes.len().saturating_sub(CHECKSUM);
    let numbers = bytes.get(start..end).unwrap_or_default().as_chunks().0;
    numbers.iter().copied()
}

/// A float of 32 bits; `None` unless it is finite.
fn float(bytes: [u8; 4]) -> Option<f32> {
    Some(f32::from_le_bytes(bytes)).filter(|value| value.is_finite())
}

/// A float of 16 bits; `None` unless it is finite.
fn half(bytes: [u8; 2]) -> Option<f32> {
    Half::from_bits(u16::from_le_bytes(bytes)).map(Half::to_f32)
}

/// Checks the numbers from `start` to the checksum.
fn expect_finite<const BYTES: usize>(
    bytes: &[u8],
    start: usize,
    value: fn([u8; BYTES]) -> Option<f32>,
) -> Result<(), ModelError> {
    match numbers(bytes, start).position(|number| value(number).is_none()) {
        Some(index) => Err(ModelError::NotFinite {
            position: start + BYTES * index,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> ModelError {
        let mut bytes = <crate::network![784, 10, 10]>::zero().encode("a note");
        change(&mut bytes);
        ModelFile::parse(bytes).unwrap_err()
    }

    /// Replaces the checksum at the end by the right one.
    fn seal(bytes: &mut [u8]) {
        let (content, checksum) = bytes.split_at_mut(bytes.len() - 4);
        checksum.copy_from_slice(
            &smidgen_core::crc::Crc32::START
                .with(content)
                .value()
                .to_le_bytes(),
        );
    }

    #[test]
    fn a_whole_file_says_what_it_is_and_runs() {
        let networks = crate::networks![[784, 30, 30, 10]];
        let mut network = networks.float(&[784, 30, 30, 10]).unwrap();
        network.set_parameters(&vec![0.5; 24_790]);
        let model = ModelFile::parse(network.encode("a note")).unwrap();
        assert_eq!(
            (model.sizes(), model.note(), model.parameters()),
            (&[784, 30, 30, 10][..], "a note", 24_790)
        );
        let read = model.learner(&networks).unwrap();
        assert_eq!(read.parameters(), network.parameters());
        assert_eq!(
            model.network(&networks).unwrap().encode("a note"),
            model.bytes()
        );
    }

    #[test]
    fn every_damage_is_named() {
        assert!(matches!(refusal(|b| b[0] = 0), ModelError::Magic { .. }));
        assert!(matches!(refusal(|b| b[4] = 9), ModelError::Version { .. }));
        assert!(matches!(refusal(|b| b[12] = 0), ModelError::Sizes));
        assert!(matches!(refusal(|b| b[12] = 11), ModelError::Length { .. }));
        assert!(matches!(refusal(|b| b.push(0)), ModelError::Length { .. }));
        assert!(matches!(
            refusal(|b| b.truncate(5)),
            ModelError::Truncated { .. }
        ));
        assert!(matches!(
            refusal(|b| b[100] ^= 1),
            ModelError::Checksum { .. }
        ));
    }

    #[test]
    fn a_nan_is_refused_even_where_the_checksum_is_right() {
        let refusal = refusal(|bytes| {
            bytes[130..134].copy_from_slice(&f32::NAN.to_le_bytes());
            seal(bytes);
        });
        assert_eq!(refusal, ModelError::NotFinite { position: 130 });
    }

    #[test]
    fn a_size_that_was_not_compiled_can_be_read_but_not_run() {
        let model = ModelFile::parse(<crate::network![784, 3, 10]>::zero().encode("")).unwrap();
        assert_eq!(model.sizes(), [784, 3, 10]);
        let error = model.network(&crate::networks![[784, 10, 10]]).err();
        assert!(
            matches!(error, Some(NetworkError::NotCompiled { sizes, .. }) if sizes == [784, 3, 10])
        );
    }

    #[test]
    fn integers_learn_nothing() {
        let networks = crate::networks![[784, 10, 10]];
        let integers = networks.integer(&[784, 10, 10]).unwrap();
        assert!(integers.learner().is_none());
        let mut file = integers.encode("");
        // Scales of 0 are out of range, so they are made ones that are not.
        let start = 8 + 4 * 3 + 4 + 784 * 10;
        for scale in file[start..start + 40].as_chunks_mut::<4>().0 {
            *scale = [0, 0x80, 20, 0];
        }
        let start = start + 80 + 100;
        for scale in file[start..start + 40].as_chunks_mut::<4>().0 {
            *scale = [0, 0x80, 20, 0];
        }
        seal(&mut file);
        let model = ModelFile::parse(file).unwrap();
        assert!(model.network(&networks).is_ok());
        assert_eq!(model.learner(&networks).err(), Some(NetworkError::Integers));
    }
}
