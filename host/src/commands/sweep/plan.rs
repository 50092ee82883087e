//! What varies in a sweep, and what that is called.

use crate::sweep::{Combination, Outcome, Plan};

/// A hyper-parameter that may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The size of the hidden layer.
    Hidden,
    /// η.
    LearningRate,
    /// m.
    MiniBatchSize,
}

impl Quantity {
    /// What it is called.
    #[cfg(feature = "plots")]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden neurons",
            Self::LearningRate => "learning rate η",
            Self::MiniBatchSize => "mini-batch size",
        }
    }

    /// Its value in a combination.
    pub fn of(self, combination: &Combination) -> String {
        match self {
            Self::Hidden => combination.hidden(),
            Self::LearningRate => combination.learning_rate.to_string(),
            Self::MiniBatchSize => combination.mini_batch_size.to_string(),
        }
    }
}

/// What is not the same in all combinations.
pub fn varying(plan: &Plan) -> Vec<Quantity> {
    let all = [
        Quantity::Hidden,
        Quantity::LearningRate,
        Quantity::MiniBatchSize,
    ];
    let differs = |quantity: &Quantity| {
        let mut values = plan
            .combinations
            .iter()
            .map(|combination| quantity.of(combination));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    all.into_iter().filter(differs).collect()
}

/// What tells a combination from the others.
pub fn name(quantities: &[Quantity], combination: &Combination) -> String {
    let short = |quantity: &Quantity| match quantity {
        Quantity::Hidden => format!("{} hidden", combination.hidden()),
        Quantity::LearningRate => format!("η = {}", combination.learning_rate),
        Quantity::MiniBatchSize => format!("m = {}", combination.mini_batch_size),
    };
    let all = [Quantity::Hidden, Quantity::LearningRate];
    let quantities = if quantities.is_empty() {
        all.as_slice()
    } else {
        quantities
    };
    quantities.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// The outcomes of each combination.
pub fn groups<'a>(plan: &Plan, outcomes: &'a [Outcome]) -> impl Iterator<Item = &'a [Outcome]> {
    outcomes.chunks(usize::try_from(plan.seeds).unwrap_or(usize::MAX).max(1))
}

/// A number of things, `1 seed` and `3 seeds`.
pub fn counted(count: usize, thing: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{end}")
}
