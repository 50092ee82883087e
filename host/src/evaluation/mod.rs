//! Evaluation: how well a network does on a data set, its mistakes, and one example with every number.

mod accuracy;
mod evaluate;
pub mod explain;
mod mistakes;

pub use accuracy::Accuracy;
pub use evaluate::{Evaluation, evaluate};
pub use mistakes::{Mistake, mistakes};
