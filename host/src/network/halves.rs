//! `Halves`: a network of 16-bit weights, whose sizes are types, behind the boundary.

use smidgen_core::model::Header;
use smidgen_core::{Cost, HalfNetwork, Model, ModelError, Output, Trace};

use super::any::{Answer, AnyNetwork, Certainty, Learner, Verdict};
use super::sized::{add_activations, answer, certainty, encode, flash_image, sizes, verdict};
use crate::data::{About, Dataset, Input, MOST_CLASSES, MOST_INPUTS};

/// A network of `I` inputs and `O` outputs on the heap, its weights in 16 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Halves<N, const I: usize, const O: usize> {
    network: Box<N>,
}

impl<N: HalfNetwork<I, O>, const I: usize, const O: usize> Halves<N, I, O> {
    /// All weights and biases 0.
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

    /// The activations of every layer for an example; one piece of code for all that ask for them.
    #[inline(never)]
    fn forward(&self, data: &Dataset, i: usize, trace: &mut N::Trace) {
        if data.is_table() {
            self.network.forward(data.readings(i), trace);
        } else {
            self.network.forward(data.pixels(i), trace);
        }
    }
}

impl<N: HalfNetwork<I, O> + Send + Sync, const I: usize, const O: usize> AnyNetwork
    for Halves<N, I, O>
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
        let mut trace = N::Trace::ZERO;
        self.forward(&Dataset::of(input, 0), 0, &mut trace);
        answer(trace.output())
    }

    fn verdicts(&self, cost: Cost, data: &Dataset) -> Vec<Verdict> {
        let mut trace = N::Trace::ZERO;
        let examples = 0..data.len();
        examples
            .map(|i| {
                self.forward(data, i, &mut trace);
                let output = trace.output();
                verdict(output.class(), output, cost, data.label(i))
            })
            .collect()
    }

    fn certainties(&self, data: &Dataset) -> Vec<Certainty> {
        let mut trace = N::Trace::ZERO;
        let examples = 0..data.len();
        examples
            .map(|i| {
                self.forward(data, i, &mut trace);
                certainty(trace.output())
            })
            .collect()
    }

    fn sum_activations(&self, data: &Dataset) -> Vec<f64> {
        let mut sums = vec![0.0; sizes::<N>().iter().skip(1).sum()];
        let mut trace = N::Trace::ZERO;
        for i in 0..data.len() {
            self.forward(data, i, &mut trace);
            add_activations(&trace, &mut sums);
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
