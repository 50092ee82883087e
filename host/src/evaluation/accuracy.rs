//! `Accuracy`: right answers among all.

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
