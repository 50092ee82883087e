//! `Parts`: the three data sets that a training needs, from files in the form of MNIST's or from inside the program.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::thread;

use smidgen_core::image::PIXELS;

use super::about::About;
use super::dataset::Dataset;
use super::error::DataError;
use super::folder::{DataFile, Files, Pair};
use super::idx::{IdxError, Images, read_labels};
use super::known;
use super::mnist::Set;
use super::scan::Scanner;

/// Images at the end of the training file that are for validation, as in Nielsen's `mnist_loader.py`; of a smaller file a
/// sixth.
pub const VALIDATION: usize = 10_000;
/// Classes of MNIST.
const CLASSES: usize = 10;

/// The examples of a data set in three parts.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// All images of the training file but those for validation.
    pub training: Dataset,
    /// The last images of the training file: 10,000, or a sixth where there are no more than these.
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
    /// [`DataError`] if a file is missing, is not as it should be, or has no images.
    pub fn from_dir(directory: &Path) -> Result<Self, DataError> {
        Self::load(Some(directory))
    }

    /// The set in a folder, or the program's own; reads training and test images at the same time.
    ///
    /// # Errors
    ///
    /// As [`Parts::from_dir`].
    pub fn load(directory: Option<&Path>) -> Result<Self, DataError> {
        if let Some(directory) = directory {
            return Ok(read_set(directory)?.0);
        }
        thread::scope(|scope| {
            let test = scope.spawn(|| load_test(None));
            let (training, validation) =
                read_own(Set::Training, Set::Training.count() - VALIDATION)?;
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

    /// The set in a folder, what is known of it, and what a user should know, a line each.
    ///
    /// # Errors
    ///
    /// As [`Parts::from_dir`].
    pub fn with_about(directory: &Path) -> Result<(Self, About, Vec<String>), DataError> {
        read_set(directory)
    }

    /// All parts with labels that may be below `classes`; see [`Dataset::widen`].
    pub fn widen(&mut self, classes: usize) {
        for data in [&mut self.training, &mut self.validation, &mut self.test] {
            data.widen(classes);
        }
    }
}

/// The test images alone, of the set in a folder or the program's own.
///
/// # Errors
///
/// [`DataError`] if a file is missing or not as it should be.
pub fn load_test(directory: Option<&Path>) -> Result<Dataset, DataError> {
    let Some(directory) = directory else {
        return Ok(read_own(Set::Test, 0)?.1);
    };
    let (prefix, pair) = Files::find_test(directory)?;
    let (_, mut test) = read_pair(&pair, known::is_transposed(&prefix), |_| 0)?.halves;
    if test.is_empty() {
        return Err(DataError::EmptyPart {
            path: pair.images.path().into(),
            part: "test",
        });
    }
    // Where classes have no names, a set has at least those of its labels.
    test.widen(known::class_names(directory, &prefix).len());
    Ok(test)
}

/// Images for validation among `count` of a training file: the last 10,000, as in the book, or a sixth where there are no
/// more than these.
fn validation(count: usize) -> usize {
    if count > VALIDATION {
        VALIDATION
    } else {
        (count / 6).max(usize::from(count > 1))
    }
}

/// Reads a set in a folder.
fn read_set(directory: &Path) -> Result<(Parts, About, Vec<String>), DataError> {
    let files = Files::find(directory)?;
    let transposed = known::is_transposed(&files.prefix);
    let (training, test) = thread::scope(|scope| {
        let test = scope.spawn(|| read_pair(&files.test, transposed, |_| 0));
        let training = read_pair(&files.training, transposed, |count| {
            count - validation(count)
        });
        let test = test.join();
        (
            training,
            test.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    let (training, test) = (training?, test?);
    let (expected, found) = (training.halves.0.inputs(), test.halves.1.inputs());
    if expected != found {
        return Err(DataError::OtherShape {
            path: files.test.images.path().into(),
            expected,
            found,
        });
    }
    let mut parts = Parts {
        training: training.halves.0,
        validation: training.halves.1,
        test: test.halves.1,
    };
    for (part, data, pair) in [
        ("training", &parts.training, &files.training),
        ("test", &parts.test, &files.test),
    ] {
        if data.is_empty() {
            let path = pair.images.path().into();
            return Err(DataError::EmptyPart { path, part });
        }
    }
    let names = known::class_names(&files.folder, &files.prefix);
    let classes = parts.training.classes().max(parts.test.classes());
    let names = if names.len() < classes {
        Vec::new()
    } else {
        names
    };
    parts.widen(classes.max(names.len()));
    let mut warnings = Vec::new();
    if transposed {
        warnings.push(format!(
            "{}: its images lie on their side, as EMNIST's do, and are turned upright",
            files.prefix
        ));
    }
    let about = About {
        classes: names,
        shape: training.shape,
        ..About::default()
    };
    Ok((parts, about, warnings))
}

/// A file of images that was read.
struct Read {
    /// The first images, and the rest.
    halves: (Dataset, Dataset),
    /// Of an image.
    shape: Vec<u16>,
}

/// Reads images and labels and splits them: `first_part` images, by their number, then the rest.
fn read_pair(
    pair: &Pair,
    transposed: bool,
    first_part: impl FnOnce(usize) -> usize,
) -> Result<Read, DataError> {
    let labels = read(&pair.labels, read_labels)?;
    let images = read(&pair.images, Images::open)?;
    expect_equal_counts(pair, images.count(), labels.len())?;
    let classes = labels.iter().max().map_or(0, |&most| usize::from(most) + 1);
    let (inputs, shape) = (images.inputs(), images.shape().to_vec());
    let turn = Some(usize::from(shape.first().copied().unwrap_or(0)))
        .filter(|&rows| transposed && rows * rows == inputs);
    let mut halves = Halves::new(inputs, classes, first_part(images.count()), &labels);
    let mut turned = vec![0; inputs];
    images
        .for_each(|i, image| match turn {
            None => halves.push(i, image),
            Some(side) => {
                transpose(image, side, &mut turned);
                halves.push(i, &turned);
            }
        })
        .map_err(|source| DataError::idx(pair.images.path(), source))?;
    Ok(Read {
        halves: (halves.first, halves.second),
        shape,
    })
}

/// Rows for columns.
fn transpose(image: &[u8], side: usize, turned: &mut [u8]) {
    for (i, to) in turned.iter_mut().enumerate() {
        let from = i % side * side + i / side;
        *to = image.get(from).copied().unwrap_or_default();
    }
}

/// Reads a set that is inside the program and splits it after `split` images.
fn read_own(set: Set, split: usize) -> Result<(Dataset, Dataset), DataError> {
    let own = |source| DataError::read("embedded", source);
    let mut halves = Halves::new(PIXELS, CLASSES, split, &set.labels().map_err(own)?);
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
    fn new(inputs: usize, classes: usize, split: usize, labels: &[u8]) -> Self {
        let (first, second) = labels.split_at_checked(split).unwrap_or((labels, &[]));
        let half = |labels: &[u8]| {
            let mut half = Dataset::new(inputs, classes);
            half.set_labels(labels);
            half
        };
        Self {
            split,
            first: half(first),
            second: half(second),
            scanner: Scanner::new(inputs),
        }
    }

    fn push(&mut self, i: usize, image: &[u8]) {
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
        let set = Parts::from_dir(folder(60_003, 2).path()).unwrap();
        assert_eq!(
            (set.training.len(), set.validation.len(), set.test.len()),
            (50_003, 10_000, 2)
        );
        assert_eq!((set.training.label(2), set.validation.label(0)), (2, 3));
        let index = 50_003 % 784;
        let value = 1 + (50_003 % 255) as u8;
        assert_eq!(set.validation.pixels(0), [ActivePixel { index, value }]);
    }

    #[test]
    fn of_a_small_file_a_sixth_is_for_validation() {
        let set = Parts::from_dir(folder(1_000, 2).path()).unwrap();
        assert_eq!((set.training.len(), set.validation.len()), (834, 166));
        let set = Parts::from_dir(folder(2, 2).path()).unwrap();
        assert_eq!((set.training.len(), set.validation.len()), (1, 1));
    }

    #[test]
    fn parts_without_images_are_an_error() {
        for (training, test, name) in [(0, 5, "training"), (1_000, 0, "test")] {
            let error = Parts::from_dir(folder(training, test).path()).unwrap_err();
            assert!(matches!(error, DataError::EmptyPart { part, .. } if part == name));
        }
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
