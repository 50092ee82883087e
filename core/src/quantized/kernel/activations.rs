//! The sigmoids of a layer, for every processor; the oracle of those that are made for one.

use crate::kernels::rolled::{keep_rolled, opaque};
use crate::quantized::sigmoid::sigmoid;

/// Where the activations of a layer are put, in eights.
pub type Room<const EIGHTS: usize> = heapless::Vec<[u8; 8], EIGHTS>;

/// No activations yet.
pub const fn room<const EIGHTS: usize>() -> Room<EIGHTS> {
    Room::new()
}

/// The activations of a layer, with zeros after the last; none where there is no room for them.
///
/// | argument | shape      | meaning                                     |
/// |----------|------------|---------------------------------------------|
/// | `z`      |            | weighted inputs, in units of 2⁻¹⁰           |
/// | `room`   | `[EIGHTS]` | fresh; where they are put                   |
#[inline(always)]
pub fn activations<'a, const EIGHTS: usize>(
    z: &[i32],
    room: &'a mut Room<EIGHTS>,
) -> &'a [[u8; 8]] {
    activate(opaque(z), room);
    room
}

#[cfg_attr(target_os = "none", inline(never))]
fn activate(z: &[i32], activations: &mut heapless::VecView<[u8; 8]>) {
    for _ in 0..z.len().div_ceil(8) {
        keep_rolled();
        let _ = activations.push([0; 8]);
    }
    for (activation, &z) in activations.as_flattened_mut().iter_mut().zip(z) {
        keep_rolled();
        *activation = sigmoid(z);
    }
}
