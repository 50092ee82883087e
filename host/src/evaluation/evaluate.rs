//! How well a network does on a data set: what it gets right, what it costs, and what it takes for what.

use smidgen_core::Cost;

use super::accuracy::Accuracy;
use crate::data::Dataset;
use crate::network::AnyNetwork;

/// What the evaluation of a data set gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Right answers.
    pub accuracy: Accuracy,
    /// The mean cost of an image; summed in `f64` in the order of the images.
    pub cost: f64,
    /// `confusion[label][answer]`, in images.
    pub confusion: Vec<Vec<u32>>,
}

/// Runs every image of a data set through a network.
#[must_use]
pub fn evaluate(network: &dyn AnyNetwork, cost: Cost, data: &Dataset) -> Evaluation {
    let classes = data.classes();
    let mut sum = 0.0;
    let mut counts = vec![0; classes * classes];
    for (i, verdict) in network.verdicts(cost, data).iter().enumerate() {
        sum += f64::from(verdict.cost);
        let class = usize::from(verdict.class);
        if class < classes
            && let Some(count) = counts.get_mut(data.label(i) * classes + class)
        {
            *count += 1;
        }
    }
    let total = data.len();
    let correct = counts
        .iter()
        .step_by(classes + 1)
        .map(|&count: &u32| count as usize)
        .sum();
    let confusion = counts.chunks(classes.max(1)).map(<[u32]>::to_vec).collect();
    Evaluation {
        accuracy: Accuracy { correct, total },
        cost: sum / total.max(1) as f64,
        confusion,
    }
}
