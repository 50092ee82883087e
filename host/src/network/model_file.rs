//! `ModelFile`: a model file that is whole, and the network in it.

use smidgen_core::ModelError;
use smidgen_core::model::{ELEMENT_F32, Header};

use super::any::{AnyNetwork, Learner};
use super::error::NetworkError;
use super::list::Networks;
use super::sizes;

/// A model file that is whole: its header, length and checksum are right and its floats, if it has any, are finite.
#[derive(Clone, Debug)]
pub struct ModelFile {
    bytes: Vec<u8>,
    element: u8,
    sizes: Vec<usize>,
    note: String,
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
        if header.element() == ELEMENT_F32 {
            expect_finite(&bytes, start)?;
        }
        Ok(Self {
            element: header.element(),
            sizes: header.sizes().collect(),
            note: header.note().into(),
            crc32: header.crc32(),
            start,
            bytes,
        })
    }

    /// The kind of element, [`ELEMENT_F32`] or [`ELEMENT_I8`](smidgen_core::model::ELEMENT_I8).
    #[must_use]
    pub fn element(&self) -> u8 {
        self.element
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

    /// The network of the file, of floats or of integers.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`] for other sizes than those of `networks`, [`NetworkError::Model`] for integers that may
    /// not be.
    pub fn network(&self, networks: &Networks) -> Result<Box<dyn AnyNetwork>, NetworkError> {
        let mut network: Box<dyn AnyNetwork> = if self.element == ELEMENT_F32 {
            networks.float(&self.sizes)?
        } else {
            networks.integer(&self.sizes)?
        };
        network.read_parameters(&self.bytes, self.start)?;
        Ok(network)
    }

    /// The network of the file, if it is one of floats.
    ///
    /// # Errors
    ///
    /// [`NetworkError::Integers`] if it is not, [`NetworkError::NotCompiled`] for other sizes than those of `networks`.
    pub fn learner(&self, networks: &Networks) -> Result<Box<dyn Learner>, NetworkError> {
        if self.element != ELEMENT_F32 {
            return Err(NetworkError::Integers);
        }
        let mut network = networks.float(&self.sizes)?;
        network.read_parameters(&self.bytes, self.start)?;
        Ok(network)
    }
}

/// Checks the numbers from `start` to the checksum.
fn expect_finite(bytes: &[u8], start: usize) -> Result<(), ModelError> {
    const CHECKSUM: usize = 4;
    let end = bytes.len().saturating_sub(CHECKSUM);
    let values = bytes.get(start..end).unwrap_or_default().as_chunks().0;
    match values
        .iter()
        .position(|value| !f32::from_le_bytes(*value).is_finite())
    {
        Some(index) => Err(ModelError::NotFinite {
            position: start + 4 * index,
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
