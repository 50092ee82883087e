//! `terms`: what of a network's sizes and of its inputs a cost is a sum of.
//!
//! Each term counts something that the loops of the core do so often; its coefficient, which is fitted, is what doing it once
//! takes. The names are those in the table of coefficients.

use super::inputs::{Inputs, MINI_BATCH};
use super::path::Path;
use super::quantity::Quantity;

/// A name and how often.
pub type Term = (&'static str, f64);

/// Columns that the kernel for a floating-point unit keeps in registers at most; it walks over the rows for each so many.
const COLUMNS: usize = 15;

/// Rows that it lists before it adds them.
const LISTED: f64 = 16.0;

/// Neurons that integers are summed for side by side.
const LANES: usize = 6;

/// Inputs from which on a layer of integers is filled up by loops that are not unrolled.
const FEW: usize = 16;

/// The terms of a quantity.
///
/// | argument  | meaning                                                                      |
/// |-----------|------------------------------------------------------------------------------|
/// | `floats`  | whether the processor has a floating-point unit, whose kernels are others    |
/// | `layers`  | sizes from input to output, at least two                                     |
#[must_use]
pub fn terms(
    quantity: Quantity,
    path: Path,
    floats: bool,
    layers: &[usize],
    inputs: &Inputs,
) -> Vec<Term> {
    match quantity {
        Quantity::Code => code(layers),
        Quantity::Stack => stack(layers),
        _ => match path {
            Path::Integers | Path::IntegersReadings | Path::ConstantTime => {
                integers(path, layers, inputs)
            }
            _ => float(path, floats, layers, inputs),
        },
    }
}

/// The time of a network of floats.
fn float(path: Path, floats: bool, layers: &[usize], inputs: &Inputs) -> Vec<Term> {
    let mut terms = forward(floats, layers, inputs.nonzero);
    if path.scales() {
        // Where there are few, loops are unrolled.
        terms.extend([("inputs", inputs.all as f64), ("unrolled", -1.0)]);
    } else {
        let all = inputs.all.div_ceil(4) as f64;
        terms.extend([("fours", all), ("fours that are not zero", inputs.fours)]);
    }
    match path {
        Path::InPlace => terms.extend(backward(floats, layers)),
        Path::MiniBatch => {
            terms.extend(backward(floats, layers));
            terms.extend(columns(floats, layers, inputs));
        }
        Path::OutputLayer => terms.extend(last_layer(layers)),
        _ => {}
    }
    terms
}

/// From the inputs, of which so many are not zero, to the outputs.
fn forward(floats: bool, layers: &[usize], nonzero: f64) -> Vec<Term> {
    let hidden = hidden(layers);
    let neurons = || layers.iter().skip(1).copied();
    let rows = || std::iter::once(nonzero).chain(hidden.iter().map(|&size| size as f64));
    let sum = |each: fn(f64, usize) -> f64| {
        rows()
            .zip(neurons())
            .map(|(rows, neurons)| each(rows, neurons))
            .sum()
    };
    let mut terms = vec![
        ("one", 1.0),
        ("layers", neurons().count() as f64),
        ("inputs that are not zero", nonzero),
        ("hidden neurons", hidden.iter().sum::<usize>() as f64),
        ("products", sum(|rows, neurons| rows * neurons as f64)),
        ("neurons", neurons().sum::<usize>() as f64),
    ];
    if floats {
        terms.extend([
            (
                "walks over rows",
                sum(|rows, neurons| rows * walks(neurons)),
            ),
            ("lists", sum(|rows, _| lists(rows))),
            ("walks", sum(|rows, neurons| lists(rows) * walks(neurons))),
        ]);
    }
    terms
}

/// From the error of the outputs back.
fn backward(floats: bool, layers: &[usize]) -> Vec<Term> {
    let pairs = || layers.windows(2).skip(1);
    let products = pairs().map(|pair| pair.iter().product::<usize>());
    let mut terms = vec![("products back", products.sum::<usize>() as f64)];
    if floats {
        let rows: usize = hidden(layers).iter().map(|size| size.div_ceil(4)).sum();
        terms.push(("rows back", rows as f64));
    }
    terms
}

/// The step of a mini-batch, for one of its examples.
fn columns(floats: bool, layers: &[usize], inputs: &Inputs) -> Vec<Term> {
    let columns = inputs.batch / MINI_BATCH as f64;
    let first = layers.get(1).copied().unwrap_or(0);
    let mut terms = vec![
        ("inputs", inputs.all as f64),
        ("columns", columns),
        ("products of columns", columns * first as f64),
    ];
    if floats {
        terms.push(("walks over columns", columns * walks(first)));
    }
    terms
}

/// The step of the last layer alone.
fn last_layer(layers: &[usize]) -> Vec<Term> {
    match layers {
        [.., rows, outputs] => vec![
            ("last rows", *rows as f64),
            ("last products", (rows * outputs) as f64),
            ("outputs", *outputs as f64),
        ],
        _ => Vec::new(),
    }
}

/// The time of a network of integers, which adds pairs of inputs to six neurons at a time.
fn integers(path: Path, layers: &[usize], inputs: &Inputs) -> Vec<Term> {
    let (all, hidden) = (inputs.all, hidden(layers));
    let skips = path != Path::ConstantTime;
    let eights = |size: usize| size.div_ceil(8) as f64;
    let [pairs, fours] = if skips {
        [inputs.pairs, inputs.fours]
    } else {
        [4.0 * eights(all), 2.0 * eights(all)]
    };
    let pairs_of = |size: usize| {
        if skips {
            size.div_ceil(2) as f64
        } else {
            4.0 * eights(size)
        }
    };
    let pairs = || std::iter::once(pairs).chain(hidden.iter().map(|&size| pairs_of(size)));
    let passes = || {
        layers
            .iter()
            .skip(1)
            .map(|size| size.div_ceil(LANES) as f64)
    };
    let is_padded = !all.is_multiple_of(8);
    let padding = if is_padded { all as f64 } else { 0.0 };
    let mut terms = vec![
        ("one", 1.0),
        ("layers", passes().count() as f64),
        ("eights", eights(all)),
        (
            "hidden eights",
            hidden.iter().map(|&size| eights(size)).sum(),
        ),
        ("fours that are not zero", fours),
        ("pairs", pairs().sum()),
        (
            "products of pairs",
            pairs()
                .zip(passes())
                .map(|(pairs, passes)| pairs * passes)
                .sum(),
        ),
        (
            "walks",
            pairs()
                .zip(passes())
                .map(|(pairs, passes)| lists(pairs / 2.0) * passes)
                .sum(),
        ),
        ("passes", passes().sum()),
        ("hidden neurons", hidden.iter().sum::<usize>() as f64),
        ("outputs", layers.last().copied().unwrap_or(0) as f64),
        ("padded", f64::from(u8::from(is_padded))),
        ("padding", padding),
    ];
    if path.scales() {
        terms.extend([
            ("inputs", all as f64),
            ("inputs that are not zero", inputs.nonzero),
        ]);
    }
    terms
}

/// Code grows with the number of layers, and where inputs must be filled up.
fn code(layers: &[usize]) -> Vec<Term> {
    let inputs = layers.first().copied().unwrap_or(0);
    let is_padded = inputs > FEW && !inputs.is_multiple_of(8);
    vec![
        ("one", 1.0),
        ("layers", layers.len() as f64 - 1.0),
        ("padded", f64::from(u8::from(is_padded))),
    ]
}

/// The stack holds inputs, activations and errors.
fn stack(layers: &[usize]) -> Vec<Term> {
    let inputs = layers.first().copied().unwrap_or(0);
    let neurons = || layers.iter().skip(1).copied();
    let padding = if inputs.is_multiple_of(8) { 0 } else { inputs };
    vec![
        ("one", 1.0),
        ("layers", neurons().count() as f64),
        ("inputs", inputs as f64),
        ("neurons", neurons().sum::<usize>() as f64),
        ("widest", neurons().max().unwrap_or(0) as f64),
        (
            "widest hidden",
            hidden(layers).iter().copied().max().unwrap_or(0) as f64,
        ),
        ("outputs", neurons().next_back().unwrap_or(0) as f64),
        (
            "passes",
            neurons().map(|size| size.div_ceil(LANES)).sum::<usize>() as f64,
        ),
        ("padding", padding as f64),
    ]
}

/// The sizes between input and output.
fn hidden(layers: &[usize]) -> &[usize] {
    match layers {
        [_, hidden @ .., _] => hidden,
        _ => &[],
    }
}

fn walks(neurons: usize) -> f64 {
    neurons.div_ceil(COLUMNS) as f64
}

/// Full lists and the rest; of a mean over examples nearly so.
fn lists(rows: f64) -> f64 {
    (rows / LISTED - 1e-9).ceil()
}
