//! `Preset`: settings that go together.

use clap::ValueEnum;
use smidgen_core::Cost;

use super::plan::Plan;
use crate::data::expand::Expand;
use crate::network::Start;
use crate::training::Settings;
use crate::training::schedule::Schedule;

/// Settings that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// [784, 30, 10] with the book's first settings, 30 epochs; reaches 95.2 %
    BookCh1,
    /// [784, 100, 10], quadratic cost, scaled start, 15 epochs; reaches 97.7 %
    BookCh2Demo,
    /// [784, 100, 10], cross-entropy, λ = 5, η = 0.1, scaled start, momentum 0.8, halving after 5 epochs without a better
    /// validation accuracy, 60 epochs; reaches 98.1 %
    BookCh3,
    /// [784, 100, 10] with moved images: cross-entropy, λ = 5, η = 0.1, scaled start, cosine schedule, 60 epochs; reaches
    /// 98.6 %
    Best,
    /// Any sizes, for tables, of which it is the default: cross-entropy, η = 0.3 (of more than 100 readings 30 / readings),
    /// mini-batches of 4, scaled start, momentum 0.8, cosine schedule, 100 epochs
    Table,
}

impl Preset {
    /// What the preset stands for, where a reading has `inputs` values.
    pub fn plan(self, inputs: usize) -> Plan {
        let book = Settings::default();
        let chapter_3 = Settings {
            learning_rate: 0.1,
            cost: Cost::CrossEntropy,
            regularization: 5.0,
            start: Start::Scaled,
            ..book
        };
        let large = Plan {
            layers: vec![784, 100, 10],
            ..Plan::default()
        };
        match self {
            Self::BookCh1 => Plan {
                epochs: 30,
                ..Plan::default()
            },
            Self::BookCh2Demo => Plan {
                epochs: 15,
                settings: Settings {
                    start: Start::Scaled,
                    ..book
                },
                ..large
            },
            Self::BookCh3 => Plan {
                epochs: 60,
                settings: Settings {
                    momentum: 0.8,
                    ..chapter_3
                },
                schedule: Schedule::Halving,
                early_stopping: Some(5),
                ..large
            },
            Self::Table => Plan {
                epochs: 100,
                settings: Settings {
                    learning_rate: table_learning_rate(inputs),
                    mini_batch_size: 4,
                    cost: Cost::CrossEntropy,
                    start: Start::Scaled,
                    momentum: 0.8,
                    ..book
                },
                schedule: Schedule::Cosine,
                ..Plan::default()
            },
            Self::Best => Plan {
                epochs: 60,
                settings: Settings {
                    expand: Expand::Shift,
                    ..chapter_3
                },
                schedule: Schedule::Cosine,
                ..large
            },
        }
    }
}

/// One step moves a neuron's z by η δ Σ x², a sum over all inputs, so that with many of them η must fall as they grow:
/// with 0.3 a table of 600 readings ends at chance.
fn table_learning_rate(inputs: usize) -> f32 {
    0.3 * 100.0 / inputs.max(100) as f32
}
