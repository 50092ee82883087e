//! `Dataset`: labelled images as lists of their active pixels; `Mnist`: the three of them that a training needs.

use std::io::BufRead;
use std::path::Path;
use std::thread;

use smidgen_core::crc::Crc32;
use smidgen_core::image::PIXELS;
use smidgen_core::{ActivePixel, Image};

use crate::data_dir::{DataFile, Pair};
use crate::error::Error;
use crate::idx::{Images, read_labels};

/// Images at the end of the training file that are for validation, as in Nielsen's `mnist_loader.py`.
pub const VALIDATION: usize = 10_000;

/// Labelled images, each as the ascending list of its active pixels: 4 bytes for each pixel that is not paper.
///
/// The 50,000 training images of MNIST are 30 MB in this form, and nothing has to look for their ink again.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Where the list of each image ends in `pixels`.
    ends: Vec<u32>,
    pixels: Vec<ActivePixel>,
    labels: Vec<u8>,
}

impl Dataset {
    /// The number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The active pixels of image `i`, ascending; none if there is no such image.
    #[inline]
    #[must_use]
    pub fn pixels(&self, i: usize) -> &[ActivePixel] {
        let start = match i.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(u32::MAX),
            None => 0,
        };
        let end = self.ends.get(i).copied().unwrap_or(0);
        self.pixels
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The digit in image `i`, 0 to 9; 0 if there is no such image.
    #[inline]
    #[must_use]
    pub fn label(&self, i: usize) -> usize {
        usize::from(self.labels.get(i).copied().unwrap_or(0))
    }

    /// Image `i`, row by row; blank if there is no such image.
    #[must_use]
    pub fn image(&self, i: usize) -> Image {
        let mut image = [0; PIXELS];
        for pixel in self.pixels(i) {
            if let Some(byte) = image.get_mut(usize::from(pixel.index)) {
                *byte = pixel.value;
            }
        }
        image
    }

    /// A CRC-32 of all images and labels in their order, to tell one set from another.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        let mut crc = Crc32::START.with(&self.labels);
        for end in &self.ends {
            crc = crc.with(&end.to_le_bytes());
        }
        for ActivePixel { index, value } in &self.pixels {
            let [low, high] = index.to_le_bytes();
            crc = crc.with(&[low, high, *value]);
        }
        crc.value()
    }

    fn push(&mut self, pixels: &[ActivePixel]) {
        self.pixels.extend_from_slice(pixels);
        // `MOST` images of 784 pixels are fewer than 2³².
        self.ends.push(self.pixels.len() as u32);
    }
}

/// The images and labels of MNIST's size and split, or of another set that has its form.
#[derive(Clone, Debug, Default)]
pub struct Mnist {
    /// All images of the training file but the last 10,000.
    pub training: Dataset,
    /// The last 10,000 images of the training file.
    pub validation: Dataset,
    /// All images of the test file.
    pub test: Dataset,
}

impl Mnist {
    /// The MNIST that is inside the program.
    ///
    /// # Errors
    ///
    /// None, as long as the program's own data are whole.
    pub fn embedded() -> Result<Self, Error> {
        Self::load(None)
    }

    /// A set in a folder, by the names of MNIST's files, raw or gzip.
    ///
    /// # Errors
    ///
    /// [`Error`] if a file is missing, is not as it should be, or has 10,000 training images or fewer.
    pub fn from_dir(directory: &Path) -> Result<Self, Error> {
        Self::load(Some(directory))
    }

    /// The set in a folder, or the program's own; reads training and test images at the same time.
    ///
    /// # Errors
    ///
    /// As [`Mnist::from_dir`].
    pub fn load(directory: Option<&Path>) -> Result<Self, Error> {
        thread::scope(|scope| {
            let test = scope.spawn(|| load_test(directory));
            let (training, validation) = load_training(directory)?;
            let test = test
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok(Self {
                training,
                validation,
                test,
            })
        })
    }
}

/// The test images alone, of the set in a folder or the program's own.
///
/// # Errors
///
/// [`Error`] if a file is missing or not as it should be.
pub fn load_test(directory: Option<&Path>) -> Result<Dataset, Error> {
    let (_, test) = read_pair(&Pair::test(directory)?, |_| Ok(0))?;
    Ok(test)
}

/// The training images, in two parts: for training and for validation.
fn load_training(directory: Option<&Path>) -> Result<(Dataset, Dataset), Error> {
    let pair = Pair::training(directory)?;
    read_pair(&pair, |found| match found.checked_sub(VALIDATION) {
        None | Some(0) => Err(Error::TooFewImages {
            path: pair.images.path().into(),
            found,
            validation: VALIDATION,
        }),
        Some(training) => Ok(training),
    })
}

/// Reads images and labels and splits them: `first_part` images, by their number, then the rest.
fn read_pair(
    pair: &Pair,
    first_part: impl FnOnce(usize) -> Result<usize, Error>,
) -> Result<(Dataset, Dataset), Error> {
    let labels = read(&pair.labels, read_labels)?;
    let images = read(&pair.images, Images::open)?;
    expect_equal_counts(pair, images.count(), labels.len())?;
    let split = first_part(images.count())?;
    let (mut first, mut second) = (Dataset::default(), Dataset::default());
    let mut scanner = Scanner::new();
    images
        .for_each(|i, image| {
            let part = if i < split { &mut first } else { &mut second };
            part.push(scanner.scan(image));
        })
        .map_err(|source| Error::idx(pair.images.path(), source))?;
    let (first_labels, second_labels) = labels.split_at_checked(split).unwrap_or((&labels, &[]));
    first.labels = first_labels.to_vec();
    second.labels = second_labels.to_vec();
    Ok((first, second))
}

