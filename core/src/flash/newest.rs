//! `newest`: of two slots the one that is whole and newer.

use super::error::FlashError;
use super::image::sequence;
use super::in_place::InPlace;
use crate::model::Model;

/// The model that is to run, and where it is.
#[derive(Debug, PartialEq)]
pub struct Newest<'a, N> {
    /// The slot, 0 or 1. The next model goes into the other.
    pub slot: usize,
    /// The image's sequence number; the next one needs a larger one.
    pub sequence: u32,
    /// The model.
    pub model: &'a Model<N>,
}

/// The newer whole image of two slots, whatever stands in them: one that is half-written, damaged or another network's is
/// never run. Of two equally new it is the first.
///
/// The slot that claims to be newer is looked at first, so the other one's checksum is computed only where it is needed.
///
/// # Errors
///
/// What is wrong with the one and with the other, if there is no whole image.
///
/// # Examples
///
/// ```
/// use smidgen_core::flash::{FlashError, newest};
/// use smidgen_core::quantized_network;
/// let erased = [u8::MAX; 1024];
/// let errors = newest::<quantized_network![3, 2]>([&erased, &[]]).unwrap_err();
/// assert_eq!(errors[0], FlashError::Magic { found: u32::MAX });
/// ```
pub fn newest<N: InPlace>(slots: [&[u8]; 2]) -> Result<Newest<'_, N>, [FlashError; 2]> {
    let sequences = slots.map(sequence);
    let first = usize::from(sequences[1] > sequences[0]);
    let mut errors = [FlashError::Alignment; 2];
    for slot in [first, 1 - first] {
        match Model::from_flash(slots[slot]) {
            Ok(model) => {
                return Ok(Newest {
                    slot,
                    sequence: sequences[slot],
                    model,
                });
            }
            Err(error) => errors[slot] = error,
        }
    }
    Err(errors)
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;
    use crate::flash::encode;
    use crate::model::{Header, encode as encode_file};
    use crate::quantized_network;

    type Net = quantized_network![3, 2];

    fn slot(sequence: u32) -> Vec<u32> {
        let (mut file, mut image) = (Vec::new(), Vec::new());
        encode_file(&Net::ZERO, "", |part| file.extend_from_slice(part));
        let header = Header::parse(&file).unwrap();
        encode(&Net::ZERO, &header, sequence, |part| {
            image.extend_from_slice(part);
        });
        let words = image.as_chunks().0.iter();
        words.map(|word| u32::from_ne_bytes(*word)).collect()
    }

    fn choice(a: &[u32], b: &[u32]) -> Option<(usize, u32)> {
        let slots = [a, b].map(bytemuck::cast_slice);
        let found = newest::<Net>(slots).ok();
        found.map(|found| (found.slot, found.sequence))
    }

    #[test]
    fn the_newer_whole_one_is_chosen() {
        let erased = [u32::MAX; 100];
        let (old, new) = (slot(7), slot(8));
        assert_eq!(choice(&old, &new), Some((1, 8)));
        assert_eq!(choice(&new, &old), Some((0, 8)));
        assert_eq!(choice(&old, &old), Some((0, 7)));
        assert_eq!(choice(&erased, &old), Some((1, 7)));
        assert_eq!(choice(&old, &[]), Some((0, 7)));
        assert_eq!(choice(&erased, &[]), None);
    }

    #[test]
    fn half_of_one_is_never_chosen() {
        let old = slot(7);
        for end in 0..old.len() {
            let mut half = slot(8);
            half[end..].fill(u32::MAX);
            assert_eq!(choice(&half, &old), Some((1, 7)), "{end}");
            half[end..].copy_from_slice(&slot(6)[end..]);
            assert_eq!(choice(&old, &half), Some((0, 7)), "{end}");
        }
    }

    #[test]
    fn what_is_wrong_with_both_is_said() {
        let mut damaged = slot(8);
        damaged[10] ^= 1;
        let slots = [&damaged[..], &damaged[..1]].map(bytemuck::cast_slice);
        let [first, second] = newest::<Net>(slots).unwrap_err();
        assert!(matches!(first, FlashError::Checksum { .. }));
        assert!(matches!(second, FlashError::Truncated { found: 4, .. }));
    }
}
