//! `Scores`: what an integer network says to an image.

use super::sigmoid::sigmoid;
use crate::kernels::rolled::{keep_rolled, opaque};
use crate::network::inference::Output;
use crate::values::image::intensity;
use crate::values::row::Row;

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

    /// How far the highest z is above the second, in units of 2⁻¹⁰; of a single one `i32::MAX`.
    ///
    /// ```
    /// assert_eq!(smidgen_core::Scores { z: [100, -500, 2_000] }.confidence(), 1_900);
    /// ```
    #[must_use]
    pub fn confidence(&self) -> i32 {
        let (mut best, mut second) = (i32::MIN, i32::MIN);
        for &z in opaque(&self.z[..]) {
            keep_rolled();
            if z > best {
                second = best;
                best = z;
            } else if z > second {
                second = z;
            }
        }
        best.saturating_sub(second)
    }

    /// The activations, 0 to 255 for 0 to 1.
    #[must_use]
    #[inline(always)]
    pub fn activations(&self) -> [u8; O] {
        self.z.map(sigmoid)
    }
}

impl<const O: usize> Output<O> for Scores<O> {
    type Confidence = i32;

    fn confidence(&self) -> i32 {
        Self::confidence(self)
    }

    #[inline(always)]
    fn class(&self) -> usize {
        Self::class(self)
    }

    #[inline(always)]
    fn activations(&self) -> Row<O> {
        Row(Self::activations(self).map(intensity))
    }

    #[inline(always)]
    fn bits(&self) -> [u32; O] {
        self.z.map(i32::cast_unsigned)
    }
}
