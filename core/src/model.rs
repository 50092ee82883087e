//! The model file: its format, `encode`, decoding at run time and at compile time, `embed_model!`.
//!
//! All numbers are little-endian; there is no padding.
//!
//! | bytes   | what                                                                                                |
//! |---------|-----------------------------------------------------------------------------------------------------|
//! | 4       | magic, `SMID`                                                                                       |
//! | 2       | format version, 1                                                                                   |
//! | 1       | kind of element, 1 for IEEE 754 binary32, 2 for integers of 8 bits                                  |
//! | 1       | number of sizes, n ≥ 2                                                                              |
//! | 4 n     | the sizes from input to output, each at least 1                                                     |
//! | 4       | length of the note in bytes                                                                         |
//! | …       | the note: UTF-8, how the network was trained, for people                                            |
//! | …       | for each layer the weights **in the book's order** (all inputs of neuron 0, then of neuron 1, …; as `PyTorch` and safetensors have them), then what the kind of element has for each neuron |
//! | 4       | CRC-32 of everything before it ([`crate::crc`])                                                      |
//!
//! Kind 1: a weight has 4 bytes, and each neuron a bias of 4 bytes. Kind 2: a weight has 1 byte, −127 to 127; then each
//! neuron has a multiplier and a shift, both unsigned and of 2 bytes, and after all of these a bias of 4 bytes, signed
//! ([`crate::quantized`] says what they mean).
//!
//! In memory the weights lie input-major ([`crate::Dense`]); decoding transposes them, at compile time in
//! [`embed_model!`](crate::embed_model). A file of another version or kind is refused, never guessed at.

use crate::crc::Crc32;
use crate::stored::Stored;

pub use crate::model_error::ModelError;

/// The first bytes of every model file.
pub const MAGIC: [u8; 4] = *b"SMID";
/// The version of the format that is read and written.
pub const VERSION: u16 = 1;
/// The kind of element of a float network: IEEE 754 binary32.
pub const ELEMENT_F32: u8 = 1;
/// The kind of element of an integer network: weights in 8 bits.
pub const ELEMENT_I8: u8 = 2;

/// Bytes before the sizes.
const FIXED: usize = 8;

const fn truncated(bytes: &[u8], expected: usize) -> ModelError {
    ModelError::Truncated {
        expected,
        found: bytes.len(),
    }
}

pub(crate) const fn read_4(bytes: &[u8], position: usize) -> Result<[u8; 4], ModelError> {
    if position > bytes.len() {
        return Err(truncated(bytes, position));
    }
    match bytes.split_at(position).1.first_chunk::<4>() {
        Some(chunk) => Ok(*chunk),
        None => Err(truncated(bytes, position + 4)),
    }
}

const fn read_u32(bytes: &[u8], position: usize) -> Result<u32, ModelError> {
    match read_4(bytes, position) {
        Ok(chunk) => Ok(u32::from_le_bytes(chunk)),
        Err(error) => Err(error),
    }
}

/// A finite number at a position of a model file.
pub(crate) const fn read_f32(bytes: &[u8], position: usize) -> Result<f32, ModelError> {
    match read_4(bytes, position) {
        Ok(chunk) => {
            let value = f32::from_le_bytes(chunk);
            if value.is_finite() {
                Ok(value)
            } else {
                Err(ModelError::NotFinite { position })
            }
        }
        Err(error) => Err(error),
    }
}

/// A model file whose header, length and checksum are right; the parameters are not looked at yet.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    bytes: &'a [u8],
    note: &'a str,
    parameters: usize,
    crc32: u32,
}

impl<'a> Header<'a> {
    /// Checks magic, version, kind, sizes, length and checksum.
    ///
    /// # Errors
    ///
    /// Every [`ModelError`] but [`ModelError::Depth`], [`ModelError::Shape`] and [`ModelError::NotFinite`].
    pub const fn parse(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let note_length = match check_fixed(bytes) {
            Ok(position) => position,
            Err(error) => return Err(error),
        };
        let length = match read_u32(bytes, note_length) {
            Ok(length) => length as usize,
            Err(error) => return Err(error),
        };
        let note_start = note_length + 4;
        let Some(expected) = add(add(Some(note_start), Some(length)), count_bytes(bytes)) else {
            return Err(ModelError::Sizes);
        };
        let Some(expected_length) = expected.checked_add(4) else {
            return Err(ModelError::Sizes);
        };
        if bytes.len() != expected_length {
            return Err(ModelError::Length {
                expected: expected_length,
                found: bytes.len(),
            });
        }
        let (content, _) = bytes.split_at(expected);
        let found = match read_u32(bytes, expected) {
            Ok(found) => found,
            Err(error) => return Err(error),
        };
        let computed = Crc32::START.with(content).value();
        if computed != found {
            return Err(ModelError::Checksum {
                expected: computed,
                found,
            });
        }
        match core::str::from_utf8(content.split_at(note_start).1.split_at(length).0) {
            Ok(note) => Ok(Self {
                bytes,
                note,
                parameters: note_start + length,
                crc32: found,
            }),
            Err(_) => Err(ModelError::Note),
        }
    }

