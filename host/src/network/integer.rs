//! `Integer`: a network of integers, whose sizes are types, behind the boundary.

use smidgen_core::model::Header;
use smidgen_core::quantized::{SkipZeros, sigmoid};
use smidgen_core::{Cost, Model, ModelError, Output, QuantizedNetwork, Scores};

use super::any::{Answer, AnyNetwork, Certainty, Learner, Verdict};
use super::sized::{answer, certainty, encode, flash_image, sized_bytes, sizes, verdict};
use crate::data::{About, Dataset, Input, MOST_CLASSES, MOST_INPUTS};

/// The byte that stands for an activation of 1.
const ONE: f64 = 255.0;

/// An integer network of `I` inputs and `O` outputs on the heap.
#[derive(Clone, Debug, PartialEq)]
pub struct Integer<N, const I: usize, const O: usize> {
    network: Box<N>,
}

impl<N: QuantizedNetwork<I, O>, const I: usize, const O: usize> Integer<N, I, O> {
    /// All weights, scales and biases 0.
    #[must_use]
    pub fn zero() -> Self {
        const {
            assert!(
                I <= MOST_INPUTS && O <= MOST_CLASSES,
                "no data set is as large"
            );
        };
        Self {
            network: bytemuck::zeroed_box(),
        }
    }

    /// The output for an image; one piece of code for all that ask for one.
    #[inline(never)]
    fn scores(&self, image: &[u8; I]) -> Scores<O> {
        self.network.feedforward(image)
    }
}

impl<N, const I: usize, const O: usize> core::ops::Deref for Integer<N, I, O> {
    type Target = N;

    fn deref(&self) -> &N {
        &self.network
    }
}

impl<N: QuantizedNetwork<I, O> + Send + Sync, const I: usize, const O: usize> AnyNetwork
    for Integer<N, I, O>
{
    fn sizes(&self) -> Vec<usize> {
        sizes::<N>()
    }

    fn element(&self) -> u8 {
        N::ELEMENT
    }

    fn flash(&self) -> usize {
        Model::<N>::BYTES
    }

    fn infer(&self, input: Input<'_>) -> Answer {
        answer(&self.scores(&sized_bytes(input)))
    }

    fn verdicts(&self, cost: Cost, data: &Dataset) -> Vec<Verdict> {
        let images = 0..data.len();
        images
            .map(|i| {
                let scores = self.scores(&data.bytes(i));
                verdict(
                    scores.class(),
                    &Output::activations(&scores),
                    cost,
                    data.label(i),
                )
            })
            .collect()
    }

    fn certainties(&self, data: &Dataset) -> Vec<Certainty> {
        let images = 0..data.len();
        images
            .map(|i| certainty(&self.scores(&data.bytes(i))))
            .collect()
    }

    fn sum_activations(&self, data: &Dataset) -> Vec<f64> {
        let mut sums = vec![0.0; sizes::<N>().iter().skip(1).sum()];
        for i in 0..data.len() {
            let mut places = sums.iter_mut();
            self.network.run(SkipZeros, &data.bytes(i), |z| {
                if let Some(sum) = places.next() {
                    *sum += f64::from(sigmoid(z)) / ONE;
                }
            });
        }
        sums
    }

    fn encode_about(&self, note: &str, about: &About) -> Vec<u8> {
        encode(&*self.network, note, about)
    }

    fn flash_image(&self, header: &Header<'_>, sequence: u32) -> Vec<u8> {
        flash_image(&*self.network, header, sequence)
    }

    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<(), ModelError> {
        self.network.read_parameters(bytes, position).map(|_| ())
    }

    fn learner(&self) -> Option<&dyn Learner> {
        None
    }
}
