//! A float network made smaller: into integers of 8 bits, or floats of 16.

mod error;
mod halves;
mod integers;

pub use error::QuantizeError;
pub use halves::to_halves;
pub use integers::Original;
