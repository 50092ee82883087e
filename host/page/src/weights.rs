//! The weights of an integer model as numbers of the book: what an input of 1 adds to z.
//!
//! `z = (Σ_k weight_k · byte_k + bias) · multiplier / 2^shift` in units of 2⁻¹⁰, and a byte of 255 is an input of 1.

use smidgen_core::quantized::Z_BITS;

/// One layer of an integer model, in the bytes of its file.
pub struct Layer<'a> {
    bytes: &'a [u8],
    inputs: usize,
    neurons: usize,
}

impl<'a> Layer<'a> {
    /// Layer `layer` of a model of some sizes with these numbers; `None` if there is none.
    #[must_use]
    pub fn find(numbers: &'a [u8], sizes: &[usize], layer: usize) -> Option<Self> {
        const I8: u8 = smidgen_core::model::ELEMENT_I8;
        let before = super::pad::length(I8, sizes.get(..=layer)?);
        let (inputs, neurons) = (*sizes.get(layer)?, *sizes.get(layer + 1)?);
        let bytes = numbers.get(before..)?;
        Some(Self {
            bytes,
            inputs,
            neurons,
        })
    }

    fn four(&self, j: usize, table: usize) -> [u8; 4] {
        let start = self.neurons * self.inputs + 4 * (table * self.neurons + j);
        let bytes = self.bytes.get(start..);
        bytes
            .and_then(|bytes| bytes.first_chunk())
            .copied()
            .unwrap_or_default()
    }

    /// z of a sum of 1 in neuron `j`.
    fn unit(&self, j: usize) -> f32 {
        let [m0, m1, s0, s1] = self.four(j, 0);
        let (multiplier, shift) = (u16::from_le_bytes([m0, m1]), u16::from_le_bytes([s0, s1]));
        let power = (u32::from(shift) + Z_BITS).min(126);
        f32::from(multiplier) * f32::from_bits((127 - power) << 23)
    }

    /// `w_jk`.
    #[must_use]
    pub fn weight(&self, j: usize, k: usize) -> f32 {
        let byte = self.bytes.get(j * self.inputs + k).copied().unwrap_or(0);
        255.0 * f32::from(byte.cast_signed()) * self.unit(j)
    }

    /// `b_j`.
    #[must_use]
    pub fn bias(&self, j: usize) -> f32 {
        i32::from_le_bytes(self.four(j, 1)) as f32 * self.unit(j)
    }
}
