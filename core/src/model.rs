//! The model file: its format, `encode`, decoding at run time and at compile time, `embed_model!`.
//!
//! All numbers are little-endian; there is no padding.
//!
//! | bytes   | what                                                                                                |
//! |---------|-----------------------------------------------------------------------------------------------------|
//! | 4       | magic, `SMID`                                                                                       |
//! | 2       | format version, 1                                                                                   |
//! | 1       | kind of element, 1 for IEEE 754 binary32                                                            |
//! | 1       | number of sizes, n ≥ 2                                                                              |
//! | 4 n     | the sizes from input to output, each at least 1                                                     |
//! | 4       | length of the note in bytes                                                                         |
//! | …       | the note: UTF-8, how the network was trained, for people                                            |
//! | …       | for each layer the weights **in the book's order** (all inputs of neuron 0, then of neuron 1, …; as `PyTorch` and safetensors have them), then the biases |
//! | 4       | CRC-32 of everything before it ([`crate::crc`])                                                      |
//!
//! In memory the weights lie input-major ([`crate::Dense`]); decoding transposes them, at compile time in
//! [`embed_model!`](crate::embed_model). A file of another version or kind is refused, never guessed at.

use core::fmt;

use crate::crc::Crc32;
use crate::network::Network;

/// The first bytes of every model file.
pub const MAGIC: [u8; 4] = *b"SMID";
/// The version of the format that is read and written.
pub const VERSION: u16 = 1;
/// The kind of element this build reads and writes: IEEE 754 binary32.
pub const ELEMENT_F32: u8 = 1;

/// Bytes before the sizes.
const FIXED: usize = 8;

