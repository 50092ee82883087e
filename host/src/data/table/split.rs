//! `Split`: which rows of a table are for training, for validation and for the test; by a seed, and stratified.

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;

use super::super::shuffle::shuffle;

/// Percent of the rows of each class in each part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Split {
    /// For training.
    pub training: u8,
    /// For choosing among networks.
    pub validation: u8,
    /// For the last judgement.
    pub test: u8,
}

impl Split {
    /// Of one table: 70, 15, 15.
    pub const OF_ONE: Self = Self {
        training: 70,
        validation: 15,
        test: 15,
    };
    /// Of a table beside which there is a test table: 85, 15, 0.
    pub const BESIDE_A_TEST: Self = Self {
        training: 85,
        validation: 15,
        test: 0,
    };
}

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// For training.
    Training,
    /// For choosing among networks.
    Validation,
    /// For the last judgement.
    Test,
}

/// The part of every row. Each class is shuffled by the seed and shared out on its own, so that every part has its share
/// of every class, rounded; training has at least one row of each, and so has the test where the class has two.
#[must_use]
pub fn stratified(labels: &[u8], classes: usize, split: Split, seed: u64) -> Vec<Part> {
    let mut parts = vec![Part::Training; labels.len()];
    let mut rng = XorShiftRng::seed_from_u64(seed);
    for class in 0..classes {
        let rows = labels.iter().enumerate();
        let mut rows: Vec<_> = rows
            .filter(|&(_, &label)| usize::from(label) == class)
            .map(|(i, _)| i)
            .collect();
        shuffle(&mut rows, &mut rng);
        let (test, validation) = shares(rows.len(), split);
        for (place, row) in rows.into_iter().enumerate() {
            if let Some(part) = parts.get_mut(row) {
                *part = match place {
                    place if place < test => Part::Test,
                    place if place < test + validation => Part::Validation,
                    _ => Part::Training,
                };
            }
        }
    }
    parts
}

/// How many of `count` rows are for the test and for validation.
fn shares(count: usize, split: Split) -> (usize, usize) {
    let share = |percent: u8| (count * usize::from(percent) + 50) / 100;
    let spare = count.saturating_sub(1);
    let least = usize::from(split.test > 0);
    let test = share(split.test).max(least).min(spare);
    (test, share(split.validation).min(spare - test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_share_of_every_class() {
        let labels: Vec<u8> = (0..300).map(|i| if i % 3 == 0 { 1 } else { 0 }).collect();
        let parts = stratified(&labels, 2, Split::OF_ONE, 1);
        let count = |class, part| {
            let both = labels.iter().zip(&parts);
            both.filter(|&(&l, &p)| l == class && p == part).count()
        };
        assert_eq!([0, 1].map(|class| count(class, Part::Test)), [30, 15]);
        assert_eq!([0, 1].map(|class| count(class, Part::Validation)), [30, 15]);
        assert_eq!(parts, stratified(&labels, 2, Split::OF_ONE, 1));
        assert_ne!(parts, stratified(&labels, 2, Split::OF_ONE, 2));
    }

    #[test]
    fn a_small_class_is_trained_and_tested() {
        assert_eq!(shares(2, Split::OF_ONE), (1, 0));
        assert_eq!(shares(1, Split::OF_ONE), (0, 0));
        assert_eq!(shares(4, Split::BESIDE_A_TEST), (0, 1));
    }
}
