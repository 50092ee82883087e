//! `Float`: a network of floats, whose sizes are types, behind the boundary.

use std::ops::ControlFlow;

use rand_xorshift::XorShiftRng;
use smidgen_core::model::Header;
use smidgen_core::{Backprop, Cost, Model, ModelError, Network, Output, Trace, init};

use super::any::{Answer, AnyNetwork, Certainty, Example, Learner, Verdict};
use super::descent;
use super::epoch::{Epoch, Stop, Update};
use super::mini_batch::MiniBatch;
use super::sized::{add_activations, answer, certainty, encode, flash_image, sizes, verdict};
use super::start::Start;
use super::wide::{self, Job, Lanes, Pixels, Readings};
use crate::data::expand::Expand;
use crate::data::{About, Dataset, Input, MOST_CLASSES, MOST_INPUTS};

/// A network of `I` inputs and `O` outputs on the heap, and the velocity of its momentum while it learns.
///
/// [`network!`](crate::network!) names the type by the sizes alone; the core's own network is what it dereferences to.
#[derive(Clone, Debug, PartialEq)]
pub struct Float<N, const I: usize, const O: usize> {
    network: Box<N>,
    velocity: Option<Box<N>>,
}

/// The type of a network on the host, by its sizes from input to output: a [`Float`] of the core's network.
///
/// ```
/// use smidgen::network::AnyNetwork;
/// assert_eq!(<smidgen::network![784, 30, 10]>::zero().sizes(), [784, 30, 10]);
/// ```
#[macro_export]
macro_rules! network {
    ($in:expr $(, $rest:expr)+ $(,)?) => {
        $crate::network::Float<
            $crate::smidgen_core::network![$in $(, $rest)+],
            { $in },
            { $crate::network::last(&[$($rest),+]) },
        >
    };
}

impl<N: Network<I, O>, const I: usize, const O: usize> Float<N, I, O> {
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
            velocity: None,
        }
    }

    /// Backpropagation of an image. It is what an epoch does, so that single images need no code of their own.
    fn example(&self, cost: Cost, data: &Dataset, i: usize) -> MiniBatch<N::Trace> {
        let mut batch = MiniBatch::new(data, I, 1);
        let epoch = Epoch {
            data,
            order: &[],
            expand: Expand::None,
            mini_batch_size: 1,
            cost,
            update: Update::default(),
        };
        batch.backprop(&*self.network, &epoch, &[i], &[]);
        batch
    }

    /// The activations of every layer for an input.
    fn trace(&self, input: Input<'_>) -> N::Trace {
        let mut trace = N::Trace::ZERO;
        let data = Dataset::of(input, 0);
        wide::run(ForwardJob::<N, I, O> {
            network: &self.network,
            data: &data,
            i: 0,
            trace: &mut trace,
        });
        trace
    }
}

impl<N, const I: usize, const O: usize> core::ops::Deref for Float<N, I, O> {
    type Target = N;

    fn deref(&self) -> &N {
        &self.network
    }
}

impl<N, const I: usize, const O: usize> core::ops::DerefMut for Float<N, I, O> {
    fn deref_mut(&mut self) -> &mut N {
        &mut self.network
    }
}

impl<N: Network<I, O> + Send + Sync, const I: usize, const O: usize> AnyNetwork for Float<N, I, O> {
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
        answer(self.trace(input).output())
    }

    fn verdicts(&self, cost: Cost, data: &Dataset) -> Vec<Verdict> {
        wide::run(VerdictsJob::<N, I, O> {
            network: &self.network,
            cost,
            data,
        })
    }

    fn certainties(&self, data: &Dataset) -> Vec<Certainty> {
        let mut trace = N::Trace::ZERO;
        let examples = 0..data.len();
        examples
            .map(|i| {
                wide::run(ForwardJob::<N, I, O> {
                    network: &self.network,
                    data,
                    i,
                    trace: &mut trace,
                });
                certainty(trace.output())
            })
            .collect()
    }

    fn sum_activations(&self, data: &Dataset) -> Vec<f64> {
        let mut sums = vec![0.0; sizes::<N>().iter().skip(1).sum()];
        let mut trace = N::Trace::ZERO;
        for i in 0..data.len() {
            wide::run(ForwardJob::<N, I, O> {
                network: &self.network,
                data,
                i,
                trace: &mut trace,
            });
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
        Some(self)
    }
}

