//! Tables of readings: from a CSV file to rows for training, validation and test, and the scaling that fits them.
//!
//! | step | where |
//! |------|-------|
//! | lines of CSV become rows, classes and the names of columns | [`csv`] |
//! | columns are told apart: readings and class | [`layout`] |
//! | rows are shared out to the parts | [`split`] |
//! | the scaling is fitted to the training part | [`fit`] |

pub mod csv;
mod error;
pub mod fit;
pub mod layout;
mod number;
mod parts;
mod rows;
pub mod split;

pub use csv::{Expected, Table};
pub use error::TableError;
pub use fit::{Fitted, Method};
pub use layout::ClassColumn;
pub use parts::{TableParts, distribute};
pub use rows::Rows;
pub use split::Split;
