//! The classes of an output in the order of their activations.

use super::row::Row;

/// One class and how strongly the network says so.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The class, 0 to O − 1.
    pub class: usize,
    /// Its activation, in [0, 1].
    pub activation: f32,
}

/// The class with the highest activation, the lower one of equals; what the network says.
///
/// The first of [`ranked`], so a NaN is below every number. Where all are NaN, as after an input with a NaN
/// ([`Network::feedforward`](crate::Network::feedforward)), the class is 0 and means nothing: look at the activations.
///
/// ```
/// use smidgen_core::{Row, classify};
/// assert_eq!(classify(&Row([f32::NAN, 0.1, 0.3])), 2);
/// ```
#[must_use]
#[inline(always)]
pub fn classify<const O: usize>(output: &Row<O>) -> usize {
    let mut best = (0, f32::NAN);
    for (class, &activation) in output.iter().enumerate() {
        if is_above(activation, best.1) {
            best = (class, activation);
        }
    }
    best.0
}

/// How far the highest activation is above the second, in [0, 1]; of a single one how far it is above 0. A NaN if there is
/// one among them.
///
/// ```
/// use smidgen_core::{Row, confidence};
/// assert_eq!(confidence(&Row([0.25, 1.0, 0.5])), 0.5);
/// ```
#[must_use]
pub fn confidence<const O: usize>(output: &Row<O>) -> f32 {
    let (mut best, mut second) = (0.0, 0.0);
    for &activation in output.iter() {
        if activation.is_nan() {
            return activation;
        }
        if activation > best {
            second = best;
            best = activation;
        } else if activation > second {
            second = activation;
        }
    }
    best - second
}

/// All classes, the highest activation first, the lower class first among equals; every NaN after all numbers.
///
/// Takes any bits and panics for none. Sorts by insertion: O² / 2 comparisons at most, and no memory but the answer.
///
/// ```
/// use smidgen_core::{Row, ranked};
/// let order: Vec<usize> = ranked(&Row([0.1, 0.7, 0.2])).iter().map(|ranked| ranked.class).collect();
/// assert_eq!(order, [1, 2, 0]);
/// ```
#[must_use]
pub fn ranked<const O: usize>(output: &Row<O>) -> heapless::Vec<Ranked, O> {
    let mut ranking = heapless::Vec::new();
    for (class, &activation) in output.iter().enumerate() {
        // There is room, for there are O activations.
        let _ = ranking.push(Ranked { class, activation });
        sink_last(&mut ranking);
    }
    ranking
}

/// Moves the last of a ranking to its place among those before it, which are in order.
fn sink_last(ranking: &mut [Ranked]) {
    let mut rest = ranking;
    while let [before @ .., upper, last] = rest {
        if !is_above(last.activation, upper.activation) {
            return;
        }
        core::mem::swap(upper, last);
        let kept = before.len() + 1;
        rest = rest.get_mut(..kept).unwrap_or_default();
    }
}

/// Whether activation `a` ranks before `b`: the greater number does, and any number before a NaN.
#[inline(always)]
fn is_above(a: f32, b: f32) -> bool {
    a > b || (b.is_nan() && !a.is_nan())
}

#[cfg(test)]
mod tests {
    use super::{classify, confidence, ranked};
    use crate::values::row::Row;

    #[test]
    fn nan_ranks_below_every_number() {
        let (nan, infinity) = (f32::NAN, f32::INFINITY);
        let output = Row([nan, -infinity, 0.0, -nan, -0.0, infinity]);
        let order = ranked(&output);
        assert!(order.iter().map(|entry| entry.class).eq([5, 2, 4, 1, 0, 3]));
        assert_eq!(classify(&output), 5);
        assert_eq!(classify(&Row([nan, -infinity])), 1);
        assert_eq!(classify(&Row([nan; 30])), 0);
        assert_eq!(classify(&Row([])), 0);
        assert!(ranked(&Row([])).is_empty());
    }

    #[test]
    fn the_second_may_stand_before_or_after_the_best() {
        for output in [
            [0.75, 0.5, 0.1],
            [0.5, 0.75, 0.1],
            [0.1, 0.75, 0.5],
            [0.5, 0.1, 0.75],
        ] {
            assert_eq!(
                confidence(&Row(output)).to_bits(),
                0.25_f32.to_bits(),
                "{output:?}"
            );
        }
        assert_eq!(
            (confidence(&Row([0.5, 0.5])), confidence(&Row([0.5]))),
            (0.0, 0.5)
        );
        assert!(confidence(&Row([0.9, f32::NAN])).is_nan());
    }
}