    /// The kind of element, [`ELEMENT_F32`] or [`ELEMENT_I8`].
    #[must_use]
    pub const fn element(&self) -> u8 {
        self.bytes[6]
    }

    /// The number of sizes, one more than there are layers.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.bytes[7] as usize
    }

    /// The sizes from input to output.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + use<'a> {
        let bytes = self.bytes;
        (0..self.depth()).filter_map(move |position| size(bytes, position).ok())
    }

    /// How the network was trained, in words.
    #[must_use]
    pub const fn note(&self) -> &'a str {
        self.note
    }

    /// The file's checksum.
    #[must_use]
    pub const fn crc32(&self) -> u32 {
        self.crc32
    }

    /// Where the parameters start, in bytes.
    #[must_use]
    pub const fn parameters(&self) -> usize {
        self.parameters
    }

    /// The checksum of all that stands before the parameters.
    #[must_use]
    pub const fn prefix(&self) -> Crc32 {
        Crc32::START.with(self.bytes.split_at(self.parameters).0)
    }

    /// Checks the kind of element and the sizes against those of a network.
    ///
    /// # Errors
    ///
    /// [`ModelError::Element`], [`ModelError::Depth`] or [`ModelError::Shape`].
    pub const fn expect(&self, element: u8, sizes: &[usize]) -> Result<(), ModelError> {
        if element != self.element() {
            return Err(ModelError::Element {
                expected: element,
                found: self.element(),
            });
        }
        if sizes.len() != self.depth() {
            return Err(ModelError::Depth {
                expected: sizes.len(),
                found: self.depth(),
            });
        }
        let mut position = 0;
        while position < sizes.len() {
            match size(self.bytes, position) {
                Ok(found) if found == sizes[position] => {}
                Ok(found) => {
                    return Err(ModelError::Shape {
                        position,
                        expected: sizes[position],
                        found,
                    });
                }
                Err(error) => return Err(error),
            }
            position += 1;
        }
        Ok(())
    }
}

/// Checks what stands before the sizes, and gives the position after them.
const fn check_fixed(bytes: &[u8]) -> Result<usize, ModelError> {
    let Some(fixed) = bytes.first_chunk::<FIXED>() else {
        return Err(truncated(bytes, FIXED));
    };
    let [m0, m1, m2, m3, v0, v1, element, depth] = *fixed;
    if u32::from_le_bytes([m0, m1, m2, m3]) != u32::from_le_bytes(MAGIC) {
        return Err(ModelError::Magic {
            found: [m0, m1, m2, m3],
        });
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION {
        return Err(ModelError::Version {
            expected: VERSION,
            found: version,
        });
    }
    if element != ELEMENT_F32 && element != ELEMENT_I8 {
        return Err(ModelError::Element {
            expected: ELEMENT_F32,
            found: element,
        });
    }
    if depth < 2 {
        return Err(ModelError::Sizes);
    }
    let end = FIXED + 4 * depth as usize;
    if bytes.len() < end {
        Err(truncated(bytes, end))
    } else {
        Ok(end)
    }
}

const fn size(bytes: &[u8], position: usize) -> Result<usize, ModelError> {
    match read_u32(bytes, FIXED + 4 * position) {
        Ok(size) => Ok(size as usize),
        Err(error) => Err(error),
    }
}

/// The bytes of all numbers that the kind and the sizes of a file ask for; none if a size is 0 or the number too large.
const fn count_bytes(bytes: &[u8]) -> Option<usize> {
    let mut total = Some(0);
    let mut position = 1;
    while position < bytes[7] as usize {
        match (size(bytes, position - 1), size(bytes, position)) {
            (Ok(inputs), Ok(outputs)) if inputs > 0 && outputs > 0 => {
                // All that a neuron has: its weights, and a bias or multiplier, shift and bias.
                let neuron = match bytes[6] {
                    ELEMENT_I8 => inputs.checked_add(8),
                    _ => multiply(inputs.checked_add(1), 4),
                };
                let layer = multiply(neuron, outputs);
                total = match (total, layer) {
                    (Some(total), Some(_)) => add(Some(total), layer),
                    _ => return None,
                };
            }
            _ => return None,
        }
        position += 1;
    }
    total
}

const fn add(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b),
        _ => None,
    }
}

