//! What is compared: compiled into the program that runs everywhere and into the host's test.
//!
//! Every line is the name of a piece of work and the CRC-32 of the bits that came of it. NaN is left out, whose bits
//! IEEE 754 leaves to the processor.

use core::fmt::Arguments;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::activation::{exp, sigmoid, sigmoid_prime_from_activation};
use smidgen_core::batch::Examples;
use smidgen_core::crc::Crc32;
use smidgen_core::image::SIDE;
use smidgen_core::vectors::self_test;
use smidgen_core::{
    Backprop, Cost, Network, QuantizedNetwork, Regularization, Stored, Vectors, backprop, centre,
    init, learn, model, network, quantized_network, ranked, update_mini_batch, update_regularized,
    update_with_momentum,
};

use super::scenario::{self, Report};

/// The network that learns the firmware's way.
type Digits = network![784, 30, 10];
/// A network for a quarter of the pixels, small enough for any stack.
type Small = network![196, 10, 10];
/// A quarter of an image's pixels.
type SmallImage = [u8; 196];

const FLOAT_FILE: &[u8] = include_bytes!("../../fixtures/digits.model");
const INTEGER_FILE: &[u8] = include_bytes!("../../fixtures/digits.q8.model");
const VECTORS_FILE: &[u8] = include_bytes!("../../fixtures/digits-10.vectors");

/// Where starting weights come from.
const SEED: u64 = 2027;
/// η.
const LEARNING_RATE: f32 = 0.75;
/// μ.
const MOMENTUM: f32 = 0.8;
/// λ/n.
const STRENGTH: f32 = 0.01;
/// Examples of a mini-batch, and mini-batches.
const BATCH: usize = 10;

/// Does everything and prints a line for each piece; `network` is overwritten, never read.
pub fn run(network: &mut Digits, print: &mut dyn FnMut(Arguments<'_>)) {
    let mut lines = Lines {
        part: "",
        sum: Crc32::START,
        print,
    };
    infer(&mut lines);
    learn_as_the_firmware(network, &mut lines);
    learn_with_techniques(&mut lines);
    read_and_write(network, &mut lines);
    lines.part("centre", draw);
    lines.part("cost", price);
    lines.part("exp", |lines| sweep(exp, lines));
    lines.part("sigmoid", |lines| sweep(sigmoid, lines));
    lines.part("slope", |lines| sweep(sigmoid_prime_from_activation, lines));
}

/// Writes down the checksum of each part.
struct Lines<'a> {
    part: &'static str,
    sum: Crc32,
    print: &'a mut dyn FnMut(Arguments<'_>),
}

impl Lines<'_> {
    /// Does a part and prints the checksum of all that is reported from it.
    fn part(&mut self, name: &'static str, work: impl FnOnce(&mut Self)) {
        self.part = name;
        self.sum = Crc32::START;
        work(self);
        (self.print)(format_args!("{name}: {:08x}", self.sum.value()));
    }

    fn add(&mut self, bytes: &[u8]) {
        self.sum = self.sum.with(bytes);
    }

    fn number(&mut self, number: f32) {
        self.add(&number.to_le_bytes());
    }
}

impl Report for Lines<'_> {
    fn measured<R>(&mut self, _: &'static str, work: impl FnOnce() -> R) -> R {
        work()
    }

    fn value(&mut self, _: &'static str, value: u32) {
        self.add(&value.to_le_bytes());
    }

    fn output(&mut self, _: &'static str, output: &[u32; 10]) {
        for bits in output {
            self.add(&bits.to_le_bytes());
        }
    }

    /// A line of its own, so that a difference shows where it began.
    fn weights<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
        step: &'static str,
        network: &N,
    ) {
        let digest = scenario::digest(network);
        (self.print)(format_args!("{}, {step}: {digest:08x}", self.part));
        self.add(&digest.to_le_bytes());
    }
}

/// Answers of the models in the program, and what they say of their own bits.
fn infer(lines: &mut Lines<'_>) {
    lines.part("float inference", scenario::classify);
    lines.part("integer inference", scenario::classify_quantized);
    lines.part(
        "integer inference in constant time",
        scenario::classify_constant_time,
    );
    lines.part("float self-test", scenario::check);
    lines.part("integer self-test", scenario::check_quantized);
    lines.part("ranking", rank);
}

fn rank(lines: &mut Lines<'_>) {
    for image in scenario::images() {
        for entry in ranked(&scenario::infer(image)) {
            lines.value("class", entry.class as u32);
            lines.number(entry.activation);
        }
        lines.add(&scenario::infer_quantized(image).activations());
    }
}

/// Learning of all layers and of the last alone: example by example, and by mini-batches.
fn learn_as_the_firmware(network: &mut Digits, lines: &mut Lines<'_>) {
    lines.part("learning", |lines| {
        scenario::learn_all(network, scenario::whole, lines);
    });
    lines.part("learning of quarters", |lines| {
        let mut small = Small::ZERO;
        scenario::learn_all(&mut small, scenario::quarter, lines);
    });
    lines.part("learning of the output layer", scenario::learn_output_layer);
    lines.part("learning of numbers", learn_numbers);
}

