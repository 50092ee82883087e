//! What the tests of the whole share: the oracle, the tolerances, seeded inputs, small data sets, the binary.
//!
//! Nothing here is part of smidgen; no other package may use it.

pub mod binary;
pub mod browser;
pub mod cost;
pub mod disk;
pub mod firmware;
pub mod folder;
#[path = "../fuzz/src/lib.rs"]
pub mod fuzz;
pub mod http;
pub mod layers;
pub mod mnist;
pub mod page;
pub mod page_bits;
pub mod portable;
pub mod project;
pub mod python;
pub mod random;
pub mod readme;
pub mod reference;

pub mod small_set;
pub mod tolerance;
