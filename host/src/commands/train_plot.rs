//! The curves of a training, gathered epoch by epoch.

use crate::evaluate::Evaluation;
use crate::plots::curves::{Curves, Panel, Series};

/// The parts of the data, in the order of their lines.
const PARTS: [&str; 3] = ["training", "validation", "test"];

/// Accuracy in percent and cost, by epoch.
type Part = (Vec<f64>, Vec<f64>);

/// What the evaluations came to so far.
#[derive(Debug, Default)]
pub struct History {
    parts: [Part; PARTS.len()],
}

impl History {
    /// Adds an epoch: the evaluations of training, validation and test images.
    pub fn push(&mut self, evaluations: [Option<&Evaluation>; PARTS.len()]) {
        for ((accuracy, cost), evaluation) in self.parts.iter_mut().zip(evaluations) {
            let values = evaluation.map(|e| (e.accuracy.percent(), e.cost));
            let (percent, value) = values.unwrap_or((f64::NAN, f64::NAN));
            accuracy.push(percent);
            cost.push(value);
        }
    }

    /// The curves so far.
    pub fn curves(&self, title: String) -> Curves {
        let panel = |quantity: &str, values: fn(&Part) -> &Vec<f64>| Panel {
            quantity: quantity.into(),
            series: PARTS
                .iter()
                .zip(&self.parts)
                .map(|(name, part)| Series {
                    name: (*name).into(),
                    values: values(part).clone(),
                })
                .collect(),
        };
        Curves {
            title,
            panels: vec![
                panel("accuracy / %", |part| &part.0),
                panel("mean cost of an image", |part| &part.1),
            ],
        }
    }
}