fn read<T>(
    file: &DataFile,
    read: impl FnOnce(Box<dyn BufRead>) -> Result<T, crate::idx::IdxError>,
) -> Result<T, Error> {
    read(file.open()?).map_err(|source| Error::idx(file.path(), source))
}

fn expect_equal_counts(pair: &Pair, images: usize, labels: usize) -> Result<(), Error> {
    if images == labels {
        return Ok(());
    }
    Err(Error::Counts {
        images_path: pair.images.path().into(),
        images,
        labels_path: pair.labels.path().into(),
        labels,
    })
}

/// A power of two above `PIXELS`, so that a masked index needs no bounds check.
const ROOM: usize = 1024;

/// Finds active pixels as [`smidgen_core::active_pixels`] does, faster: eight bytes of paper are left out at once, and
/// within eight bytes with ink there is no branch.
struct Scanner([ActivePixel; ROOM]);

impl Scanner {
    const fn new() -> Self {
        Self([ActivePixel { index: 0, value: 0 }; ROOM])
    }

    /// The active pixels of an image, ascending.
    fn scan(&mut self, image: &Image) -> &[ActivePixel] {
        let mut count = 0;
        for (word, start) in image.as_chunks::<8>().0.iter().zip((0_u16..).step_by(8)) {
            if u64::from_le_bytes(*word) == 0 {
                continue;
            }
            for (&value, index) in word.iter().zip(start..) {
                self.0[count % ROOM] = ActivePixel { index, value };
                count += usize::from(value != 0);
            }
        }
        self.0.get(..count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::active_pixels;

    fn write(directory: &Path, name: &str, header: &[u32], body: &[u8]) {
        let mut file: Vec<u8> = header.iter().flat_map(|n| n.to_be_bytes()).collect();
        file.extend_from_slice(body);
        std::fs::write(directory.join(name), file).unwrap();
    }

    /// A folder of a set with one ink pixel in each image, at i mod 784.
    fn folder(training: usize, test: usize) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (part, count) in [("train", training), ("t10k", test)] {
            let mut images = vec![0; count * PIXELS];
            for (i, image) in images.chunks_exact_mut(PIXELS).enumerate() {
                image[i % PIXELS] = 1 + (i % 255) as u8;
            }
            let labels: Vec<u8> = (0..count).map(|i| (i % 10) as u8).collect();
            let (count, path) = (count as u32, directory.path());
            write(
                path,
                &format!("{part}-images-idx3-ubyte"),
                &[2051, count, 28, 28],
                &images,
            );
            write(
                path,
                &format!("{part}-labels.idx1-ubyte"),
                &[2049, count],
                &labels,
            );
        }
        directory
    }

    #[test]
    fn the_scan_finds_what_the_core_finds() {
        let mut scanner = Scanner::new();
        let mut image = [0; PIXELS];
        for step in [1, 3, 8, 9, 100, 783] {
            image.fill(0);
            image
                .iter_mut()
                .step_by(step)
                .for_each(|pixel| *pixel = 200);
            let expected: Vec<_> = active_pixels(&image).collect();
            assert_eq!(scanner.scan(&image), expected);
        }
    }

    #[test]
    fn the_embedded_test_images_are_mnist() {
        let test = load_test(None).unwrap();
        assert_eq!((test.len(), test.is_empty()), (10_000, false));
        let labels: Vec<_> = (0..10).map(|i| test.label(i)).collect();
        assert_eq!(labels, [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
        let image = test.image(0);
        assert!(active_pixels(&image).eq(test.pixels(0).iter().copied()));
        assert_eq!(&image[7 * 28 + 6..7 * 28 + 9], [84, 185, 159]);
    }

    #[test]
    fn beyond_the_end_there_is_nothing() {
        let test = load_test(Some(folder(0, 3).path())).unwrap();
        assert_eq!(test.pixels(2).len(), 1);
        for i in [3, 4, usize::MAX] {
            assert_eq!(
                (test.pixels(i), test.label(i), test.image(i)),
                (&[][..], 0, [0; PIXELS])
            );
        }
        assert!(Dataset::default().pixels(0).is_empty());
    }

    #[test]
    fn the_last_ten_thousand_are_for_validation() {
        let set = Mnist::from_dir(folder(10_003, 2).path()).unwrap();
        assert_eq!(
            (set.training.len(), set.validation.len(), set.test.len()),
            (3, 10_000, 2)
        );
        assert_eq!((set.training.label(2), set.validation.label(0)), (2, 3));
        assert_eq!(
            set.validation.pixels(0),
            [ActivePixel { index: 3, value: 4 }]
        );
    }

    #[test]
    fn too_few_training_images_are_an_error() {
        let error = Mnist::from_dir(folder(10_000, 1).path()).unwrap_err();
        assert!(matches!(error, Error::TooFewImages { found: 10_000, .. }));
    }

    #[test]
    fn counts_that_differ_are_an_error() {
        let folder = folder(0, 5);
        write(folder.path(), "t10k-labels-idx1-ubyte", &[2049, 4], &[0; 4]);
        let error = load_test(Some(folder.path())).unwrap_err();
        assert!(matches!(
            error,
            Error::Counts {
                images: 5,
                labels: 4,
                ..
            }
        ));
        assert_eq!(error.to_string().lines().count(), 1);
    }

    #[test]
    fn a_bad_file_is_named() {
        let folder = folder(0, 5);
        write(
            folder.path(),
            "t10k-images-idx3-ubyte",
            &[2051, 5, 28, 28],
            &[0; 9],
        );
        let error = load_test(Some(folder.path())).unwrap_err().to_string();
        assert!(
            error.ends_with("t10k-images-idx3-ubyte: truncated: 3936 bytes expected, 25 found")
        );
    }
}
