//! How a camera was held: the orientation in the eXIf block of a picture (JEITA CP-3451, tag 0x0112).

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;
/// Bytes of an entry of the directory.
const ENTRY: usize = 12;

/// 1 to 8, and 1 where nothing says otherwise.
pub fn orientation(exif: &[u8]) -> u16 {
    find(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
        .filter(|orientation| (1..=8).contains(orientation))
        .unwrap_or(1)
}

fn find(exif: &[u8]) -> Option<u16> {
    let big = match exif.first_chunk()? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = *exif.get(at..)?.first_chunk()?;
        Some(if big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let bytes = *exif.get(4..)?.first_chunk()?;
    let directory = if big {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    };
    let directory = usize::try_from(directory).ok()?;
    let entries = usize::from(short(directory)?);
    let mut at = (0..entries).map(|i| directory + 2 + i * ENTRY);
    let entry = at.find(|&at| short(at) == Some(ORIENTATION))?;
    short(entry + 8)
}

#[cfg(test)]
mod tests {
    use super::orientation;

    #[test]
    fn both_orders_of_bytes_are_read_and_anything_else_is_upright() {
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0";
        assert_eq!(orientation(big), 6);
        assert_eq!(orientation(&[&b"Exif\0\0"[..], big].concat()), 6);
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0";
        assert_eq!(orientation(little), 3);
        for length in 0..big.len() - 2 {
            assert_eq!(orientation(&big[..length]), 1);
        }
        assert_eq!(orientation(b"MM\0*\xff\xff\xff\xff"), 1);
    }
}
