//! Reading IDX, the format of MNIST's files, raw or gzip, as a stream.
//!
//! All numbers are big-endian. MNIST's images: 2051, their number, 28, 28, then 784 bytes for each. Labels: 2049, their
//! number, then one byte for each. The files are described at <http://yann.lecun.com/exdb/mnist/>. Images of other sizes
//! have these in place of 28, and those of other dimensions their number in the last byte of the magic.

use std::io::{self, BufRead, Cursor, Read};

use flate2::bufread::GzDecoder;

use super::dataset::MOST_INPUTS;

/// The first number of a file of images: unsigned bytes in three dimensions, that of the images included.
const IMAGES: u32 = 0x0803;
/// Unsigned bytes in any number of dimensions, which stands in the last byte.
const BYTES: u32 = 0x0800;
/// Dimensions that an image may have.
const MOST_DIMENSIONS: u32 = 4;
/// The first number of a file of labels: unsigned bytes in one dimension.
const LABELS: u32 = 0x0801;
/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Bytes that are inflated together, so that they are still in a near cache when they are looked at; 128 images of MNIST.
const BLOCK: usize = 98 << 10;

/// Images or labels a file may hold, 5,478,274: the pixels of so many of MNIST's size can be counted in 32 bits.
pub const MOST: usize = u32::MAX as usize / 784;

/// What is wrong with an IDX file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
    /// The system cannot read the file.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// A gzip stream that breaks off or does not give what was packed.
    #[error("broken gzip stream: {0}")]
    Gzip(io::Error),
    /// Another kind of file.
    #[error("not an IDX file of {what}: it starts with {found}, not with {expected}")]
    Magic {
        /// Images or labels.
        what: &'static str,
        /// 2051 or 2049.
        expected: u32,
        /// The first number of the file.
        found: u32,
    },
    /// Images of no bytes, or of more than a network may have inputs.
    #[error("inputs of {} = {inputs} values, 1 to {} are taken", words(shape), MOST_INPUTS - 1)]
    Size {
        /// Their dimensions.
        shape: Vec<u32>,
        /// The product of these.
        inputs: u64,
    },
    /// Numbers that are no bytes.
    #[error("IDX of {kind}, and only bytes are taken")]
    Kind {
        /// What they are.
        kind: &'static str,
    },
    /// More than any data set of this program may have.
    #[error("the header claims {claimed} {what}, at most {MOST} are taken")]
    TooMany {
        /// Images or labels.
        what: &'static str,
        /// Their number by the header.
        claimed: u32,
    },
    /// The file ends before what its header claims.
    #[error("truncated: {expected} bytes expected, {found} found")]
    Truncated {
        /// Bytes by the header, itself included.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The file goes on after what its header claims.
    #[error("too long: more than the {expected} bytes expected")]
    TooLong {
        /// Bytes by the header, itself included.
        expected: u64,
    },
}

/// Dimensions as one says them, `28 x 28`.
fn words(shape: &[u32]) -> String {
    let sizes: Vec<_> = shape.iter().map(ToString::to_string).collect();
    sizes.join(" x ")
}

/// A file of images whose header is right.
pub struct Images<R: BufRead> {
    stream: Stream<R>,
    count: usize,
    shape: Vec<u16>,
    inputs: usize,
}

impl<R: BufRead> Images<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`IdxError`] for a file that is none, is not of bytes, has images of no bytes or of too many, claims more than
    /// [`MOST`], or cannot be read.
    pub fn open(file: R) -> Result<Self, IdxError> {
        const HEADER: u64 = 16;
        let mut stream = Stream::open(file)?;
        let magic = stream.number(HEADER)?;
        let dimensions = magic.wrapping_sub(BYTES);
        if !(2..=MOST_DIMENSIONS).contains(&dimensions) {
            return Err(other_magic(magic));
        }
        let header = 4 * (1 + u64::from(dimensions));
        let count = stream.count("images", header)?;
        let shape = (1..dimensions).map(|_| stream.number(header));
        let shape: Vec<u32> = shape.collect::<Result<_, _>>()?;
        let sizes = shape.iter().copied().map(u64::from);
        let inputs = sizes.fold(1, u64::saturating_mul);
        if inputs == 0 || inputs >= MOST_INPUTS as u64 {
            return Err(IdxError::Size { shape, inputs });
        }
        // All of it fits into 16 bits, or the product would not, and its pixels can be counted in 32.
        let inputs = inputs as usize;
        if count > u32::MAX as usize / inputs {
            let claimed = count as u32;
            return Err(IdxError::TooMany {
                what: "images",
                claimed,
            });
        }
        Ok(Self {
            stream,
            count,
            shape: shape.iter().map(|&size| size as u16).collect(),
            inputs,
        })
    }

    /// The dimensions of an image, the outermost first.
    #[must_use]
    pub fn shape(&self) -> &[u16] {
        &self.shape
    }

    /// Bytes of an image.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of images by the header; the file may turn out to hold fewer.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Calls `visit(i, image)` for every image in turn. Memory: one block of images, whatever the header claims.
    ///
    /// # Errors
    ///
    /// [`IdxError`] for a file that is shorter or longer than its header says, or cannot be read.
    pub fn for_each(mut self, mut visit: impl FnMut(usize, &[u8])) -> Result<(), IdxError> {
        let together = (BLOCK / self.inputs).max(1);
        let mut block = vec![0; together.min(self.count) * self.inputs];
        let expected = self.stream.position + (self.count * self.inputs) as u64;
        let mut index = 0;
        while index < self.count {
            let images = together.min(self.count - index);
            let bytes = block.get_mut(..images * self.inputs).unwrap_or_default();
            self.stream.fill(bytes, expected)?;
            for image in bytes.chunks_exact(self.inputs) {
                visit(index, image);
                index += 1;
            }
        }
        self.stream.expect_end()
    }
}

