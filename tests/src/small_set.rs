//! A data set in IDX files that trains in no time: few training images, whose digits are easily told apart.

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use smidgen_core::Image;

/// Images for training; a set has 10,000 more for validation.
pub const TRAINING: usize = 200;
/// Images for validation, which the split asks for.
pub const VALIDATION: usize = 10_000;
/// Images for testing.
pub const TEST: usize = 50;

/// The names of the four files.
pub const TRAINING_IMAGES: &str = "train-images-idx3-ubyte";
/// Labels of the training images.
pub const TRAINING_LABELS: &str = "train-labels-idx1-ubyte";
/// Images for testing.
pub const TEST_IMAGES: &str = "t10k-images-idx3-ubyte";
/// Labels of the images for testing.
pub const TEST_LABELS: &str = "t10k-labels-idx1-ubyte";

/// The digit of image `i`.
#[must_use]
pub fn label(i: usize) -> u8 {
    (i % 10) as u8
}

/// A block of ink, 4 × 4, at a place that says the digit; `i` varies its darkness.
#[must_use]
pub fn image(i: usize) -> Image {
    let digit = usize::from(label(i));
    let (top, left) = (4 + 10 * (digit / 5), 2 + 5 * (digit % 5));
    let mut image = [0; 784];
    for row in top..top + 4 {
        for column in left..left + 4 {
            image[28 * row + column] = 255 - (i % 100) as u8;
        }
    }
    image
}

/// A raw IDX file of the first `count` images.
#[must_use]
pub fn images(count: usize) -> Vec<u8> {
    images_of(count, image)
}

fn images_of(count: usize, image: impl Fn(usize) -> Image) -> Vec<u8> {
    let mut file = header(&[0x0803, count as u32, 28, 28]);
    (0..count).for_each(|i| file.extend(image(i)));
    file
}

/// A raw IDX file of the first `count` labels.
#[must_use]
pub fn labels(count: usize) -> Vec<u8> {
    let mut file = header(&[0x0801, count as u32]);
    file.extend((0..count).map(label));
    file
}

/// The numbers at the start of an IDX file.
#[must_use]
pub fn header(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

/// The bytes as a gzip stream.
///
/// # Panics
///
/// Never: a `Vec` takes every byte.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes every byte");
    encoder.finish().expect("a Vec takes every byte")
}

/// Writes a whole set into a folder: gzip images with the names of MNIST, raw labels, one file named with a dot.
///
/// # Panics
///
/// If the folder cannot be written to.
pub fn write(folder: &Path) {
    static PACKED: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    write_files(folder, PACKED.get_or_init(|| packed(image)));
}

/// [`write()`] with other images.
///
/// # Panics
///
/// If the folder cannot be written to.
pub fn write_images(folder: &Path, image: impl Fn(usize) -> Image) {
    write_files(folder, &packed(image));
}

/// The images of both files.
fn packed(image: impl Fn(usize) -> Image) -> [Vec<u8>; 2] {
    [TRAINING + VALIDATION, TEST].map(|count| gzip(&images_of(count, &image)))
}

fn write_files(folder: &Path, [training, test]: &[Vec<u8>; 2]) {
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("the folder can be written to");
    };
    put(&format!("{TRAINING_IMAGES}.gz"), training);
    put(
        &TRAINING_LABELS.replace("-idx", ".idx"),
        &labels(TRAINING + VALIDATION),
    );
    put(&format!("{TEST_IMAGES}.gz"), test);
    put(TEST_LABELS, &labels(TEST));
}
