//! What a network of any sizes will cost on a microcontroller, before it is there: formulas whose coefficients were fitted to
//! runs in QEMU. `tests/fixtures/cost.tsv` has the runs, and `tests/tests/cost.rs` holds the formulas to within 5 % of those
//! that the fit has not seen.

mod estimate;
mod formula;
mod inputs;
pub mod memory;
mod path;
pub mod processor;
mod quantity;
mod terms;

pub use estimate::{Bytes, Estimate};
pub use formula::{Formula, Formulas};
pub use inputs::{Inputs, MINI_BATCH};
pub use path::Path;
pub use quantity::Quantity;
pub use terms::{Term, terms};
