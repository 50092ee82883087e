//! Files read whole, up to a bound, and files written whole or not at all.

mod error;
pub mod input;
pub mod output;

pub use error::FileError;
