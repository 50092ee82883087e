//! What a model file holds besides the network, taken out of its bytes: the scaling of the readings, the names of the
//! classes, and when an answer is left open.

use super::description::StoredRejection;
use super::header::Header;
use crate::format::element::{ELEMENT_F32, ELEMENT_I8};
use crate::format::error::ModelError;
use crate::network::rejection::Rejection;
use crate::values::integer_scaling::IntegerScaling;
use crate::values::scaling::Scaling;

/// The scaling in the bytes of a model file, and whether integers alone give the same for every reading of 16 bits.
///
/// # Errors
///
/// Those of [`Header::parse`], [`ModelError::Shape`] for another number of inputs than `I`, and [`ModelError::NoScaling`].
pub const fn scaling<const I: usize>(bytes: &[u8]) -> Result<(Scaling<I>, bool), ModelError> {
    let header = match Header::parse(bytes) {
        Ok(header) => header,
        Err(error) => return Err(error),
    };
    if let Err(error) = header.expect_size(0, I) {
        return Err(error);
    }
    let Some(stored) = header.description().scaling() else {
        return Err(ModelError::NoScaling);
    };
    let (mut low, mut factor) = ([0.0; I], [0.0; I]);
    let mut k = 0;
    while k < I {
        (low[k], factor[k]) = stored.column(k);
        k += 1;
    }
    match Scaling::new(low, factor) {
        Some(scaling) => Ok((scaling, stored.integers)),
        None => Err(ModelError::NoScaling),
    }
}

/// The scaling in the bytes of a model file whose readings are integers of 16 bits, in integers only.
///
/// # Errors
///
/// As [`scaling`], and [`ModelError::NotIntegers`].
pub const fn integer_scaling<const I: usize>(
    bytes: &[u8],
) -> Result<IntegerScaling<I>, ModelError> {
    match scaling(bytes) {
        Ok((scaling, true)) => match IntegerScaling::of(&scaling) {
            Some(integers) => Ok(integers),
            None => Err(ModelError::NotIntegers),
        },
        Ok((_, false)) => Err(ModelError::NotIntegers),
        Err(error) => Err(error),
    }
}

/// When a network of floats leaves an answer open, by the bytes of a model file.
///
/// # Errors
///
/// Those of [`Header::parse`], [`ModelError::Element`] for integers, and [`ModelError::NoRejection`].
pub const fn rejection(bytes: &[u8]) -> Result<Rejection<f32>, ModelError> {
    match stored_rejection(bytes, false) {
        Ok(stored) => Ok(Rejection {
            confidence: f32::from_bits(stored.confidence),
            least: stored.least,
            greatest: stored.greatest,
        }),
        Err(error) => Err(error),
    }
}

/// When a network of integers leaves an answer open, by the bytes of a model file.
///
/// # Errors
///
/// As [`rejection`], with [`ModelError::Element`] for floats.
pub const fn integer_rejection(bytes: &[u8]) -> Result<Rejection<i32>, ModelError> {
    match stored_rejection(bytes, true) {
        Ok(stored) => Ok(Rejection {
            confidence: stored.confidence.cast_signed(),
            least: stored.least,
            greatest: stored.greatest,
        }),
        Err(error) => Err(error),
    }
}

const fn stored_rejection(bytes: &[u8], integers: bool) -> Result<StoredRejection, ModelError> {
    let header = match Header::parse(bytes) {
        Ok(header) => header,
        Err(error) => return Err(error),
    };
    if (header.element() == ELEMENT_I8) != integers {
        return Err(ModelError::Element {
            expected: if integers { ELEMENT_I8 } else { ELEMENT_F32 },
            found: header.element(),
        });
    }
    match header.description().rejection() {
        Some(stored) => Ok(stored),
        None => Err(ModelError::NoRejection),
    }
}

/// The names of the classes in the bytes of a model file.
///
/// # Errors
///
/// Those of [`Header::parse`], [`ModelError::Shape`] for another number of classes than `O`, and [`ModelError::NoClasses`].
pub const fn class_names<const O: usize>(bytes: &[u8]) -> Result<[&str; O], ModelError> {
    let header = match Header::parse(bytes) {
        Ok(header) => header,
        Err(error) => return Err(error),
    };
    if let Err(error) = header.expect_size(header.depth() - 1, O) {
        return Err(error);
    }
    let description = header.description();
    let mut names = [""; O];
    let mut i = 0;
    while i < O {
        match description.class(i) {
            Some(name) => names[i] = name,
            None => return Err(ModelError::NoClasses),
        }
        i += 1;
    }
    Ok(names)
}
