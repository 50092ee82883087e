//! The first training images of MNIST, from the data inside the host's library; read once for a test program.

use std::sync::OnceLock;

use smidgen::data::Parts;
use smidgen_core::Image;

/// The whole of MNIST.
///
/// # Panics
///
/// If the program's own data are broken.
pub fn mnist() -> &'static Parts {
    static MNIST: OnceLock<Parts> = OnceLock::new();
    MNIST.get_or_init(|| Parts::embedded().expect("the embedded data are whole"))
}

/// The first `count` training images.
#[must_use]
pub fn first_images(count: usize) -> Vec<Image> {
    (0..count).map(|i| mnist().training.bytes(i)).collect()
}

/// The first `count` training labels.
#[must_use]
pub fn first_labels(count: usize) -> Vec<usize> {
    (0..count).map(|i| mnist().training.label(i)).collect()
}