const fn multiply(a: Option<usize>, b: usize) -> Option<usize> {
    match a {
        Some(a) => a.checked_mul(b),
        None => None,
    }
}

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
pub fn encode<N: Stored>(network: &N, note: &str, mut write: impl FnMut(&[u8])) -> u32 {
    let mut crc = Crc32::START;
    let mut put = |bytes: &[u8]| {
        crc = crc.with(bytes);
        write(bytes);
    };
    put(&MAGIC);
    put(&VERSION.to_le_bytes());
    put(&[N::ELEMENT, N::LAYERS as u8 + 1]);
    put(&(N::INPUTS as u32).to_le_bytes());
    N::for_each_size(|size| put(&(size as u32).to_le_bytes()));
    put(&(note.len() as u32).to_le_bytes());
    put(note.as_bytes());
    network.for_each_part(&mut put);
    let checksum = crc.value();
    write(&checksum.to_le_bytes());
    checksum
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

/// A network out of a model file, with what it takes to tell whether its bits are still those of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Model<N> {
    network: N,
    prefix: Crc32,
    crc32: u32,
}

impl<N: Stored> Model<N> {
    /// Bytes of the model in flash: those of the network, and of the two checksums beside it.
    pub const BYTES: usize = N::BYTES + 8;
}

impl<N> Model<N> {
    /// Joins a network to the file it was read from; [`embed_model!`](crate::embed_model) calls it.
    #[must_use]
    pub const fn new(network: N, header: &Header<'_>) -> Self {
        Self {
            network,
            prefix: header.prefix(),
            crc32: header.crc32(),
        }
    }

    /// The checksum of the model file.
    #[must_use]
    pub const fn crc32(&self) -> u32 {
        self.crc32
    }

    /// Checks that the weights in memory are the file's: computes the file's CRC-32 from them.
    ///
    /// # Errors
    ///
    /// [`ModelError::Checksum`] if a bit has changed.
    pub fn verify(&self) -> Result<(), ModelError>
    where
        N: Stored,
    {
        let mut crc = self.prefix;
        self.network.for_each_part(|part| crc = crc.with(part));
        if crc.value() == self.crc32 {
            Ok(())
        } else {
            Err(ModelError::Checksum {
                expected: self.crc32,
                found: crc.value(),
            })
        }
    }
}

impl<N> core::ops::Deref for Model<N> {
    type Target = N;

    fn deref(&self) -> &N {
        &self.network
    }
}

/// A model file as a value of type [`Model`](crate::Model), decoded and checked when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`. A file that is damaged or has
/// another kind or shape is a compile error. Give it to a `static`, and the network is in flash, ready to run:
///
/// ```
/// use smidgen_core::{Model, Network, embed_model, network};
/// static XOR: Model<network![2, 3, 1]> = embed_model!("../testdata/xor.model", [2, 3, 1]);
/// assert!(XOR.feedforward(&[1.0, 0.0])[0] > 0.9);
/// assert!(XOR.verify().is_ok());
/// ```
///
/// An integer network says so: `embed_model!("digits.q8.model", i8, [784, 30, 10])` has the type
/// `Model<quantized_network![784, 30, 10]>`.
#[macro_export]
macro_rules! embed_model {
    ($path:expr, [$($size:expr),+ $(,)?]) => {
        $crate::embed_model!(@model $path, network, ELEMENT_F32, $($size),+)
    };
    ($path:expr, i8, [$($size:expr),+ $(,)?]) => {
        $crate::embed_model!(@model $path, quantized_network, ELEMENT_I8, $($size),+)
    };
    (@model $path:expr, $network:ident, $element:ident, $($size:expr),+) => {{
        #[allow(long_running_const_eval)]
        const MODEL: $crate::Model<$crate::$network![$($size),+]> = {
            const BYTES: &[u8] = include_bytes!($path);
            let header = match $crate::model::Header::parse(BYTES) {
                Ok(header) => header,
                Err(error) => panic!("{}", error.message()),
            };
            if let Err(error) = header.expect($crate::model::$element, &[$($size),+]) {
                panic!("{}", error.message());
            }
            let position = header.parameters();
            $crate::Model::new($crate::embed_model!(@layers $network, BYTES, position, $($size),+), &header)
        };
        MODEL
    }};
    (@layers $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr) => {
        $crate::embed_model!(@layer $network, $bytes, $position, $in, $out).0
    };
    (@layers $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr, $($rest:expr),+) => {{
        let (layer, position) = $crate::embed_model!(@layer $network, $bytes, $position, $in, $out);
        $crate::Chain {
            layer,
            rest: $crate::embed_model!(@layers $network, $bytes, position, $out, $($rest),+),
        }
    }};
    (@layer $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr) => {{
        let mut layer = <$crate::$network![$in, $out]>::ZERO;
        match layer.read($bytes, $position) {
            Ok(position) => (layer, position),
            Err(error) => panic!("{}", error.message()),
        }
    }};
}
