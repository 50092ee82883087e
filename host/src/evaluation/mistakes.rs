//! The images that a network gets wrong, the worst first.

use smidgen_core::Cost;

use crate::data::Dataset;
use crate::network::AnyNetwork;

/// An image with a wrong answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mistake {
    /// The number of the image.
    pub index: usize,
    /// What it shows.
    pub label: usize,
    /// What the network says.
    pub answer: usize,
    /// How strongly it says so, in [0, 1].
    pub activation: f32,
    /// What the answer costs.
    pub cost: f32,
}

/// All images of a data set that a network gets wrong, the costliest first, then by number.
#[must_use]
pub fn mistakes(network: &dyn AnyNetwork, cost: Cost, data: &Dataset) -> Vec<Mistake> {
    let verdicts = network.verdicts(cost, data).into_iter().enumerate();
    let mut mistakes: Vec<Mistake> = verdicts
        .filter(|&(index, verdict)| usize::from(verdict.class) != data.label(index))
        .map(|(index, verdict)| Mistake {
            index,
            label: data.label(index),
            answer: verdict.class.into(),
            activation: verdict.activation,
            cost: verdict.cost,
        })
        .collect();
    mistakes.sort_by(|a, b| b.cost.total_cmp(&a.cost).then(a.index.cmp(&b.index)));
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::load_test;
    use crate::evaluation::evaluate;

    #[test]
    fn they_are_as_many_as_the_evaluation_says_and_the_worst_is_first() {
        let mut network = <crate::network![784, 10, 10]>::zero();
        network.rest.biases[7] = 2.0;
        network.rest.biases[1] = 1.0;
        let test = load_test(None).unwrap();
        let found = mistakes(&network, Cost::Quadratic, &test);
        let accuracy = evaluate(&network, Cost::Quadratic, &test).accuracy;
        assert_eq!(found.len(), accuracy.total - accuracy.correct);
        assert!(found.is_sorted_by(|a, b| a.cost >= b.cost));
        // All cost the same but the ones, of which a little is believed.
        assert_eq!((found[0].index, found[0].answer), (1, 7));
        assert_eq!(found.last().map(|mistake| mistake.label), Some(1));
    }
}
