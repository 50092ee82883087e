//! Reading a model file, and finding the network type that it is for.

use std::path::{Path, PathBuf};

use bytemuck::Zeroable;
use smidgen_core::model::{self, ELEMENT_F32, ELEMENT_I8, Header};
use smidgen_core::{Inference, Model, ModelError, Network, QuantizedNetwork, Stored};

use crate::error::Error;
use crate::input_file;
use crate::menu::{self, QuantizedVisitor, Visitor};

/// A model file that is whole: its header, length and checksum are right and its floats, if it has any, are finite.
#[derive(Clone, Debug)]
pub struct ModelFile {
    path: PathBuf,
    bytes: Vec<u8>,
    element: u8,
    sizes: Vec<usize>,
    note: String,
    crc32: u32,
    parameters: usize,
}

/// Work that is to be done with the float network of a model file.
pub trait UseNetwork {
    /// What the work results in.
    type Output;

    /// Does the work.
    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> Self::Output;
}

/// Work that is to be done with the network of a model file, of floats or of integers.
pub trait UseModel {
    /// What the work results in.
    type Output;

    /// Does the work.
    fn use_model<M: Inference<784, 10>>(self, model: &M) -> Self::Output;
}

impl ModelFile {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if it cannot be read, [`Error::TooLarge`] if it has more than 64 MiB, [`Error::Model`] for
    /// every [`ModelError`] but those of another shape.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::from_bytes(path, input_file::read(path, "model file")?)
    }

    /// Checks a model that is in memory and belongs to a path.
    ///
    /// # Errors
    ///
    /// [`Error::Model`].
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        Self::check(path, bytes).map_err(|source| Error::model(path, source))
    }

    fn check(path: &Path, bytes: Vec<u8>) -> Result<Self, ModelError> {
        let header = Header::parse(&bytes)?;
        if header.element() == ELEMENT_F32 {
            expect_finite(&bytes, header.parameters())?;
        }
        let sizes: Vec<usize> = header.sizes().collect();
        let layers = sizes.iter().zip(sizes.iter().skip(1));
        let parameters = layers.map(|(inputs, neurons)| (inputs + 1) * neurons).sum();
        Ok(Self {
            path: path.into(),
            element: header.element(),
            sizes,
            note: header.note().into(),
            crc32: header.crc32(),
            parameters,
            bytes,
        })
    }

    /// Where it was read.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of element, [`ELEMENT_F32`] or [`ELEMENT_I8`].
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
        self.parameters
    }

    /// The length of the file in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Does work with the network of floats, which is decoded on the heap.
    ///
    /// # Errors
    ///
    /// [`Error::IntegerModel`] for a network of integers, [`Error::ModelSizes`] for sizes this program has no type for.
    pub fn use_network<U: UseNetwork>(&self, user: U) -> Result<U::Output, Error> {
        if self.element != ELEMENT_F32 {
            return Err(Error::IntegerModel {
                path: self.path.clone(),
            });
        }
        self.on_menu(menu::visit(&self.sizes, Decode { file: self, user }))?
    }

    /// Does work with the network of either kind, which is decoded on the heap.
    ///
    /// # Errors
    ///
    /// [`Error::ModelSizes`] for sizes this program has no type for, [`Error::Model`] for integers that may not be.
    pub fn use_model<U: UseModel>(&self, user: U) -> Result<U::Output, Error> {
        let decode = Decode {
            file: self,
            user: AnyKind(user),
        };
        if self.element == ELEMENT_I8 {
            self.on_menu(menu::visit_quantized(&self.sizes, decode))?
        } else {
            self.on_menu(menu::visit(&self.sizes, decode))?
        }
    }

    fn decode<N: Stored + Zeroable>(&self) -> Result<Box<N>, Error> {
        let mut network = bytemuck::zeroed_box::<N>();
        model::decode(&self.bytes, &mut *network)
            .map_err(|source| Error::model(&self.path, source))?;
        Ok(network)
    }

    /// Bytes of the model in the flash of a microcontroller.
    ///
    /// # Errors
    ///
    /// As [`ModelFile::use_model`].
    pub fn flash(&self) -> Result<usize, Error> {
        self.use_model(Flash)
    }

    /// Names the file where its sizes are not on the menu.
    fn on_menu<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|_| Error::ModelSizes {
            path: self.path.clone(),
            sizes: self.sizes.clone(),
        })
    }
}

