//! `Start`: where the weights of a network begin.

/// How weights start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Start {
    /// N(0, 1), as in chapter 1 of the book.
    #[default]
    Unit,
    /// N(0, 1/IN), as in chapter 3.
    Scaled,
}
