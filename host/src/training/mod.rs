//! Training: the driver, its settings, the learning rate from epoch to epoch, checkpoints.
//!
//! | step | where |
//! |------|-------|
//! | the examples are put into a random order | [`data::shuffle`](crate::data::shuffle) |
//! | an epoch of mini-batches over the network | [`Trainer`], and below it [`network::epoch`](crate::network::epoch) |
//! | the learning rate of the next epoch, and the end | [`schedule`] |
//! | all that it takes to go on, as a file | [`checkpoint`] |

pub mod checkpoint;
pub mod schedule;
mod settings;
mod trainer;

pub use settings::Settings;
pub use trainer::{Snapshot, Trainer};
