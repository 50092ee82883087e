//! The image of a network: written for a processor of 32 bits, and taken in place there.

use super::error::FlashError;
use super::in_place::{InPlace, is_as_in_images, model};
use crate::format::bytes::write_with_checksum;
use crate::format::crc::Crc32;
use crate::format::stored::Stored;
use crate::model::{Header, Model};

/// The first bytes of every image.
pub const MAGIC: [u8; 4] = *b"SMFL";
/// The version of the format.
pub const VERSION: u8 = 1;
/// How networks lie in the memory of a little-endian processor of 32 bits; the module says it.
pub const LAYOUT: u8 = 1;

/// Words before the sizes.
const FIXED: usize = 4;

/// Where the sequence number stands, in words.
const SEQUENCE: usize = 2;

/// Writes the image of a network out of a model file, piece by piece, and gives the checksum.
///
/// `header` is that of the file; of two images in two slots the one with the larger `sequence` is the newer.
///
/// # Examples
///
/// ```
/// use smidgen_core::{Model, QuantizedNetwork, flash, model, quantized_network};
/// type Net = quantized_network![3, 2];
/// let mut file = Vec::new();
/// model::encode(&Net::ZERO, "never trained", |bytes| file.extend_from_slice(bytes));
/// let header = model::Header::parse(&file)?;
/// let mut image = Vec::new();
/// flash::encode(&Net::ZERO, &header, 1, |bytes| image.extend_from_slice(bytes));
/// assert_eq!(image.len(), Model::<Net>::IMAGE);
/// # Ok::<(), model::ModelError>(())
/// ```
pub fn encode<N: Stored>(
    network: &N,
    header: &Header<'_>,
    sequence: u32,
    write: impl FnMut(&[u8]),
) -> u32 {
    write_with_checksum(write, |put| {
        let mut word = |word: u32| put(&word.to_le_bytes());
        word(u32::from_le_bytes(MAGIC));
        word(kind::<N>());
        word(sequence);
        word(Model::<N>::BYTES as u32);
        word(N::INPUTS as u32);
        N::for_each_size(|size| word(size as u32));
        network.for_each_word(&mut word);
        word(header.prefix().state());
        word(header.crc32());
    })
}

/// Version, layout, kind of element and number of sizes, as one word.
const fn kind<N: Stored>() -> u32 {
    u32::from_le_bytes([VERSION, LAYOUT, N::ELEMENT, N::LAYERS as u8 + 1])
}

/// The sequence number that the bytes of a slot have, whatever they are; 0 if there are none.
pub(super) fn sequence(bytes: &[u8]) -> u32 {
    let words = bytes.as_chunks::<4>().0;
    words
        .get(SEQUENCE)
        .map_or(0, |word| u32::from_le_bytes(*word))
}

impl<N: Stored> Model<N> {
    /// Bytes of the [image](crate::flash) of the network.
    pub const IMAGE: usize = Self::PAYLOAD + Self::BYTES + 4;

    /// Where the payload starts in an image, in bytes.
    const PAYLOAD: usize = 4 * (FIXED + N::LAYERS + 1);
}

impl<N: InPlace> Model<N> {
    /// The model in the bytes of an [image](crate::flash), where they are.
    ///
    /// `bytes` may be longer, a whole slot; what stands behind the image is not looked at. The time is that of the checksum
    /// over it. [`verify`](Self::verify) and [`self_test`](crate::vectors::self_test) do what they do with an embedded model.
    ///
    /// # Errors
    ///
    /// Every [`FlashError`].
    pub fn from_flash(bytes: &[u8]) -> Result<&Self, FlashError> {
        let truncated = FlashError::Truncated {
            expected: Self::IMAGE,
            found: bytes.len(),
        };
        let Ok(words) = bytemuck::try_cast_slice::<_, u32>(bytes.as_chunks::<4>().0) else {
            return Err(FlashError::Alignment);
        };
        let [magic, kind, _, length, rest @ ..] = words else {
            return Err(truncated);
        };
        let found = u32::from_le(*magic);
        if found != u32::from_le_bytes(MAGIC) {
            return Err(FlashError::Magic { found });
        }
        expect_kind::<N>(u32::from_le(*kind).to_le_bytes())?;
        let Some(sizes) = rest.get(..N::LAYERS + 1) else {
            return Err(truncated);
        };
        expect_sizes::<N>(sizes)?;
        let found = u32::from_le(*length) as usize;
        if found != Self::BYTES {
            let expected = Self::BYTES;
            return Err(FlashError::Length { expected, found });
        }
        let Some((content, [found, ..])) = words.split_at_checked(Self::IMAGE / 4 - 1) else {
            return Err(truncated);
        };
        let expected = Crc32::START
            .with_rolled(bytemuck::cast_slice(content))
            .value();
        let found = u32::from_le(*found);
        if expected != found {
            return Err(FlashError::Checksum { expected, found });
        }
        // It fits: its layout has been looked at, and its length.
        let payload = content.get(Self::PAYLOAD / 4..).and_then(model);
        payload.ok_or(FlashError::Alignment)
    }

