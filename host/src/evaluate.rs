//! How well a network does on a data set: what it gets right, what it costs, and what it takes for what.

use smidgen_core::{Cost, Inference, Network, Output, Row};

use crate::dataset::Dataset;
use crate::simd::{self, Job};

/// Right answers among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accuracy {
    /// Images whose highest activation is that of their label.
    pub correct: usize,
    /// All images.
    pub total: usize,
}

impl Accuracy {
    /// The share of right answers, in [0, 100]; 0 for no images.
    #[must_use]
    pub fn percent(self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            100.0 * self.correct as f64 / self.total as f64
        }
    }
}

/// What the evaluation of a data set gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Right answers.
    pub accuracy: Accuracy,
    /// The mean cost of an image; summed in `f64` in the order of the images.
    pub cost: f64,
    /// `confusion[label][answer]`, in images.
    pub confusion: [[u32; 10]; 10],
}

/// Runs every image of a data set through a network.
#[must_use]
pub fn evaluate<N: Network<784, 10>>(network: &N, cost: Cost, data: &Dataset) -> Evaluation {
    simd::run(Evaluate {
        network,
        cost,
        data,
    })
}

struct Evaluate<'a, N> {
    network: &'a N,
    cost: Cost,
    data: &'a Dataset,
}

impl<N: Network<784, 10>> Job for Evaluate<'_, N> {
    type Output = Evaluation;

    #[inline(always)]
    fn run(self) -> Evaluation {
        tally(self.cost, self.data, |i| {
            let output = self.network.feedforward(self.data.pixels(i));
            (output.class(), output)
        })
    }
}

/// Runs every image of a data set through a network of floats or of integers.
#[must_use]
pub fn evaluate_model<M: Inference<784, 10>>(model: &M, cost: Cost, data: &Dataset) -> Evaluation {
    tally(cost, data, |i| {
        let output = model.infer(&data.image(i));
        (output.class(), output.activations())
    })
}

/// Counts and adds up what `answer` says to each image: the class and the activations.
#[inline(always)]
fn tally(cost: Cost, data: &Dataset, answer: impl Fn(usize) -> (usize, Row<10>)) -> Evaluation {
    let mut sum = 0.0;
    let mut confusion = [[0; 10]; 10];
    for i in 0..data.len() {
        let label = data.label(i);
        let (class, activations) = answer(i);
        sum += f64::from(cost.value(&activations, label));
        if let Some(count) = confusion.get_mut(label).and_then(|row| row.get_mut(class)) {
            *count += 1;
        }
    }
    let total = data.len();
    let correct = (0..10).map(|class| confusion[class][class] as usize).sum();
    Evaluation {
        accuracy: Accuracy { correct, total },
        cost: sum / total.max(1) as f64,
        confusion,
    }
}
