//! `AnyNetwork` and `Learner`: a network whose sizes are values, and what it says and gives.

use std::ops::ControlFlow;

use rand_xorshift::XorShiftRng;
use smidgen_core::model::Header;
use smidgen_core::{Cost, ModelError, Ranked};

use super::epoch::{Epoch, Stop};
use super::start::Start;
use crate::data::{About, Dataset, Input};

/// A network of floats or of integers whose sizes are values.
///
/// An input should have as many values as the network has inputs: those that are missing count as 0, those beyond as none.
pub trait AnyNetwork: Send + Sync {
    /// The sizes from input to output.
    fn sizes(&self) -> Vec<usize>;

    /// The kind of element in a model file, [`ELEMENT_F32`](smidgen_core::model::ELEMENT_F32),
    /// [`ELEMENT_F16`](smidgen_core::model::ELEMENT_F16) or [`ELEMENT_I8`](smidgen_core::model::ELEMENT_I8).
    fn element(&self) -> u8;

    /// Bytes of a model in the flash of a microcontroller, its checksums included.
    fn flash(&self) -> usize;

    /// What the network says to an input.
    fn infer(&self, input: Input<'_>) -> Answer;

    /// What the network says to each example of a data set, in their order, and what that costs.
    fn verdicts(&self, cost: Cost, data: &Dataset) -> Vec<Verdict>;

    /// How sure the network is of each example of a data set, in their order.
    fn certainties(&self, data: &Dataset) -> Vec<Certainty>;

    /// The activations of every neuron added up over a data set, layer by layer, each sum in the order of the images.
    fn sum_activations(&self, data: &Dataset) -> Vec<f64>;

    /// The network as a model file with a note, and with what is known of the data it was trained on.
    fn encode_about(&self, note: &str, about: &About) -> Vec<u8>;

    /// The network as a model file with nothing but a note.
    fn encode(&self, note: &str) -> Vec<u8> {
        self.encode_about(note, &About::default())
    }

    /// The network of a model file with this header as an image for flash; of two the one with the larger `sequence` is the
    /// newer.
    fn flash_image(&self, header: &Header<'_>, sequence: u32) -> Vec<u8>;

    /// Reads the numbers from the bytes of a model file, from a position on.
    ///
    /// # Errors
    ///
    /// As [`smidgen_core::Stored::read_parameters`]; the network then holds no meaningful numbers.
    fn read_parameters(&mut self, bytes: &[u8], position: usize) -> Result<(), ModelError>;

    /// The network as one that can learn; `None` if it is one of 16-bit weights or of integers.
    fn learner(&self) -> Option<&dyn Learner>;
}

/// A network of floats, which can learn.
pub trait Learner: AnyNetwork {
    /// A network of the same sizes with the same weights and biases, without a velocity.
    fn copy(&self) -> Box<dyn Learner>;

    /// All weights and biases in the order of the model file.
    fn parameters(&self) -> Vec<f32>;

    /// Sets all weights and biases, in the order of the model file; those that are missing become 0.
    fn set_parameters(&mut self, parameters: &[f32]);

    /// The velocity of the momentum, if there is one, in the order of the parameters.
    fn velocity(&self) -> Option<Vec<f32>>;

    /// Gives the network a velocity, as [`Learner::set_parameters`] its parameters, or takes it away.
    fn set_velocity(&mut self, velocity: Option<&[f32]>);

    /// Sets weights and biases to Gaussian numbers.
    fn start(&mut self, start: Start, rng: &mut XorShiftRng);

    /// Trains for an epoch; `report` gets the number of examples done now and then, and says whether to go on.
    ///
    /// # Errors
    ///
    /// [`Stop`]: the network is then in the middle of an epoch, or not finite.
    fn epoch(
        &mut self,
        epoch: &Epoch<'_>,
        report: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), Stop>;

    /// The activations of every layer for an input.
    fn forward(&self, input: Input<'_>) -> Vec<Vec<f32>>;

    /// All that backpropagation gives for an input.
    fn backprop(&self, cost: Cost, input: Input<'_>, label: usize) -> Example;

    /// One step of learning in place, [`smidgen_core::learn`].
    fn learn(&mut self, cost: Cost, input: Input<'_>, label: usize, learning_rate: f32);
}

/// What a network says to one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The class, from 0.
    pub class: usize,
    /// The activations of the output layer, each in [0, 1].
    pub activations: Vec<f32>,
    /// All classes, the best first.
    pub ranking: Vec<Ranked>,
    /// The bits that are equal wherever the network runs, [`smidgen_core::Output::bits`].
    pub bits: Vec<u32>,
    /// How far the best is above the second, [`smidgen_core::Output::confidence`].
    pub confidence: f64,
}

/// What a network says to one image of a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The class, from 0; in few bytes, for a data set has many verdicts.
    pub class: u16,
    /// The activation of that class, in [0, 1].
    pub activation: f32,
    /// What the answer costs.
    pub cost: f32,
}

/// How sure a network is of what it says to one image of a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certainty {
    /// The class, from 0.
    pub class: usize,
    /// How far it is above the second, [`Answer::confidence`].
    pub confidence: f64,
}

/// What backpropagation gives for one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// aˡ, by layer.
    pub activations: Vec<Vec<f32>>,
    /// δˡ, by layer.
    pub deltas: Vec<Vec<f32>>,
    /// ∂C/∂w and ∂C/∂b in the order of the parameters.
    pub gradient: Vec<f32>,
}
