//! The boundary: below it the sizes of a network are types, above it they are values.
//!
//! The core knows a network of [784, 30, 10] as a type of its own, and its loops are compiled for it. What is built upon
//! that, every verb of the program for one, is compiled once and takes networks of any sizes: it sees an [`AnyNetwork`],
//! or a [`Learner`] if the network is of floats. A call through these costs once for each data set, epoch or request,
//! never for each example.
//!
//! | file | holds |
//! |------|-------|
//! | `any` | what is seen above the boundary |
//! | `float`, `halves`, `integer` | a network of the core behind the boundary |
//! | `list` | the networks that were compiled in, as a value: [`networks!`](crate::networks) |
//! | `epoch`, `descent`, `mini_batch`, `jobs` | the loop over the mini-batches of an epoch |
//! | `sizes` | the sizes themselves |
//! | `sized` | what the kinds of network have in common there |
//! | `wide` | the loops where the time goes, by the widest vector instructions there are |
//! | `layer` | weights and biases as lists, layer by layer |
//! | `model_file` | a model file whose sizes are not known yet |

mod any;
mod descent;
pub mod epoch;
mod error;
mod float;
mod halves;
mod integer;
mod jobs;
pub mod layer;
mod list;
mod mini_batch;
pub mod model_file;
mod sized;
mod sizes;
mod start;
pub mod wide;

pub use any::{Answer, AnyNetwork, Certainty, Example, Learner, Verdict};
pub use epoch::Stop;
pub use error::NetworkError;
pub use float::Float;
pub use halves::Halves;
pub use integer::Integer;
pub use list::{Compiled, Networks};
pub use model_file::ModelFile;
pub use sizes::{join, last, parameters};
pub use start::Start;
