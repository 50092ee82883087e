//! The curves of a training, gathered epoch by epoch.

use crate::checkpoint::Point;
use crate::evaluate::Evaluation;
use crate::plots::curves::{Curves, Panel, Series};

/// The parts of the data, in the order of their lines.
const PARTS: [&str; 3] = ["training", "validation", "test"];

/// What an epoch came to: the evaluations of training, validation and test images.
pub fn point(evaluations: [Option<&Evaluation>; PARTS.len()]) -> Point {
    evaluations
        .map(|evaluation| evaluation.map_or([f64::NAN; 2], |e| [e.accuracy.percent(), e.cost]))
}

/// The curves of all epochs so far.
pub fn curves(title: String, history: &[Point]) -> Curves {
    let panel = |quantity: &str, which: usize| Panel {
        quantity: quantity.into(),
        series: (0..)
            .zip(PARTS)
            .map(|(part, name): (usize, _)| Series {
                name: name.into(),
                values: history.iter().map(|point| point[part][which]).collect(),
            })
            .collect(),
    };
    Curves {
        title,
        panels: vec![panel("accuracy / %", 0), panel("mean cost of an image", 1)],
    }
}