    /// [`from_flash`](Self::from_flash) of the image at an address, which a symbol of the linker's may have.
    ///
    /// ```no_run
    /// # #![allow(unsafe_code)]
    /// use smidgen_core::{Model, quantized_network};
    /// unsafe extern "C" {
    ///     static __slot: u8; // In the linker's script: `__slot = ORIGIN(FLASH) + 512K;`
    /// }
    /// // SAFETY: from there on flash is the image's alone, and is not written while the program runs.
    /// let model = unsafe { Model::<quantized_network![784, 30, 10]>::from_address(&raw const __slot) };
    /// ```
    ///
    /// # Errors
    ///
    /// Every [`FlashError`].
    ///
    /// # Safety
    ///
    /// From the address on there are [`IMAGE`](Self::IMAGE) bytes that can be read, and that nobody changes as long as `'a` lasts.
    #[allow(unsafe_code)]
    pub unsafe fn from_address<'a>(address: *const u8) -> Result<&'a Self, FlashError> {
        // SAFETY: the caller's.
        Self::from_flash(unsafe { core::slice::from_raw_parts(address, Self::IMAGE) })
    }
}

/// Checks version, layout, kind of element and number of sizes.
fn expect_kind<N: InPlace>(found: [u8; 4]) -> Result<(), FlashError> {
    let layout = if is_as_in_images::<N>() { LAYOUT } else { 0 };
    if found[0] != VERSION {
        return Err(FlashError::Version {
            expected: VERSION,
            found: found[0],
        });
    }
    if found[1] != layout {
        return Err(FlashError::Layout {
            expected: layout,
            found: found[1],
        });
    }
    if found[2] != N::ELEMENT {
        return Err(FlashError::Element {
            expected: N::ELEMENT,
            found: found[2],
        });
    }
    if usize::from(found[3]) != N::LAYERS + 1 {
        return Err(FlashError::Depth {
            expected: N::LAYERS + 1,
            found: found[3].into(),
        });
    }
    Ok(())
}

/// Checks the sizes, which are as many as the network's.
fn expect_sizes<N: InPlace>(sizes: &[u32]) -> Result<(), FlashError> {
    let mut sizes = sizes.iter().enumerate();
    let mut result = Ok(());
    let mut check = |expected: usize| {
        let Some((position, found)) = sizes.next() else {
            return;
        };
        let found = u32::from_le(*found) as usize;
        if result.is_ok() && found != expected {
            result = Err(FlashError::Shape {
                position,
                expected,
                found,
            });
        }
    };
    check(N::INPUTS);
    N::for_each_size(check);
    result
}

