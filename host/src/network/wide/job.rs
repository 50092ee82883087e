//! `Job`: work that is compiled for vectors of several widths.

use super::lanes::Lanes;

/// A piece of work worth compiling for wide vectors. `run` must be `#[inline(always)]`, and so must what it calls.
pub trait Job {
    /// What the work results in.
    type Output;

    /// Does the work, with vectors of a width.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}
