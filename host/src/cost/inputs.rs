//! `Inputs`: how many of a network's inputs are not zero, on which the time depends wherever zeros are left out.

/// Examples of a mini-batch on a device.
pub const MINI_BATCH: usize = 10;

/// The inputs of a network that are not zero, in the mean over examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// All inputs.
    pub all: usize,
    /// Those that are not zero.
    pub nonzero: f64,
    /// Pairs, of the inputs 2p and 2p + 1, that are not both zero.
    pub pairs: f64,
    /// Fours that are not all zero; a last one may have fewer inputs.
    pub fours: f64,
    /// Those that are not zero in some example of a mini-batch of [`MINI_BATCH`].
    pub batch: f64,
}

impl Inputs {
    /// No zeros.
    #[must_use]
    pub fn dense(all: usize) -> Self {
        Self::scattered(all, 1.0)
    }

    /// A share of inputs that are not zero, each of them as likely as every other, whatever its neighbours are.
    #[must_use]
    pub fn scattered(all: usize, share: f64) -> Self {
        // Of so many together one is not zero.
        let some = |of: i32| 1.0 - (1.0 - share).powi(of);
        Self {
            all,
            nonzero: all as f64 * share,
            pairs: groups(all, 2, some),
            fours: groups(all, 4, some),
            batch: all as f64 * some(MINI_BATCH as i32),
        }
    }

    /// Counted in examples, each of which names the inputs that are not zero, in ascending order.
    ///
    /// What is left over when there are no ten examples more counts for no mini-batch, unless there are no ten at all.
    #[must_use]
    pub fn counted<E: IntoIterator<Item = usize>>(
        all: usize,
        examples: impl IntoIterator<Item = E>,
    ) -> Self {
        let mut count = Count::new(all);
        for example in examples {
            count.add(example);
        }
        count.mean()
    }

    /// The share that is not zero, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.nonzero / self.all.max(1) as f64
    }
}

/// The sum over all groups of so many inputs, of which the last may be smaller.
fn groups(all: usize, of: usize, some: impl Fn(i32) -> f64) -> f64 {
    let rest = match all % of {
        0 => 0.0,
        rest => some(rest as i32),
    };
    (all / of) as f64 * some(of as i32) + rest
}

/// Counts on their way to a mean.
struct Count {
    examples: usize,
    nonzero: usize,
    pairs: usize,
    fours: usize,
    batches: usize,
    batch: usize,
    /// Whether each input is not zero in some example of the mini-batch that is begun.
    seen: Vec<bool>,
}

impl Count {
    fn new(all: usize) -> Self {
        Self {
            examples: 0,
            nonzero: 0,
            pairs: 0,
            fours: 0,
            batches: 0,
            batch: 0,
            seen: vec![false; all],
        }
    }

    fn add(&mut self, example: impl IntoIterator<Item = usize>) {
        let mut last = None;
        for k in example {
            self.nonzero += 1;
            self.pairs += usize::from(last.is_none_or(|last| last / 2 != k / 2));
            self.fours += usize::from(last.is_none_or(|last| last / 4 != k / 4));
            if let Some(seen) = self.seen.get_mut(k) {
                *seen = true;
            }
            last = Some(k);
        }
        self.examples += 1;
        if self.examples.is_multiple_of(MINI_BATCH) {
            self.end_batch();
        }
    }

    fn end_batch(&mut self) {
        self.batches += 1;
        self.batch += self.seen.iter().filter(|seen| **seen).count();
        self.seen.fill(false);
    }

    fn mean(mut self) -> Inputs {
        if self.batches == 0 {
            self.end_batch();
        }
        let mean = |sum: usize| sum as f64 / self.examples.max(1) as f64;
        Inputs {
            all: self.seen.len(),
            nonzero: mean(self.nonzero),
            pairs: mean(self.pairs),
            fours: mean(self.fours),
            batch: self.batch as f64 / self.batches as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_what_is_there() {
        let inputs = Inputs::counted(9, [vec![0, 1, 8], vec![1, 4]]);
        assert_eq!(
            (inputs.nonzero, inputs.pairs, inputs.fours, inputs.batch),
            (2.5, 2.0, 2.0, 4.0)
        );
        let dense = Inputs::counted(9, [[0, 1, 2, 3, 4, 5, 6, 7, 8]]);
        assert_eq!(dense, Inputs::dense(9));
        assert_eq!((dense.pairs, dense.fours), (5.0, 3.0));
    }

    #[test]
    fn what_is_scattered_has_its_share() {
        let inputs = Inputs::scattered(100, 0.5);
        assert_eq!((inputs.nonzero, inputs.pairs), (50.0, 37.5));
        assert!((inputs.share() - 0.5).abs() < 1e-12);
    }
}
