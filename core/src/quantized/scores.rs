//! `Scores`: what an integer network says to an image.

use super::sigmoid::sigmoid;
use crate::kernels::{keep_rolled, opaque};

/// The output of an integer network.
///
/// The weighted inputs tell classes apart whose activations are the same byte, and rank as the activations do, for the
/// sigmoid rises.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores<const O: usize> {
    /// z of the output layer, in units of 2⁻¹⁰.
    pub z: [i32; O],
}

impl<const O: usize> Scores<O> {
    /// The class with the highest z, the lower one of equals; what the network says.
    #[must_use]
    #[inline(always)]
    pub fn class(&self) -> usize {
        let mut best = (0, i32::MIN);
        for (class, &z) in opaque(&self.z[..]).iter().enumerate() {
            keep_rolled();
            if z > best.1 {
                best = (class, z);
            }
        }
        best.0
    }

    /// The activations, 0 to 255 for 0 to 1.
    #[must_use]
    #[inline(always)]
    pub fn activations(&self) -> [u8; O] {
        self.z.map(sigmoid)
    }
}