impl<N: Network<I, O> + Send + Sync, const I: usize, const O: usize> Learner for Float<N, I, O> {
    fn copy(&self) -> Box<dyn Learner> {
        let mut copy = Self::zero();
        copy.set_parameters(&self.parameters());
        Box::new(copy)
    }

    fn parameters(&self) -> Vec<f32> {
        list(&*self.network)
    }

    fn set_parameters(&mut self, parameters: &[f32]) {
        fill(&mut *self.network, parameters);
    }

    fn velocity(&self) -> Option<Vec<f32>> {
        self.velocity.as_deref().map(list)
    }

    fn set_velocity(&mut self, velocity: Option<&[f32]>) {
        self.velocity = velocity.map(|parameters| {
            let mut velocity = bytemuck::zeroed_box();
            fill(&mut *velocity, parameters);
            velocity
        });
    }

    fn start(&mut self, start: Start, rng: &mut XorShiftRng) {
        match start {
            Start::Unit => init::unit_gaussian(&mut *self.network, rng),
            Start::Scaled => init::scaled_gaussian(&mut *self.network, rng),
        }
    }

    fn epoch(
        &mut self,
        epoch: &Epoch<'_>,
        report: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), Stop> {
        let moves = epoch.update.momentum > 0.0;
        if moves && self.velocity.is_none() {
            self.velocity = Some(bytemuck::zeroed_box());
        }
        let velocity = self.velocity.as_deref_mut().filter(|_| moves);
        descent::run(&mut *self.network, velocity, epoch, report)
    }

    fn forward(&self, input: Input<'_>) -> Vec<Vec<f32>> {
        rows(&self.trace(input))
    }

    fn backprop(&self, cost: Cost, input: Input<'_>, label: usize) -> Example {
        let data = Dataset::of(input, label);
        let batch = self.example(cost, &data, 0);
        // A step of −1 from 0 gives the gradient itself.
        let mut gradient = bytemuck::zeroed_box::<N>();
        batch.descend(&mut *gradient, -1.0);
        let example = batch.examples().first();
        let layers = |part: fn(&Backprop<N::Trace>) -> &N::Trace| {
            example.map_or_else(Vec::new, |e| rows(part(e)))
        };
        Example {
            activations: layers(|example| &example.trace),
            deltas: layers(|example| &example.deltas),
            gradient: list(&*gradient),
        }
    }

    fn learn(&mut self, cost: Cost, input: Input<'_>, label: usize, learning_rate: f32) {
        let data = Dataset::of(input, label);
        let batch = self.example(cost, &data, 0);
        batch.descend(&mut *self.network, learning_rate);
    }
}

/// The activations of every layer for one example.
struct ForwardJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a N,
    data: &'a Dataset,
    i: usize,
    trace: &'a mut N::Trace,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for ForwardJob<'_, N, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        forward(self.network, lanes, self.data, self.i, self.trace);
    }
}

/// The activations of every layer for an example of a data set.
#[inline(always)]
fn forward<N: Network<I, O>, const I: usize, const O: usize>(
    network: &N,
    lanes: impl Lanes,
    data: &Dataset,
    i: usize,
    trace: &mut N::Trace,
) {
    if data.is_table() {
        network.forward(&Readings::new(lanes, data.readings(i)), trace);
    } else {
        network.forward(&Pixels::new(lanes, data.pixels(i)), trace);
    }
}

