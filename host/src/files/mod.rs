//! Files read whole, up to a bound, and files written whole or not at all.

mod error;
pub mod input;
pub mod output;
pub mod outputs;
mod place;
mod temporary;

pub use error::FileError;