/// What is wrong with a file that starts with another number than one of images.
fn other_magic(found: u32) -> IdxError {
    let kind = match found >> 8 {
        0x09 => "signed bytes",
        0x0b => "integers of 16 bits",
        0x0c => "integers of 32 bits",
        0x0d => "floats",
        0x0e => "doubles",
        _ => {
            return IdxError::Magic {
                what: "images",
                expected: IMAGES,
                found,
            };
        }
    };
    IdxError::Kind { kind }
}

/// Reads a file of labels, each 0 to 255.
///
/// # Errors
///
/// [`IdxError`] for a file that is none, is shorter or longer than its header says, or cannot be read.
pub fn read_labels(file: impl BufRead) -> Result<Vec<u8>, IdxError> {
    const HEADER: u64 = 8;
    let mut stream = Stream::open(file)?;
    stream.expect_magic("labels", LABELS, HEADER)?;
    let count = stream.count("labels", HEADER)?;
    let mut labels = Vec::new();
    stream.append(&mut labels, count)?;
    stream.expect_end()?;
    Ok(labels)
}

/// The bytes of a file, inflated if it is a gzip file, and how many have been read.
struct Stream<R: BufRead> {
    source: Source<R>,
    position: u64,
}

/// A file from its first byte on; the first two, read to tell the kinds apart, are put in front again.
type Whole<R> = io::Chain<Cursor<Vec<u8>>, R>;

enum Source<R: BufRead> {
    Raw(Whole<R>),
    Gzip(Members<Whole<R>>),
}

/// The members of a gzip file, one after another; zeros and line ends may follow the last, as tapes and editors leave
/// them.
struct Members<R: BufRead> {
    /// None after the last.
    current: Option<Box<GzDecoder<R>>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.current {
            let read = member.read(bytes)?;
            if read > 0 || bytes.is_empty() {
                return Ok(read);
            }
            let ended = self.current.take();
            self.current = ended.map_or(Ok(None), |member| next(member.into_inner()))?;
        }
        Ok(0)
    }
}

/// The member that follows, if what follows is no padding.
fn next<R: BufRead>(mut file: R) -> io::Result<Option<Box<GzDecoder<R>>>> {
    loop {
        let block = file.fill_buf()?;
        if block.is_empty() {
            return Ok(None);
        }
        let padding = block
            .iter()
            .take_while(|byte| b"\0\r\n".contains(byte))
            .count();
        let is_padding = padding == block.len();
        file.consume(padding);
        if !is_padding {
            return Ok(Some(Box::new(GzDecoder::new(file))));
        }
    }
}

impl<R: BufRead> Stream<R> {
    fn open(mut file: R) -> Result<Self, IdxError> {
        let mut start = Vec::with_capacity(GZIP.len());
        file.by_ref()
            .take(GZIP.len() as u64)
            .read_to_end(&mut start)
            .map_err(IdxError::Read)?;
        let packed = start == GZIP;
        let whole = Cursor::new(start).chain(file);
        let source = if packed {
            Source::Gzip(Members {
                current: Some(Box::new(GzDecoder::new(whole))),
            })
        } else {
            Source::Raw(whole)
        };
        Ok(Self {
            source,
            position: 0,
        })
    }