/// The verdicts on a data set, computed with the widest vectors.
struct VerdictsJob<'a, N: Network<I, O>, const I: usize, const O: usize> {
    network: &'a N,
    cost: Cost,
    data: &'a Dataset,
}

impl<N: Network<I, O>, const I: usize, const O: usize> Job for VerdictsJob<'_, N, I, O> {
    type Output = Vec<Verdict>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Vec<Verdict> {
        // A loop and no chain: what an iterator hands over to a function of its own has not the vectors of this one.
        // One trace for all, for an output that is handed over by value is copied, and so is a new trace.
        let mut verdicts = Vec::with_capacity(self.data.len());
        let mut trace = N::Trace::ZERO;
        for i in 0..self.data.len() {
            forward(self.network, lanes, self.data, i, &mut trace);
            let output = trace.output();
            let class = output.class();
            verdicts.push(verdict(class, output, self.cost, self.data.label(i)));
        }
        verdicts
    }
}

/// The parameters of a network in the order of the model file.
fn list<N: Network<I, O>, const I: usize, const O: usize>(network: &N) -> Vec<f32> {
    let mut parameters = Vec::with_capacity(N::PARAMETERS);
    network.for_each_parameter(|parameter| parameters.push(parameter));
    parameters
}

/// Gives a network its parameters; those that are missing become 0.
fn fill<N: Network<I, O>, const I: usize, const O: usize>(network: &mut N, parameters: &[f32]) {
    let mut parameters = parameters.iter();
    network.for_each_parameter_mut(|parameter| {
        *parameter = parameters.next().copied().unwrap_or_default();
    });
}

/// The values of a trace, by layer.
fn rows<const O: usize>(trace: &impl Trace<O>) -> Vec<Vec<f32>> {
    let mut rows = Vec::new();
    trace.for_each_layer(|row| rows.push(row.to_vec()));
    rows
}

#[cfg(test)]
mod tests {
    use super::super::any::{AnyNetwork, Learner};

    type Small = crate::network![784, 20, 10];

    #[test]
    fn every_parameter_is_in_its_place() {
        let mut network = Small::zero();
        network.layer.weights[700][3] = 1.0;
        network.layer.biases[19] = 2.0;
        network.rest.weights[5][9] = 3.0;
        network.rest.biases[0] = 4.0;
        let parameters = network.parameters();
        let hidden = 784 * 20;
        let places = [
            3 * 784 + 700,
            hidden + 19,
            hidden + 20 + 9 * 20 + 5,
            hidden + 20 + 200,
        ];
        assert_eq!(places.map(|place| parameters[place] as i32), [1, 2, 3, 4]);
        assert_eq!(network.copy().parameters(), parameters);
        let mut other = Small::zero();
        other.set_parameters(&parameters);
        assert_eq!(other, network);
    }

    #[test]
    fn the_answer_is_the_networks_own() {
        use smidgen_core::Network;
        let mut network = Small::zero();
        network.rest.biases[4] = 3.0;
        let answer = network.infer((&[0; 784]).into());
        assert_eq!(answer.activations, network.feedforward(&[0_u8; 784]).0);
        assert_eq!((answer.class, answer.ranking[0].class), (4, 4));
    }

    #[test]
    fn a_lesson_is_the_cores_own() {
        use rand_core::SeedableRng;
        use smidgen_core::{Backprop, Cost, learn};
        let mut network = Small::zero();
        let mut rng = rand_xorshift::XorShiftRng::seed_from_u64(4);
        network.start(super::Start::Scaled, &mut rng);
        let mut other = network.clone();
        let mut image = [0; 784];
        image[200..300].fill(128);
        network.learn(Cost::CrossEntropy, (&image).into(), 7, 0.1);
        learn(
            &mut *other,
            Cost::CrossEntropy,
            &image,
            7,
            0.1,
            &mut Backprop::zero(),
        );
        assert_eq!(network, other);
    }
}
