//! 1. XOR: a network of three hidden neurons learns what no network without any can.
//!
//! Sizes are a type, weights start from a seed, and `learn` takes one example at a time.
//!
//! `cargo run --release -p smidgen-core --example 01_xor`

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::{Backprop, Cost, Network, init, learn, network};

/// Inputs, and the label: the class whose output should be 1. There is one output, so 1 is no class, and means 0.
const EXAMPLES: [([f32; 2], usize); 4] = [
    ([0.0, 0.0], 1),
    ([0.0, 1.0], 0),
    ([1.0, 0.0], 0),
    ([1.0, 1.0], 1),
];

fn main() {
    let mut xor = <network![2, 3, 1]>::ZERO;
    init::unit_gaussian(&mut xor, &mut XorShiftRng::seed_from_u64(1));
    let mut scratch = Backprop::zero();
    for (input, label) in EXAMPLES.iter().cycle().take(20_000) {
        learn(&mut xor, Cost::Quadratic, input, *label, 3.0, &mut scratch);
    }
    for (input, label) in &EXAMPLES {
        let [a] = xor.feedforward(input).0;
        println!("{} xor {} = {a:.3}", input[0], input[1]);
        assert_eq!(a > 0.5, *label == 0, "the network has not learned XOR");
    }
}
