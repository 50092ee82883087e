//! Whether a network and the data that it is to meet have the same numbers of inputs and of classes.

use smidgen_core::image::PIXELS;

use super::error::Error;
use crate::data::Dataset;

/// Checks a network of some sizes against a data set.
///
/// # Errors
///
/// [`Error::Unfit`].
pub fn expect_fit(sizes: &[usize], data: &Dataset) -> Result<(), Error> {
    expect_ends(sizes, data.inputs(), data.classes())
}

/// Checks a network of some sizes against pictures of 28 × 28 pixels.
///
/// # Errors
///
/// [`Error::Unfit`].
pub fn expect_pictures(sizes: &[usize]) -> Result<(), Error> {
    expect_ends(sizes, PIXELS, sizes.last().copied().unwrap_or(0))
}

fn expect_ends(sizes: &[usize], inputs: usize, classes: usize) -> Result<(), Error> {
    if (sizes.first(), sizes.last()) == (Some(&inputs), Some(&classes)) {
        return Ok(());
    }
    Err(Error::Unfit {
        sizes: sizes.to_vec(),
        inputs,
        classes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_inputs_and_other_classes_are_named() {
        let data = Dataset::new(784, 10);
        assert!(expect_fit(&[784, 30, 10], &data).is_ok());
        for sizes in [[24, 12, 10], [784, 12, 4], [24, 12, 4]] {
            let error = expect_fit(&sizes, &data).unwrap_err().to_string();
            assert!(error.contains("784 inputs and 10 classes"), "{error}");
        }
        assert!(expect_pictures(&[784, 12, 4]).is_ok());
        assert!(expect_pictures(&[24, 12, 4]).is_err());
    }
}
