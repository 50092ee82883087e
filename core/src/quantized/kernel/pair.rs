//! `Pair`: two neighbouring inputs that wait to be added.

use crate::quantized::layout::Words;

/// A pair of inputs.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Pair {
    /// The two inputs, each below 256.
    pub inputs: [u32; 2],
    /// Where its words are in a pass, in bytes: so the loops that are made for a processor need not multiply.
    pub offset: usize,
}

impl Pair {
    /// What stands behind the last pair of a list: beyond all weights, so it adds nothing.
    pub const END: Self = Self {
        inputs: [0; 2],
        offset: usize::MAX,
    };

    /// The inputs of the pair that has the number `index` in a pass.
    #[inline(always)]
    pub const fn new(inputs: [u32; 2], index: usize) -> Self {
        Self {
            inputs,
            offset: index * size_of::<Words>(),
        }
    }
}
