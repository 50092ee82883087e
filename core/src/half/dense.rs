//! `HalfDense`: one layer of 16-bit weights, and how it is read from a model file.

use bytemuck::Zeroable;

use super::network::HalfNetwork;
use crate::format::bytes::read_2;
use crate::format::element::ELEMENT_F16;
use crate::format::error::ModelError;
use crate::format::stored::Stored;
use crate::kernels::weighted_input_half;
use crate::network::dense::activate;
use crate::network::inference::Inference;
use crate::values::half::{Half, HalfRow};
use crate::values::input::Input;
use crate::values::row::Row;
use crate::values::scaling::{NotANumber, Scaling};

/// A layer of `OUT` sigmoid neurons over `IN` inputs, its weights and biases in 16 bits.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Debug, PartialEq, Eq, Zeroable)]
#[repr(C)]
pub struct HalfDense<const IN: usize, const OUT: usize> {
    /// `w_jk` as `weights[k][j]`: all that leaves input k lies side by side.
    pub weights: [HalfRow<OUT>; IN],
    /// `b_j`.
    pub biases: HalfRow<OUT>,
}

impl<const IN: usize, const OUT: usize> HalfDense<IN, OUT> {
    /// All weights and biases 0.
    pub const ZERO: Self = Self {
        weights: [HalfRow::ZERO; IN],
        biases: HalfRow::ZERO,
    };

    /// Reads the layer from the bytes of a model file, and gives the position after it; as
    /// [`Dense::read`](crate::Dense::read).
    ///
    /// # Errors
    ///
    /// [`ModelError::Truncated`] where `bytes` end, [`ModelError::NotFinite`] at a NaN or an infinity.
    pub const fn read(&mut self, bytes: &[u8], mut position: usize) -> Result<usize, ModelError> {
        let mut j = 0;
        while j < OUT {
            let mut k = 0;
            while k < IN {
                match read_half(bytes, position) {
                    Ok(weight) => self.weights[k].0[j] = weight,
                    Err(error) => return Err(error),
                }
                position += 2;
                k += 1;
            }
            j += 1;
        }
        j = 0;
        while j < OUT {
            match read_half(bytes, position) {
                Ok(bias) => self.biases.0[j] = bias,
                Err(error) => return Err(error),
            }
            position += 2;
            j += 1;
        }
        Ok(position)
    }
}

/// The number at a position of a model file, which must be finite.
const fn read_half(bytes: &[u8], position: usize) -> Result<Half, ModelError> {
    match read_2(bytes, position) {
        Ok(two) => match Half::from_bits(u16::from_le_bytes(two)) {
            Some(half) => Ok(half),
            None => Err(ModelError::NotFinite { position }),
        },
        Err(error) => Err(error),
    }
}

impl<const IN: usize, const OUT: usize> HalfNetwork<IN, OUT> for HalfDense<IN, OUT> {
    type Trace = Row<OUT>;

    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn forward(&self, input: &(impl Input<IN> + ?Sized), activations: &mut Row<OUT>) {
        weighted_input_half(&self.weights, &self.biases, input, activations);
        activate(activations);
    }
}

impl<const I: usize, const O: usize> Inference<I, O> for HalfDense<I, O> {
    type Output = Row<O>;

    #[inline(always)]
    fn infer(&self, image: &[u8; I]) -> Row<O> {
        self.feedforward(image)
    }

    #[inline(always)]
    fn infer_readings(
        &self,
        scaling: &Scaling<I>,
        readings: &[f32; I],
    ) -> Result<Row<O>, NotANumber> {
        Ok(self.feedforward(&scaling.apply(readings)?))
    }
}

impl<const IN: usize, const OUT: usize> Stored for HalfDense<IN, OUT> {
    const ELEMENT: u8 = ELEMENT_F16;
    const INPUTS: usize = IN;
    const LAYERS: usize = 1;
    const BYTES: usize = size_of::<Self>();

    fn for_each_size(mut visit: impl FnMut(usize)) {
        visit(OUT);
    }

    fn for_each_part(&self, mut visit: impl FnMut(&[u8])) {
        let mut put = |half: &Half| visit(&half.to_bits().to_le_bytes());
        for j in 0..OUT {
            self.weights
                .iter()
                .filter_map(|row| row.0.get(j))
                .for_each(&mut put);
        }
        self.biases.0.iter().for_each(put);
    }

    fn for_each_word(&self, mut visit: impl FnMut(u32)) {
        for row in self.weights.iter().chain([&self.biases]) {
            for pair in row.0.chunks(2) {
                let bits = |index| {
                    let half: Option<&Half> = pair.get(index);
                    half.map_or(0, |half| u32::from(half.to_bits()))
                };
                visit(bits(0) | bits(1) << 16);
            }
        }
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<usize, ModelError> {
        self.read(bytes, position)
    }
}
