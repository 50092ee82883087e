//! Whether a network and the data that it is to meet have the same numbers of inputs and of classes.

use super::error::Error;
use crate::data::{About, Dataset};
use crate::network::Networks;

/// Checks a network of some sizes against a data set. Where classes have no names, the network may have more of them than
/// there are labels.
///
/// # Errors
///
/// [`Error::Unfit`].
pub fn expect_fit(sizes: &[usize], data: &Dataset, about: &About) -> Result<(), Error> {
    let (inputs, classes) = (data.inputs(), data.classes());
    if sizes.first() == Some(&inputs) && fits(sizes, classes, about) {
        return Ok(());
    }
    Err(Error::Unfit {
        sizes: sizes.to_vec(),
        inputs,
        classes,
    })
}

fn fits(sizes: &[usize], classes: usize, about: &About) -> bool {
    let last = sizes.last().copied().unwrap_or(0);
    last == classes || about.classes.is_empty() && last > classes
}

/// Height and width of a network's inputs, if they are pictures.
///
/// # Errors
///
/// [`Error::NoPictures`] if they are not.
pub fn expect_pictures(sizes: &[usize], about: &About) -> Result<(usize, usize), Error> {
    let inputs = sizes.first().copied().unwrap_or(0);
    about.picture(inputs).ok_or_else(|| Error::NoPictures {
        sizes: sizes.to_vec(),
    })
}

/// The sizes to train data with where none are given: the usual ones if they fit, or else the first there are that do.
///
/// # Errors
///
/// [`Error::NothingFits`].
pub fn choose(
    usual: &[usize],
    networks: &Networks,
    data: &Dataset,
    about: &About,
) -> Result<Vec<usize>, Error> {
    let exact = |sizes: &&[usize]| {
        sizes.first() == Some(&data.inputs()) && sizes.last() == Some(&data.classes())
    };
    let larger = |sizes: &&[usize]| expect_fit(sizes, data, about).is_ok();
    if larger(&usual) {
        return Ok(usual.to_vec());
    }
    let found = networks.sizes().find(exact);
    match found.or_else(|| networks.sizes().find(larger)) {
        Some(sizes) => Ok(sizes.to_vec()),
        None => Err(Error::NothingFits {
            inputs: data.inputs(),
            classes: data.classes(),
            compiled: networks.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_inputs_and_too_few_classes_are_named() {
        let (data, about) = (Dataset::new(784, 10), About::default());
        assert!(expect_fit(&[784, 30, 10], &data, &about).is_ok());
        assert!(expect_fit(&[784, 30, 12], &data, &about).is_ok());
        for sizes in [[24, 12, 10], [784, 12, 4], [24, 12, 4]] {
            let error = expect_fit(&sizes, &data, &about).unwrap_err().to_string();
            assert!(error.contains("784 inputs and 10 classes"), "{error}");
        }
        assert!(expect_pictures(&[784, 12, 4], &about).is_ok());
        assert!(expect_pictures(&[24, 12, 4], &about).is_err());
    }

    #[test]
    fn named_classes_are_as_many_as_outputs() {
        let about = About {
            classes: vec!["a".into(), "b".into()],
            ..About::default()
        };
        let data = Dataset::new(3, 2);
        assert!(expect_fit(&[3, 5, 2], &data, &about).is_ok());
        assert!(expect_fit(&[3, 5, 4], &data, &about).is_err());
    }

    #[test]
    fn of_the_networks_there_are_the_first_that_fits_is_taken() {
        let networks = crate::networks![[3, 4, 3], [3, 5, 2], [3, 6, 2]];
        let about = About::default();
        let chosen = |usual: &[usize], inputs| {
            choose(usual, &networks, &Dataset::new(inputs, 2), &about).ok()
        };
        assert_eq!(chosen(&[784, 30, 10], 3), Some(vec![3, 5, 2]));
        assert_eq!(chosen(&[3, 4, 3], 3), Some(vec![3, 4, 3]));
        assert_eq!(chosen(&[784, 30, 10], 4), None);
    }
}
