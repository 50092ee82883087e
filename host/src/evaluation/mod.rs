//! Evaluation: how well a network does on a data set, its mistakes, and one example with every number.

mod accuracy;
pub mod chance;
mod evaluate;
pub mod explain;
mod mistakes;
pub mod rejection;
mod scores;

pub use accuracy::Accuracy;
pub use evaluate::{Evaluation, evaluate};
pub use mistakes::{Mistake, mistakes};
pub use scores::{Score, Scores};
