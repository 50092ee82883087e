//! MNIST inside the program: images as runs of ink, in a form that `host/data/mnist/README.md` describes.
//!
//! The published files are 11.4 MB with gzip, more than a package may have. Runs and ink in streams of their own are
//! 9.6 MB, and take no longer to read. The whole files by Brotli and by xz are 9.3 and 9.2 MB, but pure Rust takes 1.5
//! and 6 times as long to unpack them; by zstd they are 9.7 MB and take 4 times as long.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use smidgen_core::Image;
use smidgen_core::image::PIXELS;

/// Bytes that are unpacked together: few enough to be still in a near cache when they are looked at.
const BLOCK: usize = 1 << 15;
/// Bytes before the first label of an IDX file.
const LABELS_HEADER: usize = 8;

/// A file of `host/data/mnist`.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!("../../data/mnist/", $name, ".gz"))
    };
}

/// The two sets of MNIST, each of images and their labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// 60,000 images.
    Training,
    /// 10,000 images.
    Test,
}

impl Set {
    /// The number of its images.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Training => 60_000,
            Self::Test => 10_000,
        }
    }

    /// Calls `visit(i, image)` for every image in turn. Memory: a block of either stream, and one image.
    ///
    /// # Errors
    ///
    /// `InvalidInput`, `InvalidData` or `UnexpectedEof`, if the program's own data are not whole.
    pub fn for_each_image(self, visit: impl FnMut(usize, &Image)) -> io::Result<()> {
        let (runs, ink): (&[u8], &[u8]) = match self {
            Self::Training => (packed!("train-images.runs"), packed!("train-images.ink")),
            Self::Test => (packed!("t10k-images.runs"), packed!("t10k-images.ink")),
        };
        unpack(gzip(runs), gzip(ink), self.count(), visit)
    }

    /// Its labels, each 0 to 9.
    ///
    /// # Errors
    ///
    /// `InvalidInput`, `InvalidData` or `UnexpectedEof`, if the program's own data are not whole.
    pub fn labels(self) -> io::Result<Vec<u8>> {
        let mut file = self.labels_file();
        file.read_exact(&mut [0; LABELS_HEADER])?;
        let mut labels = vec![0; self.count()];
        file.read_exact(&mut labels)?;
        expect_end(file)?;
        Ok(labels)
    }

    /// The published file of its labels, an IDX file.
    fn labels_file(self) -> impl BufRead {
        gzip(match self {
            Self::Training => packed!("train-labels-idx1-ubyte"),
            Self::Test => packed!("t10k-labels-idx1-ubyte"),
        })
    }
}

fn gzip(packed: &[u8]) -> impl BufRead {
    BufReader::with_capacity(BLOCK, GzDecoder::new(packed))
}

/// Makes `count` images of their runs and their ink.
fn unpack(
    mut runs: impl BufRead,
    mut ink: impl BufRead,
    count: usize,
    mut visit: impl FnMut(usize, &Image),
) -> io::Result<()> {
    for index in 0..count {
        let mut image = [0; PIXELS];
        let mut rest = &mut image[..];
        while let Some(paper) = read_paper(&mut runs)? {
            let length = usize::from(read_byte(&mut runs)?);
            let run = rest
                .get_mut(paper..paper + length)
                .ok_or(io::ErrorKind::InvalidData)?;
            ink.read_exact(run)?;
            rest = rest.split_at_mut(paper + length).1;
        }
        visit(index, &image);
    }
    expect_end(runs)?;
    expect_end(ink)
}

/// The pixels of paper before a run of ink; `None` at the end of the image.
#[inline]
fn read_paper(runs: &mut impl BufRead) -> io::Result<Option<usize>> {
    let first = read_byte(runs)?;
    let (mut last, mut paper) = (first, usize::from(first));
    while last == u8::MAX && paper < PIXELS {
        last = read_byte(runs)?;
        paper += usize::from(last);
    }
    Ok((first != 0).then_some(paper))
}

#[inline]
fn read_byte(stream: &mut impl BufRead) -> io::Result<u8> {
    let Some(&byte) = stream.fill_buf()?.first() else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    stream.consume(1);
    Ok(byte)
}

/// Checks that nothing follows; a gzip stream checks its checksum here.
fn expect_end(mut stream: impl Read) -> io::Result<()> {
    match stream.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn hex(hash: Sha256) -> String {
        let hash = hash.finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The SHA-256 of the images as the published IDX file.
    fn hash_of_images(set: Set) -> String {
        let mut hash = Sha256::new();
        for number in [2051, set.count() as u32, 28, 28] {
            hash.update(number.to_be_bytes());
        }
        let mut next = 0;
        set.for_each_image(|i, image| {
            assert_eq!(i, next);
            next += 1;
            hash.update(image);
        })
        .unwrap();
        assert_eq!(next, set.count());
        hex(hash)
    }

    fn hash_of_labels(set: Set) -> String {
        let mut file = Vec::new();
        set.labels_file().read_to_end(&mut file).unwrap();
        assert_eq!(set.labels().unwrap(), file[LABELS_HEADER..]);
        hex(Sha256::new().chain_update(&file))
    }

    #[test]
    fn the_files_are_the_published_ones() {
        assert_eq!(
            hash_of_images(Set::Training),
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        );
        assert_eq!(
            hash_of_labels(Set::Training),
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        );
        assert_eq!(
            hash_of_images(Set::Test),
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        );
        assert_eq!(
            hash_of_labels(Set::Test),
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        );
    }

    fn images(runs: &[u8], ink: &[u8], count: usize) -> Result<Vec<Image>, io::ErrorKind> {
        let mut found = Vec::new();
        unpack(runs, ink, count, |_, image| found.push(*image)).map_err(|error| error.kind())?;
        Ok(found)
    }

    #[test]
    fn runs_and_ink_make_images() {
        let runs = [3, 2, 1, 1, 0, 0, 255, 0, 1, 255, 255, 17, 1, 0];
        let found = images(&runs, &[7, 8, 9, 10, 11], 3).unwrap();
        let mut expected = [[0; PIXELS]; 3];
        expected[0][3..7].copy_from_slice(&[7, 8, 0, 9]);
        (expected[2][255], expected[2][783]) = (10, 11);
        assert_eq!(found, expected);
    }

    #[test]
    fn broken_streams_are_errors() {
        use io::ErrorKind::{InvalidData, UnexpectedEof};
        let error = |runs: &[u8], ink: &[u8]| images(runs, ink, 1).unwrap_err();
        for (runs, ink) in [(&[][..], &[][..]), (&[3, 2], &[1, 2]), (&[3, 2, 0], &[1])] {
            assert_eq!(error(runs, ink), UnexpectedEof, "{runs:?}");
        }
        assert_eq!(error(&[255; 9], &[1; 999]), InvalidData);
        assert_eq!(error(&[255, 255, 255, 18, 2, 0], &[1; 999]), InvalidData);
        assert_eq!(error(&[3, 2, 0, 0], &[1, 2]), InvalidData);
        assert_eq!(error(&[3, 2, 0], &[1, 2, 3]), InvalidData);
    }
}
