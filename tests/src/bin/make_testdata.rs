//! Makes `core/testdata/xor.model`, the model of the example of `embed_model!`.
//!
//! usage: `cargo run -p smidgen-tests --bin make_testdata [FILE]`. The same file every time: a fixed seed, and core's
//! arithmetic is the same everywhere.

use std::path::PathBuf;

use smidgen_core::{Backprop, Cost, Network, init, learn, model, network};
use smidgen_tests::random;

const SEED: u64 = 7;
const ROUNDS: usize = 4000;
const LEARNING_RATE: f32 = 3.0;

/// The exclusive or, and the label of each pair. A network of one output has one class, 0, whose target is 1; any
/// other label has the target 0.
const TABLE: [([f32; 2], usize); 4] = [
    ([0.0, 0.0], 1),
    ([0.0, 1.0], 0),
    ([1.0, 0.0], 0),
    ([1.0, 1.0], 1),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/testdata/xor.model"),
        PathBuf::from,
    );
    let mut xor = <network![2, 3, 1]>::ZERO;
    init::unit_gaussian(&mut xor, &mut random::rng(SEED));
    let mut scratch = Backprop::zero();
    for _ in 0..ROUNDS {
        for (input, label) in &TABLE {
            learn(
                &mut xor,
                Cost::Quadratic,
                input,
                *label,
                LEARNING_RATE,
                &mut scratch,
            );
        }
    }
    for (input, label) in &TABLE {
        let a = xor.feedforward(input)[0];
        println!("{input:?}: {a:.4}");
        let right = if *label == 0 { a > 0.9 } else { a < 0.1 };
        if !right {
            return Err(format!("seed {SEED} does not learn {input:?}").into());
        }
    }
    let note = format!("XOR, {ROUNDS} rounds, learning rate {LEARNING_RATE}, seed {SEED}");
    let mut file = Vec::new();
    model::encode(&xor, &note, |bytes| file.extend_from_slice(bytes));
    std::fs::write(&path, &file)?;
    println!("{}: {} bytes", path.display(), file.len());
    Ok(())
}
