//! A network written as a model file, and read from one at run time.

use super::header::{Header, MAGIC, VERSION, VERSION_1};
use crate::format::bytes::write_with_checksum;
use crate::format::error::ModelError;
use crate::format::stored::Stored;

/// Writes a network as a model file, piece by piece, and gives the checksum.
///
/// # Examples
///
/// ```
/// use smidgen_core::{Network, model, network};
/// let mut file = Vec::new();
/// model::encode(&<network![2, 1]>::ZERO, "never trained", |bytes| file.extend_from_slice(bytes));
/// assert_eq!(model::Header::parse(&file)?.note(), "never trained");
/// # Ok::<(), model::ModelError>(())
/// ```
pub fn encode<N: Stored>(network: &N, note: &str, write: impl FnMut(&[u8])) -> u32 {
    encode_version(VERSION_1, network, note.as_bytes(), write)
}

/// [`encode`] with a description in place of the note: the blocks that the functions of [`description`](super::description)
/// write.
///
/// # Examples
///
/// ```
/// use smidgen_core::model::{self, description};
/// use smidgen_core::{Network, network};
/// let mut blocks = Vec::new();
/// let mut put = |bytes: &[u8]| blocks.extend_from_slice(bytes);
/// description::write_note("never trained", &mut put);
/// description::write_names(description::CLASSES, &["idle", "fan on"], &mut put);
/// let mut file = Vec::new();
/// model::encode_described(&<network![3, 2]>::ZERO, &blocks, |bytes| file.extend_from_slice(bytes));
/// let header = model::Header::parse(&file)?;
/// assert_eq!((header.note(), header.description().class(1)), ("never trained", Some("fan on")));
/// # Ok::<(), model::ModelError>(())
/// ```
pub fn encode_described<N: Stored>(network: &N, blocks: &[u8], write: impl FnMut(&[u8])) -> u32 {
    encode_version(VERSION, network, blocks, write)
}

fn encode_version<N: Stored>(
    version: u16,
    network: &N,
    words: &[u8],
    write: impl FnMut(&[u8]),
) -> u32 {
    write_with_checksum(write, |put| {
        put(&MAGIC);
        put(&version.to_le_bytes());
        put(&[N::ELEMENT, N::LAYERS as u8 + 1]);
        put(&(N::INPUTS as u32).to_le_bytes());
        N::for_each_size(|size| put(&(size as u32).to_le_bytes()));
        put(&(words.len() as u32).to_le_bytes());
        put(words);
        network.for_each_part(put);
    })
}

/// Reads a model file into a network.
///
/// On an error the network holds no meaningful values.
///
/// # Errors
///
/// Every [`ModelError`].
pub fn decode<N: Stored>(bytes: &[u8], network: &mut N) -> Result<(), ModelError> {
    let header = Header::parse(bytes)?;
    expect_network::<N>(&header)?;
    network
        .read_parameters(bytes, header.parameters())
        .map(|_| ())
}

/// Checks the kind of element and the sizes of a file against a network's type.
fn expect_network<N: Stored>(header: &Header) -> Result<(), ModelError> {
    if header.element() != N::ELEMENT {
        return Err(ModelError::Element {
            expected: N::ELEMENT,
            found: header.element(),
        });
    }
    if header.depth() != N::LAYERS + 1 {
        return Err(ModelError::Depth {
            expected: N::LAYERS + 1,
            found: header.depth(),
        });
    }
    let mut found = header.sizes();
    let mut position = 0;
    let mut result = Ok(());
    let mut check = |expected: usize| {
        let found = found.next().unwrap_or(0);
        if result.is_ok() && found != expected {
            result = Err(ModelError::Shape {
                position,
                expected,
                found,
            });
        }
        position += 1;
    };
    check(N::INPUTS);
    N::for_each_size(check);
    result
}
