//! `Row`: a fixed number of floats that starts on a cache line where there are cache lines.

use bytemuck::Zeroable;

/// `N` values that belong together: the weights that leave one input, the biases or the activations of one layer.
///
/// On a 64-bit host a row starts on a 64-byte cache line, so that no row straddles one line more than it must; on a
/// microcontroller it is `N` floats and nothing else.
#[cfg_attr(target_pointer_width = "64", repr(C, align(64)))]
#[cfg_attr(not(target_pointer_width = "64"), repr(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Zeroable)]
pub struct Row<const N: usize>(pub [f32; N]);

impl<const N: usize> Row<N> {
    /// All `N` values +0.
    pub const ZERO: Self = Self([0.0; N]);
}

impl<const N: usize> Default for Row<N> {
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize> core::ops::Deref for Row<N> {
    type Target = [f32; N];

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn deref(&self) -> &[f32; N] {
        &self.0
    }
}

impl<const N: usize> core::ops::DerefMut for Row<N> {
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn deref_mut(&mut self) -> &mut [f32; N] {
        &mut self.0
    }
}
