//! `Pair`: two neighbouring inputs that wait to be added.

/// A pair of inputs.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Pair {
    /// The inputs, one in each half.
    pub inputs: u32,
    /// Its number in a pass.
    pub index: usize,
}