/// The exclusive or, from inputs that are floats.
fn learn_numbers(lines: &mut Lines<'_>) {
    let mut network = <network![2, 3, 2]>::ZERO;
    init::unit_gaussian(&mut network, &mut XorShiftRng::seed_from_u64(SEED));
    let examples = [([0.0, 0.1], 0), ([0.2, 1.0], 1), ([0.9, 0.0], 1)];
    let scratch = &mut Backprop::zero();
    for (input, label) in examples.iter().cycle().take(300) {
        learn(
            &mut network,
            Cost::CrossEntropy,
            input,
            *label,
            LEARNING_RATE,
            scratch,
        );
    }
    lines.weights("weights", &network);
}

/// What an update does with a mini-batch.
#[derive(Clone, Copy)]
enum Technique {
    Plain,
    Regularized(Regularization),
    Momentum(Regularization),
}

/// Learning by mini-batches, once with each technique, all from the same start.
fn learn_with_techniques(lines: &mut Lines<'_>) {
    let l1 = Regularization::L1 { strength: STRENGTH };
    let l2 = Regularization::L2 { strength: STRENGTH };
    let techniques = [
        ("plain", Cost::Quadratic, Technique::Plain),
        ("cross-entropy", Cost::CrossEntropy, Technique::Plain),
        ("L1", Cost::CrossEntropy, Technique::Regularized(l1)),
        ("L2", Cost::CrossEntropy, Technique::Regularized(l2)),
        ("momentum", Cost::Quadratic, Technique::Momentum(l1)),
        ("momentum, L2", Cost::Quadratic, Technique::Momentum(l2)),
    ];
    lines.part("mini-batches", |lines| {
        for (name, cost, technique) in techniques {
            lines.weights(name, &learned(cost, technique));
        }
    });
}

/// What comes of one technique.
fn learned(cost: Cost, technique: Technique) -> Small {
    let (mut network, mut velocity) = (Small::ZERO, Small::ZERO);
    init::scaled_gaussian(&mut network, &mut XorShiftRng::seed_from_u64(SEED));
    let mut images = scenario::images().map(scenario::quarter);
    for _ in 0..BATCH {
        let inputs: [SmallImage; BATCH] =
            core::array::from_fn(|_| images.next().unwrap_or([0; 196]));
        update(&mut network, &mut velocity, &inputs, cost, technique);
    }
    network
}

/// Learns one mini-batch; the label of each image is its place in it, which is as good as any.
fn update(
    network: &mut Small,
    velocity: &mut Small,
    inputs: &[SmallImage; BATCH],
    cost: Cost,
    technique: Technique,
) {
    let mut examples = [Backprop::zero(); BATCH];
    for (label, (input, example)) in inputs.iter().zip(&mut examples).enumerate() {
        backprop(network, cost, input, label, example);
    }
    let batch = Examples::new(BATCH, |i| inputs.get(i));
    let rate = LEARNING_RATE;
    let learned = match technique {
        Technique::Plain => update_mini_batch(network, &batch, &examples, rate),
        Technique::Regularized(pull) => update_regularized(network, &batch, &examples, rate, pull),
        Technique::Momentum(pull) => {
            update_with_momentum(network, velocity, &batch, &examples, rate, MOMENTUM, pull)
        }
    };
    assert!(learned, "all of it is finite");
}

/// Model files and test vectors, read and written when the program runs and not when it is compiled.
fn read_and_write(network: &mut Digits, lines: &mut Lines<'_>) {
    lines.part("float file", |lines| copy(FLOAT_FILE, network, lines));
    lines.part("integer file", |lines| {
        let mut network = <quantized_network![784, 30, 10] as QuantizedNetwork<784, 10>>::ZERO;
        copy(INTEGER_FILE, &mut network, lines);
    });
    lines.part("test vectors", |lines| {
        let vectors = Vectors::parse(core::hint::black_box(VECTORS_FILE)).expect("vectors");
        let agreement = self_test(&scenario::MODEL, &vectors).expect("the model's vectors");
        lines.value("equal", agreement.equal as u32);
    });
}

/// Reads a file into a network, and writes it again.
fn copy<N: Stored>(file: &[u8], network: &mut N, lines: &mut Lines<'_>) {
    model::decode(core::hint::black_box(file), network).expect("a model file");
    // Not the bytes: the CRC-32 of anything that ends with its own is always the same.
    let checksum = model::encode(network, "a copy", |_| {});
    lines.value("checksum", checksum);
}

/// Pictures made into images: digits as they are, the same bytes as rows of another length, and a line thin as a hair.
fn draw(lines: &mut Lines<'_>) {
    for image in scenario::images() {
        for width in [SIDE, 37] {
            lines.add(&centre(image, width).unwrap_or([0; 784]));
        }
    }
    let mut hair = [0; 120 * 90];
    for y in 0..80 {
        hair[120 * y + y + y / 3] = 200;
    }
    lines.add(&centre(&hair, 120).unwrap_or([0; 784]));
}

/// The cost of every answer.
fn price(lines: &mut Lines<'_>) {
    for (image, label) in scenario::images().zip((0..10).cycle()) {
        let output = scenario::infer(image);
        lines.number(Cost::Quadratic.value(&output, label));
        lines.number(Cost::CrossEntropy.value(&output, label));
    }
}

/// A function over floats of every exponent and sign, 65,000 of them; the step is a prime.
fn sweep(function: impl Fn(f32) -> f32, lines: &mut Lines<'_>) {
    let numbers = (0..=u32::MAX).step_by(65_537).map(f32::from_bits);
    for x in numbers {
        let y = function(core::hint::black_box(x));
        if !y.is_nan() {
            lines.number(y);
        }
    }
}