// A big-endian processor takes no image in place.
#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;
    use crate::format::element::{ELEMENT_F16, ELEMENT_I8};
    use crate::model::{decode, encode as encode_file};
    use crate::{HalfNetwork, Network, QuantizedNetwork, half_network, network, quantized_network};

    type Integers = quantized_network![9, 7, 3];
    type Halves = half_network![5, 3, 3];
    type Floats = network![5, 3, 2];

    /// Of how many cases Miri, which takes its time, is shown one.
    const SAMPLE: usize = if cfg!(miri) { 67 } else { 1 };

    /// Bytes that start at a multiple of 4.
    struct Slot(Vec<u32>);

    impl Slot {
        fn new(bytes: &[u8]) -> Self {
            let words = bytes.as_chunks().0.iter();
            Self(words.map(|word| u32::from_ne_bytes(*word)).collect())
        }

        fn bytes(&self) -> &[u8] {
            bytemuck::cast_slice(&self.0)
        }

        fn with(mut self, change: impl FnOnce(&mut [u8])) -> Self {
            change(bytemuck::cast_slice_mut(&mut self.0));
            self
        }

        /// The same with the checksum that it should have.
        fn sealed(self) -> Self {
            self.with(|bytes| {
                let (content, checksum) = bytes.split_at_mut(bytes.len() - 4);
                let right = Crc32::START.with(content).value();
                checksum.copy_from_slice(&right.to_le_bytes());
            })
        }
    }

    /// A model file of a network with these numbers, of which the network has as many bytes.
    fn file<N: InPlace>(zero: &N, numbers: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        encode_file(zero, "a note", |part| file.extend_from_slice(part));
        let start = Header::parse(&file).unwrap().parameters();
        let end = file.len() - 4;
        file[start..end].copy_from_slice(numbers);
        let checksum = Crc32::START.with(&file[..end]).value();
        file[end..].copy_from_slice(&checksum.to_le_bytes());
        file
    }

    /// The image of a model file's network, and the model.
    fn image<N: InPlace>(file: &[u8], mut network: N, sequence: u32) -> (Slot, Model<N>) {
        let header = Header::parse(file).unwrap();
        decode(file, &mut network).unwrap();
        let mut image = Vec::new();
        encode(&network, &header, sequence, |part| {
            image.extend_from_slice(part);
        });
        assert_eq!(image.len(), Model::<N>::IMAGE);
        (Slot::new(&image), Model::new(network, &header))
    }

    fn integers() -> (Slot, Model<Integers>) {
        let mut numbers = Vec::new();
        for (inputs, neurons) in [(9, 7), (7, 3)] {
            let weights = 0..inputs * neurons;
            numbers.extend(weights.map(|i| ((i * 37 % 255) as i8).max(-127) as u8));
            (0..neurons).for_each(|j| numbers.extend([j as u8, 0x90, 20, 0]));
            (0..neurons).for_each(|j| numbers.extend((1000_i32 - 300 * j).to_le_bytes()));
        }
        image(&file(&Integers::ZERO, &numbers), Integers::ZERO, 5)
    }

    /// A network's numbers of `N` bytes each.
    fn numbers<const N: usize>(count: u8, number: impl Fn(u8) -> [u8; N]) -> Vec<u8> {
        (0..count).flat_map(number).collect()
    }

    fn halves() -> (Slot, Model<Halves>) {
        let numbers = numbers(30, |i| [i, 0x38 | i << 7]);
        image(&file(&Halves::ZERO, &numbers), Halves::ZERO, 5)
    }

    fn floats() -> (Slot, Model<Floats>) {
        let numbers = numbers(26, |i| [i, 7, i, 0x3E | i << 7]);
        image(&file(&Floats::ZERO, &numbers), Floats::ZERO, 5)
    }

    #[test]
    fn a_network_of_integers_is_taken_where_it_is() {
        let (slot, model) = integers();
        let taken = Model::<Integers>::from_flash(slot.bytes()).unwrap();
        assert_eq!(*taken, model);
        assert!(
            slot.bytes()
                .as_ptr_range()
                .contains(&(&raw const *taken).cast())
        );
        assert_eq!(taken.verify(), Ok(()));
        assert_eq!(taken.crc32(), model.crc32());
        let input = [255, 0, 7, 80, 0, 0, 1, 2, 3];
        assert_eq!(taken.feedforward(&input), model.feedforward(&input));
    }

    #[test]
    fn and_one_of_16_bit_weights_whose_rows_are_filled_up() {
        let (slot, model) = halves();
        let taken = Model::<Halves>::from_flash(slot.bytes()).unwrap();
        assert_eq!(*taken, model);
        assert_eq!(taken.verify(), Ok(()));
        let input = [1.0, 0.5, 0.0, 0.25, 1.0];
        assert_eq!(taken.feedforward(&input), model.feedforward(&input));
    }

    #[test]
    fn and_one_of_floats_where_rows_lie_side_by_side() {
        let (slot, model) = floats();
        let taken = Model::<Floats>::from_flash(slot.bytes());
        if cfg!(target_pointer_width = "32") {
            assert_eq!(taken, Ok(&model));
        } else {
            let (expected, found) = (0, LAYOUT);
            assert_eq!(taken, Err(FlashError::Layout { expected, found }));
        }
        let words: &[u32] = &slot.0[7..];
        let numbers = words.iter().map(|word| f32::from_bits(u32::from_le(*word)));
        let rows = model.layer.weights.iter().chain([&model.layer.biases]);
        assert!(numbers.take(18).eq(rows.flat_map(|row| row.0)));
    }

    #[test]
    #[allow(unsafe_code)]
    fn an_address_will_do() {
        let (mut slot, model) = integers();
        slot.0.push(0);
        // SAFETY: the slot has an image, and nobody changes it.
        let taken = unsafe { Model::<Integers>::from_address(slot.0.as_ptr().cast()) };
        assert_eq!(taken, Ok(&model));
        // SAFETY: as above; in vain.
        let taken = unsafe { Model::<Integers>::from_address(slot.0.as_ptr().cast::<u8>().add(1)) };
        assert_eq!(taken, Err(FlashError::Alignment));
    }

    #[test]
    fn every_fault_is_named() {
        type Taken<'a, N> = Result<&'a Model<N>, FlashError>;
        let fault = |place: usize, value: u8| {
            let slot = integers().0.with(|bytes| bytes[place] = value);
            Model::<Integers>::from_flash(slot.bytes()).unwrap_err()
        };
        let found = u32::from_le_bytes(*b"sMFL");
        assert_eq!(fault(0, b's'), FlashError::Magic { found });
        let (expected, found) = (1, 7);
        assert_eq!(fault(4, 7), FlashError::Version { expected, found });
        assert_eq!(fault(5, 7), FlashError::Layout { expected, found });
        let (expected, found) = (ELEMENT_I8, ELEMENT_F16);
        assert_eq!(fault(6, 3), FlashError::Element { expected, found });
        let (expected, found) = (3, 4);
        assert_eq!(fault(7, 4), FlashError::Depth { expected, found });
        let (expected, found) = (Model::<Integers>::BYTES, Model::<Integers>::BYTES + 256);
        let second = (found >> 8) as u8;
        assert_eq!(fault(13, second), FlashError::Length { expected, found });
        for (position, expected) in [9, 7, 3].into_iter().enumerate() {
            let wanted = FlashError::Shape {
                position,
                expected,
                found: 200,
            };
            assert_eq!(fault(16 + 4 * position, 200), wanted);
        }
        assert!(matches!(fault(40, 99), FlashError::Checksum { .. }));
        // The sequence number decides what runs, so it is under the checksum.
        assert!(matches!(fault(8, 99), FlashError::Checksum { .. }));
        let (slot, _) = integers();
        let bytes = slot.bytes();
        let other: Taken<'_, quantized_network![9, 7, 7, 3]> = Model::from_flash(bytes);
        assert!(matches!(other, Err(FlashError::Depth { .. })));
        let other: Taken<'_, Halves> = Model::from_flash(bytes);
        assert!(matches!(other, Err(FlashError::Element { .. })));
        let odd: Taken<'_, Integers> = Model::from_flash(&bytes[1..]);
        assert_eq!(odd, Err(FlashError::Alignment));
    }

    #[test]
    fn no_part_is_taken_for_the_whole() {
        let (slot, model) = integers();
        for found in (0..slot.bytes().len()).step_by(SAMPLE) {
            let expected = Model::<Integers>::IMAGE;
            let taken = Model::<Integers>::from_flash(&slot.bytes()[..found]);
            assert_eq!(taken, Err(FlashError::Truncated { expected, found }));
            // What was erased and is still to be written.
            let half = integers().0.with(|bytes| bytes[found..].fill(u8::MAX));
            assert!(Model::<Integers>::from_flash(half.bytes()).is_err());
        }
        let mut longer = slot;
        longer.0.push(99);
        assert_eq!(Model::from_flash(longer.bytes()), Ok(&model));
    }

    #[test]
    fn every_flipped_bit_is_found() {
        for bit in (0..8 * Model::<Integers>::IMAGE).step_by(SAMPLE) {
            let slot = integers().0.with(|bytes| bytes[bit / 8] ^= 1 << (bit % 8));
            assert!(
                Model::<Integers>::from_flash(slot.bytes()).is_err(),
                "{bit}"
            );
        }
    }

    /// Whoever can make a checksum can make anything: answers are wrong then, and nothing panics, with every check of the
    /// arithmetic switched on.
    #[test]
    fn any_bits_under_a_right_checksum_are_numbers() {
        let mut state = 1_u32;
        for round in 0..200 / SAMPLE {
            let mut random = |bytes: &mut [u8]| {
                let end = bytes.len() - 12;
                for byte in &mut bytes[28..end] {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    *byte = match round % 3 {
                        0 => (state >> 24) as u8,
                        1 => u8::MAX,
                        _ => (state >> 24) as u8 | 0x80,
                    };
                }
            };
            let slot = integers().0.with(&mut random).sealed();
            let taken = Model::<Integers>::from_flash(slot.bytes()).unwrap();
            core::hint::black_box(taken.feedforward(&[u8::MAX; 9]));
            core::hint::black_box(taken.feedforward_constant_time(&[u8::MAX; 9]));
            let slot = halves().0.with(&mut random).sealed();
            let taken = Model::<Halves>::from_flash(slot.bytes()).unwrap();
            core::hint::black_box(taken.feedforward(&[1.0; 5]));
        }
    }
}
