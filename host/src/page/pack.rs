//! Bytes as text: packed as zlib does, which browsers unpack by themselves, and in base64.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Bytes as text.
///
/// # Errors
///
/// What the packer says, for want of memory.
pub fn pack(bytes: &[u8]) -> io::Result<String> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::new(6));
    packer.write_all(bytes)?;
    Ok(STANDARD.encode(packer.finish()?))
}

/// The bytes of numbers apart by their place in the number, all first ones first.
///
/// Floats pack a seventh better so: their highest bytes are alike, and the others are like nothing.
pub fn planes(bytes: &[u8], start: usize, count: usize) -> Vec<u8> {
    let mut planes = bytes.to_vec();
    let numbers = bytes.get(start..).unwrap_or_default().as_chunks::<4>().0;
    let numbers = numbers.get(..count).unwrap_or(numbers);
    let places = planes.iter_mut().skip(start);
    let bytes = (0..4).flat_map(|b| numbers.iter().filter_map(move |number| number.get(b)));
    places.zip(bytes).for_each(|(to, &from)| *to = from);
    planes
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_unpacked_again() {
        let bytes: Vec<u8> = (0..9999_u32).map(|i| ((i * i) >> 7) as u8).collect();
        let packed = STANDARD.decode(pack(&bytes).unwrap()).unwrap();
        let mut unpacked = Vec::new();
        ZlibDecoder::new(&*packed)
            .read_to_end(&mut unpacked)
            .unwrap();
        assert!(unpacked == bytes && packed.len() < bytes.len());
    }

    #[test]
    fn planes_are_apart_and_the_rest_stays() {
        let bytes = [9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!(planes(&bytes, 2, 2), [9, 9, 1, 5, 2, 6, 3, 7, 4, 8, 9]);
        assert_eq!(planes(&bytes, 0, 0), bytes);
    }
}
