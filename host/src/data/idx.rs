//! Reading IDX, the format of MNIST's files, raw or gzip, as a stream.
//!
//! All numbers are big-endian. Images: 2051, their number, 28, 28, then 784 bytes for each. Labels: 2049, their
//! number, then one byte for each. The files are described at <http://yann.lecun.com/exdb/mnist/>.

use std::io::{self, BufRead, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use smidgen_core::Image;
use smidgen_core::image::{PIXELS, SIDE};

/// The first number of a file of images: unsigned bytes in three dimensions.
const IMAGES: u32 = 0x0803;
/// The first number of a file of labels: unsigned bytes in one dimension.
const LABELS: u32 = 0x0801;
/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Images that are inflated together: 98 KiB, so that they are still in a near cache when they are looked at.
const BLOCK: usize = 128;
/// Classes a label may name.
pub const CLASSES: usize = 10;

/// Images or labels a file may hold, 5,478,274: their pixels can then be counted in 32 bits.
pub const MOST: usize = u32::MAX as usize / PIXELS;

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
    /// Images of another size.
    #[error("images of {rows} x {columns} pixels, {SIDE} x {SIDE} expected")]
    Size {
        /// Their height.
        rows: u32,
        /// Their width.
        columns: u32,
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
    /// A label that is no digit.
    #[error("label {index} is {label}, at most 9 expected")]
    Label {
        /// Which one, from 0.
        index: usize,
        /// What it says.
        label: u8,
    },
}

/// A file of images whose header is right.
pub struct Images<R: BufRead> {
    stream: Stream<R>,
    count: usize,
}

impl<R: BufRead> Images<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`IdxError`] for a file that is none, is not of 28 × 28 images, claims more than [`MOST`], or cannot be read.
    pub fn open(file: R) -> Result<Self, IdxError> {
        const HEADER: u64 = 16;
        let mut stream = Stream::open(file)?;
        stream.expect_magic("images", IMAGES, HEADER)?;
        let count = stream.count("images", HEADER)?;
        let (rows, columns) = (stream.number(HEADER)?, stream.number(HEADER)?);
        if (rows as usize, columns as usize) != (SIDE, SIDE) {
            return Err(IdxError::Size { rows, columns });
        }
        Ok(Self { stream, count })
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
    pub fn for_each(mut self, mut visit: impl FnMut(usize, &Image)) -> Result<(), IdxError> {
        let mut block = vec![0; BLOCK.min(self.count) * PIXELS];
        let expected = self.stream.position + (self.count * PIXELS) as u64;
        let mut index = 0;
        while index < self.count {
            let images = BLOCK.min(self.count - index);
            let bytes = block.get_mut(..images * PIXELS).unwrap_or_default();
            self.stream.fill(bytes, expected)?;
            for image in bytes.as_chunks::<PIXELS>().0 {
                visit(index, image);
                index += 1;
            }
        }
        self.stream.expect_end()
    }
}

/// Reads a file of labels, each 0 to 9.
///
/// # Errors
///
/// [`IdxError`] for a file that is none, is shorter or longer than its header says, has a label over 9, or cannot be
/// read.
pub fn read_labels(file: impl BufRead) -> Result<Vec<u8>, IdxError> {
    const HEADER: u64 = 8;
    let mut stream = Stream::open(file)?;
    stream.expect_magic("labels", LABELS, HEADER)?;
    let count = stream.count("labels", HEADER)?;
    let mut labels = Vec::new();
    stream.append(&mut labels, count)?;
    stream.expect_end()?;
    match labels
        .iter()
        .position(|&label| usize::from(label) >= CLASSES)
    {
        Some(index) => Err(IdxError::Label {
            index,
            label: labels.get(index).copied().unwrap_or_default(),
        }),
        None => Ok(labels),
    }
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
    Gzip(Box<MultiGzDecoder<Whole<R>>>),
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
            Source::Gzip(Box::new(MultiGzDecoder::new(whole)))
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
        file.extend((0..held * PIXELS).map(|i| i as u8));
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

    fn read_images(file: &[u8]) -> Result<Vec<Image>, IdxError> {
        let mut found = Vec::new();
        Images::open(file)?.for_each(|i, image| {
            assert_eq!(i, found.len());
            found.push(*image);
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
        assert_eq!(found.as_flattened(), &file[16..]);
        assert_eq!(read_images(&gzip(&file)).unwrap(), found);
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
    fn images_of_another_size_are_refused() {
        let file = header(&[IMAGES, 1, 32, 28]);
        assert_eq!(
            error(read_images(&file)),
            "images of 32 x 28 pixels, 28 x 28 expected"
        );
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
    fn a_label_over_9_is_refused() {
        assert_eq!(
            error(read_labels(&labels(3, &[9, 10, 11])[..])),
            "label 1 is 10, at most 9 expected"
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