struct Decode<'a, U> {
    file: &'a ModelFile,
    user: U,
}

impl<U: UseNetwork> Visitor for Decode<'_, U> {
    type Output = Result<U::Output, Error>;

    fn visit<N: Network<784, 10> + Send + Sync>(self) -> Self::Output {
        Ok(self.user.use_network(&*self.file.decode::<N>()?))
    }
}

/// What takes either kind, where only floats come.
struct AnyKind<U>(U);

impl<U: UseModel> UseNetwork for AnyKind<U> {
    type Output = U::Output;

    fn use_network<N: Network<784, 10> + Send + Sync>(self, network: &N) -> U::Output {
        self.0.use_model(network)
    }
}

impl<U: UseModel> QuantizedVisitor for Decode<'_, AnyKind<U>> {
    type Output = Result<U::Output, Error>;

    fn visit<Q: QuantizedNetwork<784, 10> + Inference<784, 10>>(self) -> Self::Output {
        Ok(self.user.0.use_model(&*self.file.decode::<Q>()?))
    }
}

struct Flash;

impl UseModel for Flash {
    type Output = usize;

    fn use_model<M: Inference<784, 10>>(self, _: &M) -> usize {
        Model::<M>::BYTES
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
    use smidgen_core::network;

    use super::*;

    fn file<N: Network<784, 10>>(change: impl FnOnce(&mut Vec<u8>)) -> tempfile::NamedTempFile {
        let network = bytemuck::zeroed_box::<N>();
        let mut bytes = Vec::new();
        model::encode(&*network, "a note", |part| bytes.extend_from_slice(part));
        change(&mut bytes);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
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

    fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> ModelError {
        match ModelFile::read(file::<network![784, 10, 10]>(change).path()) {
            Err(Error::Model { source, .. }) => source,
            other => unreachable!("{other:?}"),
        }
    }

    struct Parameters;

    impl UseNetwork for Parameters {
        type Output = usize;

        fn use_network<N: Network<784, 10> + Send + Sync>(self, _: &N) -> usize {
            N::PARAMETERS
        }
    }

    #[test]
    fn a_whole_file_says_what_it_is_and_runs() {
        let file = file::<network![784, 30, 30, 10]>(|_| {});
        let model = ModelFile::read(file.path()).unwrap();
        assert_eq!(
            (model.sizes(), model.note()),
            (&[784, 30, 30, 10][..], "a note")
        );
        assert_eq!(
            model.length() as u64,
            std::fs::metadata(model.path()).unwrap().len()
        );
        assert_eq!(model.use_network(Parameters).unwrap(), model.parameters());
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
    fn a_size_that_is_not_on_the_menu_can_be_read_but_not_run() {
        let model = ModelFile::read(file::<network![784, 3, 10]>(|_| {}).path()).unwrap();
        assert_eq!(model.sizes(), [784, 3, 10]);
        let error = model.use_network(Parameters).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("a model of sizes [784,3,10], which are not on the menu: 784,")
        );
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let error = ModelFile::read(Path::new("nowhere.model")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read nowhere.model: "));
    }

    #[test]
    fn a_file_without_end_is_an_error() {
        let endless = tempfile::NamedTempFile::new().unwrap();
        endless
            .as_file()
            .set_len(input_file::MOST_BYTES + 1)
            .unwrap();
        assert!(matches!(
            ModelFile::read(endless.path()),
            Err(Error::TooLarge { .. })
        ));
    }
}
