//! What those get right who have learned nothing, and whether an accuracy is more than that.

use super::accuracy::Accuracy;
use crate::data::Dataset;

/// Standard deviations of luck that are not taken for learning.
const LUCK: f64 = 2.0;

/// The share of a data set that its most frequent class has, in [0, 1]: who always says that class gets it right.
#[must_use]
pub fn most_frequent(data: &Dataset) -> f64 {
    let mut counts = vec![0_usize; data.classes()];
    for i in 0..data.len() {
        if let Some(count) = counts.get_mut(data.label(i)) {
            *count += 1;
        }
    }
    let largest = counts.into_iter().max().unwrap_or(0);
    largest as f64 / data.len().max(1) as f64
}

/// The standard deviation, in percent, of the accuracy on `total` examples of someone who is right for a `share` of all.
#[must_use]
pub fn deviation(share: f64, total: usize) -> f64 {
    100.0 * (share * (1.0 - share) / total.max(1) as f64).sqrt()
}

/// Whether an accuracy in percent on `total` examples is no better than that of always saying the class that has this
/// `share` of them. Where there is but one class nobody can tell.
#[must_use]
pub fn is_guessing(percent: f64, total: usize, share: f64) -> bool {
    total > 0 && share < 1.0 && percent <= 100.0 * share + LUCK * deviation(share, total)
}

/// Whether an accuracy is so far below the best of the same training that it cannot be luck: more than a point, and more
/// than three standard deviations.
#[must_use]
pub fn is_far_below(accuracy: Accuracy, best: f64) -> bool {
    let least = (3.0 * deviation(best / 100.0, accuracy.total)).max(1.0);
    best - accuracy.percent() > least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_the_largest_class_and_a_little_luck() {
        assert!(is_guessing(9.8, 10_000, 0.1135));
        assert!(is_guessing(11.9, 10_000, 0.1135));
        assert!(!is_guessing(12.1, 10_000, 0.1135));
        // The fewer the examples, the larger the luck.
        assert!(is_guessing(15.0, 100, 0.1135));
        assert!(!is_guessing(100.0, 100, 1.0));
        assert!(!is_guessing(0.0, 0, 0.0));
    }

    #[test]
    fn far_below_is_more_than_luck() {
        let of = |correct| Accuracy {
            correct,
            total: 10_000,
        };
        assert!(!is_far_below(of(9458), 94.9));
        assert!(is_far_below(of(9300), 94.9));
        let of_few = Accuracy {
            correct: 47,
            total: 50,
        };
        assert!(!is_far_below(of_few, 98.0));
    }
}
