//! What networks of any sizes cost, measured: the programs of `tests/firmware/cost`, run in QEMU, and the formulas of
//! `smidgen::cost` fitted to that.

pub mod fit;
pub mod measure;
pub mod run;