    /// Reads until `bytes` are full; `expected` is the length of the whole file by its header.
    fn fill(&mut self, bytes: &mut [u8], expected: u64) -> Result<(), IdxError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let read = self.read(rest)?;
            if read == 0 {
                return Err(IdxError::Truncated {
                    expected,
                    found: self.position,
                });
            }
            rest = rest.split_at_mut(read).1;
        }
        Ok(())
    }

    /// Reads `count` more bytes, with memory for as many as there are.
    fn append(&mut self, bytes: &mut Vec<u8>, count: usize) -> Result<(), IdxError> {
        let expected = self.position + count as u64;
        let mut block = [0; 4096];
        while bytes.len() < count {
            let wanted = block.len().min(count - bytes.len());
            let part = block.get_mut(..wanted).unwrap_or_default();
            self.fill(part, expected)?;
            bytes.extend_from_slice(part);
        }
        Ok(())
    }

    /// Some bytes, 0 at the end.
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, IdxError> {
        loop {
            let result = match &mut self.source {
                Source::Raw(raw) => raw.read(bytes).map_err(IdxError::Read),
                Source::Gzip(gzip) => gzip.read(bytes).map_err(gzip_error),
            };
            match result {
                Err(IdxError::Read(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(read) => {
                    self.position += read as u64;
                    return Ok(read);
                }
                error => return error,
            }
        }
    }

    /// A number of the header, which is `header` bytes long.
    fn number(&mut self, header: u64) -> Result<u32, IdxError> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes, header)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn expect_magic(
        &mut self,
        what: &'static str,
        expected: u32,
        header: u64,
    ) -> Result<(), IdxError> {
        let found = self.number(header)?;
        if found == expected {
            Ok(())
        } else {
            Err(IdxError::Magic {
                what,
                expected,
                found,
            })
        }
    }

    fn count(&mut self, what: &'static str, header: u64) -> Result<usize, IdxError> {
        let claimed = self.number(header)?;
        match usize::try_from(claimed) {
            Ok(count) if count <= MOST => Ok(count),
            _ => Err(IdxError::TooMany { what, claimed }),
        }
    }

    /// Checks that nothing follows; a gzip stream checks its checksum here.
    fn expect_end(&mut self) -> Result<(), IdxError> {
        let expected = self.position;
        match self.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(IdxError::TooLong { expected }),
        }
    }
}

