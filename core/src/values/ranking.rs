//! The classes of an output in the order of their activations.

use core::cmp::Ordering;

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
#[must_use]
#[inline(always)]
pub fn classify<const O: usize>(output: &Row<O>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (class, &activation) in output.iter().enumerate() {
        if activation > best.1 {
            best = (class, activation);
        }
    }
    best.0
}

/// All classes, the highest activation first, the lower class first among equals.
///
/// ```
/// use smidgen_core::{Row, ranked};
/// let order: Vec<usize> = ranked(&Row([0.1, 0.7, 0.2])).iter().map(|ranked| ranked.class).collect();
/// assert_eq!(order, [1, 2, 0]);
/// ```
#[must_use]
pub fn ranked<const O: usize>(output: &Row<O>) -> heapless::Vec<Ranked, O> {
    let mut ranking: heapless::Vec<Ranked, O> = output
        .iter()
        .enumerate()
        .map(|(class, &activation)| Ranked { class, activation })
        .collect();
    ranking.sort_unstable_by(|a, b| {
        let by_activation = b
            .activation
            .partial_cmp(&a.activation)
            .unwrap_or(Ordering::Equal);
        by_activation.then(a.class.cmp(&b.class))
    });
    ranking
}