/// What is wrong with a model file.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The file ends before its header or its parameters do.
    Truncated {
        /// Bytes that were needed.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The file does not start with [`MAGIC`].
    Magic {
        /// What it starts with.
        found: [u8; 4],
    },
    /// Another version of the format.
    Version {
        /// [`VERSION`].
        expected: u16,
        /// The file's.
        found: u16,
    },
    /// Another kind of element.
    Element {
        /// The kind this network has.
        expected: u8,
        /// The file's.
        found: u8,
    },
    /// Fewer than two sizes, a size of 0, or sizes too large for any memory.
    Sizes,
    /// Another number of sizes than the network's.
    Depth {
        /// The network's.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// A size that is not the network's.
    Shape {
        /// Which size, 0 for the input.
        position: usize,
        /// The network's.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// Bytes missing or left over, by the sizes and the note's length that the file gives.
    Length {
        /// By the header.
        expected: usize,
        /// The file's.
        found: usize,
    },
    /// The bytes are not those that were written.
    Checksum {
        /// As computed.
        expected: u32,
        /// As the file says.
        found: u32,
    },
    /// The note is not UTF-8.
    Note,
    /// A weight or bias that is a NaN or an infinity.
    NotFinite {
        /// Where it stands in the file, in bytes.
        position: usize,
    },
}

impl ModelError {
    /// The error in words without numbers, for compile errors.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "the model file is truncated",
            Self::Magic { .. } => "not a smidgen model file: wrong magic",
            Self::Version { .. } => "the model file has another format version",
            Self::Element { .. } => "the model file holds another kind of element",
            Self::Sizes => "the model file has impossible sizes",
            Self::Depth { .. } => "the model file has another number of layers than the network",
            Self::Shape { .. } => "the model file has another shape than the network",
            Self::Length { .. } => "the model file has the wrong length",
            Self::Checksum { .. } => "the model file is damaged: wrong checksum",
            Self::Note => "the model file's note is not UTF-8",
            Self::NotFinite { .. } => "the model file holds a weight that is not a finite number",
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        match *self {
            Self::Truncated { expected, found } | Self::Length { expected, found } => {
                write!(f, ", {expected} bytes expected, {found} found")
            }
            Self::Magic { found } => write!(f, " {found:02x?}"),
            Self::Version { expected, found } => write!(f, ", {expected} expected, {found} found"),
            Self::Element { expected, found } => write!(f, ", {expected} expected, {found} found"),
            Self::Depth { expected, found } => {
                write!(f, ", {expected} sizes expected, {found} found")
            }
            Self::Shape {
                position,
                expected,
                found,
            } => {
                write!(f, ", size {position}: {expected} expected, {found} found")
            }
            Self::Checksum { expected, found } => {
                write!(f, " {found:08x}, {expected:08x} expected")
            }
            Self::NotFinite { position } => write!(f, ", at byte {position}"),
            Self::Sizes | Self::Note => Ok(()),
        }
    }
}

impl core::error::Error for ModelError {}

const fn truncated(bytes: &[u8], expected: usize) -> ModelError {
    ModelError::Truncated {
        expected,
        found: bytes.len(),
    }
}

const fn read_4(bytes: &[u8], position: usize) -> Result<[u8; 4], ModelError> {
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
        let Some(values) = count_parameters(bytes) else {
            return Err(ModelError::Sizes);
        };
        let Some(expected) = add(
            add(Some(note_start), Some(length)),
            multiply(Some(values), 4),
        ) else {
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

    /// Checks the sizes against those of a network.
    ///
    /// # Errors
    ///
    /// [`ModelError::Depth`] or [`ModelError::Shape`].
    pub const fn expect_sizes(&self, sizes: &[usize]) -> Result<(), ModelError> {
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
    if element != ELEMENT_F32 {
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

/// The weights and biases that the sizes of a file ask for; none if a size is 0 or the number too large.
const fn count_parameters(bytes: &[u8]) -> Option<usize> {
    let mut total = Some(0);
    let mut position = 1;
    while position < bytes[7] as usize {
        match (size(bytes, position - 1), size(bytes, position)) {
            (Ok(inputs), Ok(outputs)) if inputs > 0 && outputs > 0 => {
                let layer = multiply(inputs.checked_add(1), outputs);
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
pub fn encode<N: Network<I, O>, const I: usize, const O: usize>(
    network: &N,
    note: &str,
    mut write: impl FnMut(&[u8]),
) -> u32 {
    let mut crc = Crc32::START;
    let mut put = |bytes: &[u8]| {
        crc = crc.with(bytes);
        write(bytes);
    };
    put(&MAGIC);
    put(&VERSION.to_le_bytes());
    put(&[ELEMENT_F32, N::LAYERS as u8 + 1]);
    put(&(I as u32).to_le_bytes());
    N::for_each_size(|size| put(&(size as u32).to_le_bytes()));
    put(&(note.len() as u32).to_le_bytes());
    put(note.as_bytes());
    network.for_each_parameter(|parameter| put(&parameter.to_le_bytes()));
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
pub fn decode<N: Network<I, O>, const I: usize, const O: usize>(
    bytes: &[u8],
    network: &mut N,
) -> Result<(), ModelError> {
    let header = Header::parse(bytes)?;
    expect_network::<N, I, O>(&header)?;
    network
        .read_parameters(bytes, header.parameters())
        .map(|_| ())
}

/// Checks the sizes of a file against a network's type.
fn expect_network<N: Network<I, O>, const I: usize, const O: usize>(
    header: &Header,
) -> Result<(), ModelError> {
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
    check(I);
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
    pub fn verify<const I: usize, const O: usize>(&self) -> Result<(), ModelError>
    where
        N: Network<I, O>,
    {
        let mut crc = self.prefix;
        self.network
            .for_each_parameter(|parameter| crc = crc.with(&parameter.to_le_bytes()));
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
/// another shape is a compile error. Give it to a `static`, and the network is in flash, ready to run:
///
/// ```
/// use smidgen_core::{Model, Network, embed_model, network};
/// static XOR: Model<network![2, 3, 1]> = embed_model!("../testdata/xor.model", [2, 3, 1]);
/// assert!(XOR.feedforward(&[1.0, 0.0])[0] > 0.9);
/// assert!(XOR.verify().is_ok());
/// ```
#[macro_export]
macro_rules! embed_model {
    ($path:expr, [$($size:expr),+ $(,)?]) => {{
        #[allow(long_running_const_eval)]
        const MODEL: $crate::Model<$crate::network![$($size),+]> = {
            const BYTES: &[u8] = include_bytes!($path);
            let header = match $crate::model::Header::parse(BYTES) {
                Ok(header) => header,
                Err(error) => panic!("{}", error.message()),
            };
            if let Err(error) = header.expect_sizes(&[$($size),+]) {
                panic!("{}", error.message());
            }
            let position = header.parameters();
            $crate::Model::new($crate::embed_model!(@layers BYTES, position, $($size),+), &header)
        };
        MODEL
    }};
    (@layers $bytes:expr, $position:expr, $in:expr, $out:expr) => {
        $crate::embed_model!(@layer $bytes, $position, $in, $out).0
    };
    (@layers $bytes:expr, $position:expr, $in:expr, $out:expr, $($rest:expr),+) => {{
        let (layer, position) = $crate::embed_model!(@layer $bytes, $position, $in, $out);
        $crate::Chain { layer, rest: $crate::embed_model!(@layers $bytes, position, $out, $($rest),+) }
    }};
    (@layer $bytes:expr, $position:expr, $in:expr, $out:expr) => {{
        let mut layer = $crate::Dense::<{ $in }, { $out }>::ZERO;
        match layer.read($bytes, $position) {
            Ok(position) => (layer, position),
            Err(error) => panic!("{}", error.message()),
        }
    }};
}
