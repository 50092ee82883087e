//! The steps with numbers that are not finite: rankings, answers, and lessons that must be refused.

use rand_core::{Rng, SeedableRng};
use rand_xorshift::XorShiftRng;
use smidgen_core::batch::Single;
use smidgen_core::crc::Crc32;
use smidgen_core::{
    Backprop, Chain, Cost, MiniBatch, Network, Output, Regularization, Row, init, learn,
    learn_last_layer, network, ranked, update_with_momentum,
};

use super::scenario::{IN_PLACE_RATE, MINI_BATCH_RATE, Report, SEED};

/// Numbers that are not finite.
const BAD: [f32; 4] = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// Whatever bits come in: rankings of 40 classes, answers to and lessons from inputs that are not finite.
pub fn any_bits(report: &mut impl Report) {
    rank_any_bits(report);
    let mut network = <network![3, 4, 10]>::ZERO;
    init::unit_gaussian(&mut network, &mut XorShiftRng::seed_from_u64(SEED));
    report.weights("before", &network);
    for bad in BAD {
        let output = network.feedforward(&[0.5, bad, 0.0]);
        // The sign and the payload of a NaN are the processor's.
        report.output(
            "bad input",
            &output.map(|a| if a.is_nan() { 0 } else { a.to_bits() }),
        );
        report.value("answer", output.class() as u32);
        report.value("lessons", lessons(&mut network, bad));
    }
    report.weights("after", &network);
    let learned = learn(
        &mut network,
        Cost::Quadratic,
        &[0.5, 1.0, 0.0],
        3,
        IN_PLACE_RATE,
        &mut Backprop::zero(),
    );
    report.value("a good lesson", u32::from(learned));
    report.weights("taught", &network);
}

/// The classes of outputs made of random bits, of small integers and of NaN, in their order.
fn rank_any_bits(report: &mut impl Report) {
    let mut rng = XorShiftRng::seed_from_u64(SEED);
    for round in 0..30 {
        let mut output = Row::<40>::ZERO;
        for a in &mut output.0 {
            let word = rng.next_u32();
            *a = match (round % 3, word % 4) {
                (0, _) => f32::from_bits(word),
                (1, 0) => f32::from_bits(word | 0x7f80_0000),
                _ => (word % 5) as f32 - 2.0,
            };
        }
        let mut order = Crc32::START;
        for entry in ranked(&output) {
            order = order.with(&[entry.class as u8]);
        }
        report.value("order", order.value());
        report.value("first", output.class() as u32);
    }
}

/// How many of the ways to learn take a number that is not finite.
fn lessons(network: &mut network![3, 4, 10], bad: f32) -> u32 {
    let cost = Cost::CrossEntropy;
    let (good, input) = ([0.5, 1.0, 0.0], [0.5, bad, 0.0]);
    let scratch = &mut Backprop::zero();
    let by_input = learn(network, cost, &input, 3, IN_PLACE_RATE, scratch);
    let by_rate = learn(network, cost, &good, 3, bad, scratch);
    let Chain { layer, rest } = network;
    let last = learn_last_layer(
        layer,
        rest,
        cost,
        &input,
        3,
        IN_PLACE_RATE,
        &mut Backprop::zero(),
    );
    let mut batch = MiniBatch::<2, 3, _>::new();
    let waits = batch.learn(network, cost, &[1, 2, 3], 1, bad);
    let both = batch.learn(network, cost, &[1, 2, 3], 1, bad);
    let none = batch.update(network, MINI_BATCH_RATE);
    let mut velocity = <network![3, 4, 10]>::ZERO;
    let pull = Regularization::L2 { strength: bad };
    let inputs = Single(&good);
    let by_pull = update_with_momentum(
        network,
        &mut velocity,
        &inputs,
        core::slice::from_ref(scratch),
        bad,
        0.5,
        pull,
    );
    [by_input, by_rate, last, waits, both, none, by_pull]
        .map(u32::from)
        .iter()
        .sum()
}