/// Tells a broken stream from a file that cannot be read.
fn gzip_error(error: io::Error) -> IdxError {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error.kind() {
        InvalidData | InvalidInput | UnexpectedEof => IdxError::Gzip(error),
        _ => IdxError::Read(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn header(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
    }

    fn images(claimed: u32, held: usize) -> Vec<u8> {
        let mut file = header(&[IMAGES, claimed, 28, 28]);
        file.extend((0..held * 784).map(|i| i as u8));
        file
    }

    fn labels(claimed: u32, held: &[u8]) -> Vec<u8> {
        let mut file = header(&[LABELS, claimed]);
        file.extend_from_slice(held);
        file
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_images(file: &[u8]) -> Result<Vec<Vec<u8>>, IdxError> {
        let mut found = Vec::new();
        Images::open(file)?.for_each(|i, image| {
            assert_eq!(i, found.len());
            found.push(image.to_vec());
        })?;
        Ok(found)
    }

    fn error<T: std::fmt::Debug>(result: Result<T, IdxError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn raw_and_gzip_give_the_same_images() {
        let file = images(300, 300);
        let found = read_images(&file).unwrap();
        assert_eq!(found.concat(), &file[16..]);
        assert_eq!(read_images(&gzip(&file)).unwrap(), found);
    }

    #[test]
    fn gzip_may_be_padded_and_come_in_members() {
        let file = images(300, 300);
        let found = read_images(&file).unwrap();
        let padded = |ends: [&[u8]; 2]| {
            let (first, second) = file.split_at(1000);
            [&gzip(first), ends[0], &gzip(second), ends[1]].concat()
        };
        for ends in [
            [&b""[..], b""],
            [b"", b"\0\0\0\0"],
            [b"\0", b"\n"],
            [b"", b"\r\n"],
        ] {
            assert_eq!(read_images(&padded(ends)).unwrap(), found, "{ends:?}");
        }
        let long = vec![0; 100_000];
        assert_eq!(read_images(&padded([&long, &long])).unwrap(), found);
    }

    #[test]
    fn raw_and_gzip_give_the_same_labels() {
        let held: Vec<u8> = (0..10_000).map(|i| (i % 10) as u8).collect();
        let file = labels(10_000, &held);
        assert_eq!(read_labels(&file[..]).unwrap(), held);
        assert_eq!(read_labels(&gzip(&file)[..]).unwrap(), held);
    }

    #[test]
    fn a_file_without_images_is_fine() {
        assert!(read_images(&images(0, 0)).unwrap().is_empty());
    }

    #[test]
    fn a_truncated_file_says_how_much_there_is() {
        let message = "truncated: 1584 bytes expected, 800 found";
        assert_eq!(error(read_images(&images(2, 1))), message);
        assert_eq!(error(read_images(&gzip(&images(2, 1)))), message);
        let message = "truncated: 16 bytes expected, 6 found";
        assert_eq!(error(read_images(&images(2, 1)[..6])), message);
        assert_eq!(
            error(read_labels(&labels(3, &[1])[..])),
            "truncated: 11 bytes expected, 9 found"
        );
        assert_eq!(
            error(read_labels(&[][..])),
            "truncated: 8 bytes expected, 0 found"
        );
        assert_eq!(
            error(read_labels(&[0x1f][..])),
            "truncated: 8 bytes expected, 1 found"
        );
    }

    #[test]
    fn an_over_long_file_is_refused() {
        assert_eq!(
            error(read_images(&images(1, 2))),
            "too long: more than the 800 bytes expected"
        );
        assert!(matches!(
            read_labels(&labels(1, &[1, 2])[..]),
            Err(IdxError::TooLong { .. })
        ));
    }

    #[test]
    fn a_wrong_magic_is_refused() {
        let message = "not an IDX file of images: it starts with 2049, not with 2051";
        assert_eq!(error(read_images(&labels(16, &[0; 16]))), message);
        assert!(matches!(
            read_labels(&images(1, 1)[..]),
            Err(IdxError::Magic { .. })
        ));
    }

    #[test]
    fn inputs_of_any_shape_are_read() {
        let mut file = header(&[0x0804, 2, 3, 2, 2]);
        file.extend(0..24);
        let images = Images::open(&file[..]).unwrap();
        assert_eq!((images.shape(), images.inputs()), (&[3, 2, 2][..], 12));
        assert_eq!(
            read_images(&file).unwrap().concat(),
            (0..24).collect::<Vec<u8>>()
        );
        let mut file = header(&[0x0802, 3, 65_535]);
        file.resize(file.len() + 3 * 65_535, 7);
        assert_eq!(read_images(&file).unwrap().len(), 3);
    }

    #[test]
    fn inputs_of_no_or_too_many_values_are_refused() {
        let message = "inputs of 256 x 256 = 65536 values, 1 to 65535 are taken";
        assert_eq!(error(read_images(&header(&[IMAGES, 1, 256, 256]))), message);
        let message = "inputs of 28 x 0 = 0 values, 1 to 65535 are taken";
        assert_eq!(error(read_images(&header(&[IMAGES, 1, 28, 0]))), message);
    }

    #[test]
    fn numbers_that_are_no_bytes_are_named() {
        let message = "IDX of floats, and only bytes are taken";
        assert_eq!(error(read_images(&header(&[0x0d03, 1, 28, 28]))), message);
    }

    #[test]
    fn a_header_that_claims_the_world_gets_no_memory() {
        assert!(matches!(
            read_images(&images(4_000_000_000, 1)),
            Err(IdxError::TooMany { .. })
        ));
        assert!(matches!(
            read_images(&images(MOST as u32, 1)),
            Err(IdxError::Truncated { .. })
        ));
        assert!(matches!(
            read_labels(&labels(MOST as u32, &[1])[..]),
            Err(IdxError::Truncated { .. })
        ));
    }

    #[test]
    fn any_byte_is_a_label() {
        assert_eq!(
            read_labels(&labels(3, &[9, 10, 255])[..]).unwrap(),
            [9, 10, 255]
        );
    }

    #[test]
    fn a_broken_gzip_stream_is_refused() {
        let whole = gzip(&images(20, 20));
        assert!(matches!(
            read_images(&whole[..whole.len() - 1]),
            Err(IdxError::Gzip(_))
        ));
        assert!(matches!(read_images(&whole[..5]), Err(IdxError::Gzip(_))));
        let mut checksum = whole.clone();
        checksum[whole.len() - 8] ^= 1;
        assert!(matches!(read_images(&checksum), Err(IdxError::Gzip(_))));
        let with_tail = [&whole[..], b"tail"].concat();
        assert!(matches!(read_images(&with_tail), Err(IdxError::Gzip(_))));
    }

    #[test]
    fn a_failing_disk_is_no_broken_stream() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::PermissionDenied.into())
            }
        }
        let file = (&GZIP[..]).chain(Failing);
        assert!(matches!(
            read_labels(io::BufReader::new(file)),
            Err(IdxError::Read(_))
        ));
    }
}
