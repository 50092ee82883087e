//! What a model file holds besides the network, taken out of its bytes: the scaling of the readings and the names of the
//! classes.

use super::header::Header;
use crate::format::error::ModelError;
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
