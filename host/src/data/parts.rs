//! `Parts`: the three data sets that a training needs, from files in the form of MNIST's or from inside the program.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::thread;

use smidgen_core::Image;
use smidgen_core::image::PIXELS;

use super::dataset::Dataset;
use super::error::DataError;
use super::folder::{DataFile, Pair};
use super::idx::{CLASSES, IdxError, Images, read_labels};
use super::mnist::Set;
use super::scan::Scanner;

/// Images at the end of the training file that are for validation, as in Nielsen's `mnist_loader.py`.
pub const VALIDATION: usize = 10_000;

/// The images and labels of MNIST's size and split, or of another set that has its form.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// All images of the training file but the last 10,000.
    pub training: Dataset,
    /// The last 10,000 images of the training file.
    pub validation: Dataset,
    /// All images of the test file.
    pub test: Dataset,
}

impl Parts {
    /// The MNIST that is inside the program.
    ///
    /// # Errors
    ///
    /// None, as long as the program's own data are whole.
    pub fn embedded() -> Result<Self, DataError> {
        Self::load(None)
    }

    /// A set in a folder, by the names of MNIST's files, raw or gzip.
    ///
    /// # Errors
    ///
    /// [`DataError`] if a file is missing, is not as it should be, or has 10,000 training images or fewer.
    pub fn from_dir(directory: &Path) -> Result<Self, DataError> {
        Self::load(Some(directory))
    }

    /// The set in a folder, or the program's own; reads training and test images at the same time.
    ///
    /// # Errors
    ///
    /// As [`Parts::from_dir`].
    pub fn load(directory: Option<&Path>) -> Result<Self, DataError> {
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
/// [`DataError`] if a file is missing or not as it should be.
pub fn load_test(directory: Option<&Path>) -> Result<Dataset, DataError> {
    let (_, test) = match directory {
        Some(directory) => read_pair(&Pair::test(directory)?, |_| Ok(0))?,
        None => read_own(Set::Test, 0)?,
    };
    Ok(test)
}

/// The training images, in two parts: for training and for validation.
fn load_training(directory: Option<&Path>) -> Result<(Dataset, Dataset), DataError> {
    let Some(directory) = directory else {
        return read_own(Set::Training, Set::Training.count() - VALIDATION);
    };
    let pair = Pair::training(directory)?;
    read_pair(&pair, |found| match found.checked_sub(VALIDATION) {
        None | Some(0) => Err(DataError::TooFewImages {
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
    first_part: impl FnOnce(usize) -> Result<usize, DataError>,
) -> Result<(Dataset, Dataset), DataError> {
    let labels = read(&pair.labels, read_labels)?;
    let images = read(&pair.images, Images::open)?;
    expect_equal_counts(pair, images.count(), labels.len())?;
    let mut halves = Halves::new(first_part(images.count())?, &labels);
    images
        .for_each(|i, image| halves.push(i, image))
        .map_err(|source| DataError::idx(pair.images.path(), source))?;
    Ok((halves.first, halves.second))
}

/// Reads a set that is inside the program and splits it after `split` images.
fn read_own(set: Set, split: usize) -> Result<(Dataset, Dataset), DataError> {
    let own = |source| DataError::read("embedded", source);
    let mut halves = Halves::new(split, &set.labels().map_err(own)?);
    set.for_each_image(|i, image| halves.push(i, image))
        .map_err(own)?;
    Ok((halves.first, halves.second))
}

/// A set that is read in two: the first `split` images, then the rest.
struct Halves {
    split: usize,
    first: Dataset,
    second: Dataset,
    scanner: Scanner,
}

impl Halves {
    fn new(split: usize, labels: &[u8]) -> Self {
        let (first, second) = labels.split_at_checked(split).unwrap_or((labels, &[]));
        let half = |labels: &[u8]| {
            let mut half = Dataset::new(PIXELS, CLASSES);
            half.set_labels(labels);
            half
        };
        Self {
            split,
            first: half(first),
            second: half(second),
            scanner: Scanner::new(),
        }
    }

    fn push(&mut self, i: usize, image: &Image) {
        let half = if i < self.split {
            &mut self.first
        } else {
            &mut self.second
        };
        half.push(self.scanner.scan(image));
    }
}

fn read<T>(
    file: &DataFile,
    read: impl FnOnce(BufReader<File>) -> Result<T, IdxError>,
) -> Result<T, DataError> {
    read(file.open()?).map_err(|source| DataError::idx(file.path(), source))
}

fn expect_equal_counts(pair: &Pair, images: usize, labels: usize) -> Result<(), DataError> {
    if images == labels {
        return Ok(());
    }
    Err(DataError::Counts {
        images_path: pair.images.path().into(),
        images,
        labels_path: pair.labels.path().into(),
        labels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::{ActivePixel, active_pixels};

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
    fn the_last_ten_thousand_are_for_validation() {
        let set = Parts::from_dir(folder(10_003, 2).path()).unwrap();
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
        let error = Parts::from_dir(folder(10_000, 1).path()).unwrap_err();
        assert!(matches!(
            error,
            DataError::TooFewImages { found: 10_000, .. }
        ));
    }

    #[test]
    fn counts_that_differ_are_an_error() {
        let folder = folder(0, 5);
        write(folder.path(), "t10k-labels-idx1-ubyte", &[2049, 4], &[0; 4]);
        let error = load_test(Some(folder.path())).unwrap_err();
        assert!(matches!(
            error,
            DataError::Counts {
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
