//! The cost of an output, quadratic or cross-entropy: its value, and the delta of the output layer. The only home of one-hot targets.

use crate::activation::sigmoid_prime_from_activation;
use crate::values::row::Row;

/// How far an output is from its label. Training needs it, inference does not, and a model file does not hold it.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cost {
    /// `C = ½ Σ_j (a_j − y_j)²`; (6) of Nielsen, *Neural Networks and Deep Learning*, ch. 1, for one example.
    #[default]
    Quadratic,
    /// `C = −Σ_j [y_j ln a_j + (1 − y_j) ln (1 − a_j)]`; (63) of the same book, ch. 3, for one example.
    CrossEntropy,
}

impl Cost {
    /// The cost of one example, finite and at least 0; 0 for the label's one-hot vector itself.
    ///
    /// A label that is no class (`label >= O`) has the target 0 everywhere.
    ///
    /// ```
    /// use smidgen_core::{Cost, Row};
    /// let output = Row([0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.05, 0.05, 0.05, 0.05]);
    /// assert!((Cost::Quadratic.value(&output, 5) - 0.21).abs() < 1e-7);
    /// ```
    #[must_use]
    #[inline]
    pub fn value<const O: usize>(self, output: &Row<O>, label: usize) -> f32 {
        self.value_of(&output.0, label)
    }

    /// [`Cost::value`] of an output whose length is known only at run time.
    #[must_use]
    #[inline]
    pub fn value_of(self, output: &[f32], label: usize) -> f32 {
        match self {
            Self::Quadratic => 0.5 * sum(output, label, |a, y| (a - y) * (a - y)),
            Self::CrossEntropy => sum(output, label, |a, y| {
                surprise(if y > 0.0 { a } else { 1.0 - a })
            }),
        }
    }

    /// The delta of the output layer, ∂C/∂z: (BP1) of Nielsen, *Neural Networks and Deep Learning*, ch. 2.
    ///
    /// | argument | shape | meaning                                                     |
    /// |----------|-------|-------------------------------------------------------------|
    /// | `output` | `[O]` | a of the output layer                                       |
    /// | `label`  |       | the class; `label >= O` has the target 0 everywhere         |
    /// | `deltas` | `[O]` | overwritten, never read                                     |
    ///
    /// `(a − y) · (a (1 − a))` for the quadratic cost; `a − y` for the cross-entropy, (67) of ch. 3, whose slope does
    /// not vanish where the neuron is saturated.
    #[inline(always)]
    pub fn output_delta<const O: usize>(self, output: &Row<O>, label: usize, deltas: &mut Row<O>) {
        for (delta, (&a, y)) in deltas.iter_mut().zip(targets(&output.0, label)) {
            *delta = match self {
                Self::Quadratic => (a - y) * sigmoid_prime_from_activation(a),
                Self::CrossEntropy => a - y,
            };
        }
    }
}

/// Each activation with its target: 1 for the label, 0 for the other classes.
#[inline(always)]
fn targets<'a>(
    output: impl IntoIterator<Item = &'a f32>,
    label: usize,
) -> impl Iterator<Item = (&'a f32, f32)> {
    output
        .into_iter()
        .enumerate()
        .map(move |(j, a)| (a, if j == label { 1.0 } else { 0.0 }))
}

/// The terms of all classes, added in their order from 0.
#[inline]
fn sum(output: &[f32], label: usize, term: impl Fn(f32, f32) -> f32) -> f32 {
    targets(output, label).fold(0.0, |sum, (&a, y)| sum + term(a, y))
}

/// `−ln p`, at most 87.4: a p of 0 counts as the smallest normal number.
fn surprise(p: f32) -> f32 {
    -libm::logf(if p < f32::MIN_POSITIVE {
        f32::MIN_POSITIVE
    } else {
        p
    })
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::values::row::Row;

    #[test]
    fn cross_entropy_is_finite_where_a_neuron_is_saturated() {
        for (output, label) in [
            ([0.0, 1.0], 0),
            ([1.0, 1.0], 0),
            ([0.0, 0.0], 1),
            ([1.0, 0.0], 0),
        ] {
            let cost = Cost::CrossEntropy.value(&Row(output), label);
            assert!(
                cost.is_finite() && cost >= 0.0,
                "{output:?} {label}: {cost}"
            );
        }
    }

    #[test]
    fn cross_entropy_of_a_coin_is_ln_2_for_each_output() {
        let cost = Cost::CrossEntropy.value(&Row([0.5, 0.5]), 0);
        assert!(
            (cost - 2.0 * core::f32::consts::LN_2).abs() < 1e-6,
            "{cost}"
        );
    }

    #[test]
    fn a_perfect_output_costs_nothing() {
        for cost in [Cost::Quadratic, Cost::CrossEntropy] {
            assert!(cost.value(&Row([0.0, 1.0, 0.0]), 1).abs() < 1e-9);
        }
    }

    #[test]
    fn the_delta_is_the_slope_of_the_value() {
        let sigmoid = |z: f32| crate::activation::sigmoid(z);
        for cost in [Cost::Quadratic, Cost::CrossEntropy] {
            for z in [-2.0_f32, -0.3, 0.0, 0.7, 1.9] {
                let at = |z| cost.value(&Row([sigmoid(z), 0.25]), 0);
                let slope = (at(z + 0.01) - at(z - 0.01)) / 0.02;
                let mut deltas = Row::ZERO;
                cost.output_delta(&Row([sigmoid(z), 0.25]), 0, &mut deltas);
                assert!(
                    (slope - deltas[0]).abs() < 1e-3,
                    "{cost:?} at {z}: {slope} {}",
                    deltas[0]
                );
            }
        }
    }
}
