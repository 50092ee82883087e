//! `Estimate`: all costs of a path, for any sizes.

use serde::Serialize;

use super::formula::Formulas;
use super::inputs::Inputs;
use super::path::Path;
use super::quantity::Quantity;
use super::terms::terms;
use super::{memory, processor};

/// A number of bytes that depends on the compiler's mood.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bytes {
    /// To be expected.
    pub expected: usize,
    /// More were not seen for any network.
    pub most: usize,
}

/// What inference or learning by a path costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Which way.
    pub path: Path,
    /// Instructions of one example.
    pub instructions: f64,
    /// Cycles of one example at least and at most, where Arm has published what an instruction takes; without wait states.
    pub cycles: Option<[f64; 2]>,
    /// Bytes of flash for code and constants: those of the network, and nothing of the program around it.
    pub code: Bytes,
    /// Bytes of flash for weights and scaling.
    pub model: usize,
    /// Bytes of RAM for weights that learn, and for the examples of a mini-batch.
    pub ram: usize,
    /// Bytes of stack.
    pub stack: Bytes,
}

impl Estimate {
    /// For a network of these sizes on a target; `None` for a target without formulas, for sizes that are no network's, and
    /// for the output layer of a network that has no other.
    #[must_use]
    pub fn new(target: &str, path: Path, layers: &[usize], inputs: &Inputs) -> Option<Self> {
        if layers.len() < 2 || path == Path::OutputLayer && layers.len() < 3 {
            return None;
        }
        let floats = processor::has_floats(target);
        let formula = |quantity| Formulas::built_in().get(target, path, quantity);
        let value = |quantity| {
            let terms = terms(quantity, path, floats, layers, inputs);
            Some(formula(quantity)?.value(&terms).max(0.0))
        };
        let bytes = |quantity| {
            let (value, margin) = (value(quantity)?, formula(quantity)?.margin);
            Some(Bytes {
                expected: value.round() as usize,
                most: (value * margin).ceil() as usize,
            })
        };
        let cycles = value(Quantity::CyclesLeast).zip(value(Quantity::CyclesMost));
        Some(Self {
            path,
            instructions: value(Quantity::Instructions)?,
            cycles: cycles.map(|(least, most)| [least, most.max(least)]),
            code: bytes(Quantity::Code)?,
            model: memory::model(path, layers),
            ram: memory::ram(path, layers),
            stack: bytes(Quantity::Stack)?,
        })
    }

    /// Bytes of flash that no network was seen to need more than, for code and weights.
    #[must_use]
    pub fn flash_at_most(&self) -> usize {
        self.code.most + self.model
    }

    /// Bytes of RAM that no network was seen to need more than, for what learns and the stack.
    #[must_use]
    pub fn ram_at_most(&self) -> usize {
        self.ram + self.stack.most
    }
}
