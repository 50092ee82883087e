//! What the programs do, step by step: compiled into the firmware and into the host's test, which compares the bits.

use core::borrow::Borrow;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::crc::Crc32;
use smidgen_core::vectors::{VectorsError, self_test};
use smidgen_core::{
    Backprop, Cost, Dense, Image, MiniBatch, Model, ModelError, Network, Row, Vectors, embed_model,
    embed_vectors, init, learn, learn_last_layer, model::Header, network,
};

/// The trained network of the book, in flash.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static MODEL: Model<network![784, 30, 10]> =
    embed_model!("../../fixtures/digits.model", [784, 30, 10]);

/// The model with one bit of one weight flipped, the lowest of its exponent, as a tired flash cell would.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static BROKEN: Model<network![784, 30, 10]> = {
    const BYTES: &[u8] = include_bytes!("../../fixtures/digits.model");
    let Ok(header) = Header::parse(BYTES) else {
        panic!("no model");
    };
    let mut layer = Dense::ZERO;
    let Ok(position) = layer.read(BYTES, header.parameters()) else {
        panic!("no hidden layer");
    };
    let mut rest = Dense::ZERO;
    let Ok(_) = rest.read(BYTES, position) else {
        panic!("no output layer");
    };
    let weight = &mut layer.weights[400].0[7];
    *weight = f32::from_bits(weight.to_bits() ^ 1 << 23);
    Model::new(smidgen_core::Chain { layer, rest }, &header)
};

/// A network of the vectors' shape that claims to be another model's.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static STRANGER: Model<network![784, 10]> = {
    match Header::parse(include_bytes!("../../../core/testdata/xor.model")) {
        Ok(header) => Model::new(Dense::ZERO, &header),
        Err(error) => panic!("{}", error.message()),
    }
};

/// The first 100 images of the test set and what the model says of them; in a section of their own, so that the
/// report can tell them from code.
#[cfg_attr(target_os = "none", unsafe(link_section = ".images"))]
static HUNDRED_BYTES: [u8; 82_528] = *include_bytes!("../../fixtures/digits-100.vectors");
static HUNDRED: Vectors<784, 10> = match Vectors::parse(&HUNDRED_BYTES) {
    Ok(vectors) => vectors,
    Err(error) => panic!("{}", error.message()),
};

/// The first 10 of them.
static TEN: Vectors<784, 10> = embed_vectors!("../../fixtures/digits-10.vectors", [784, 10]);

/// Where starting weights come from.
const SEED: u64 = 2026;
/// η for single examples.
const IN_PLACE_RATE: f32 = 0.5;
/// η for mini-batches, as in the book.
const MINI_BATCH_RATE: f32 = 3.0;
/// Examples of a mini-batch.
const MINI_BATCH: usize = 10;
/// Examples learned one by one.
const STEPS: usize = 20;

/// Who hears of what happens.
pub trait Report {
    /// Does a piece of work whose cost counts.
    fn measured<R>(&mut self, step: &'static str, work: impl FnOnce() -> R) -> R;

    /// A number.
    fn value(&mut self, step: &'static str, value: u32);

    /// An output, of which every bit counts.
    fn output(&mut self, step: &'static str, output: &Row<10>);

    /// A network, of whose weights every bit counts.
    fn weights<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
        step: &'static str,
        network: &N,
    );
}

/// Nobody hears of it.
pub struct Silence;

impl Report for Silence {
    fn measured<R>(&mut self, _: &'static str, work: impl FnOnce() -> R) -> R {
        work()
    }

    fn value(&mut self, _: &'static str, value: u32) {
        core::hint::black_box(value);
    }

    fn output(&mut self, _: &'static str, output: &Row<10>) {
        core::hint::black_box(output);
    }

    fn weights<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
        _: &'static str,
        network: &N,
    ) {
        core::hint::black_box(network);
    }
}

/// The checksum of all weights and biases, in the order of the model file.
pub fn digest<N: Network<I, O>, const I: usize, const O: usize>(network: &N) -> u32 {
    let mut crc = Crc32::START;
    network.for_each_parameter(|parameter| crc = crc.with(&parameter.to_le_bytes()));
    crc.value()
}

/// What the model in flash says of an image.
#[inline(never)]
pub fn infer(image: &Image, output: &mut Row<10>) {
    *output = MODEL.feedforward(image);
}

/// The images of [`classify`].
#[inline(always)]
pub fn images() -> impl Iterator<Item = &'static Image> {
    HUNDRED.iter().map(|vector| vector.image)
}

/// The model in flash over 100 test images.
pub fn classify(report: &mut impl Report) {
    for vector in HUNDRED.iter() {
        let mut output = Row::ZERO;
        report.measured("classify", || infer(vector.image, &mut output));
        report.output("classify", &output);
        report.value("label", u32::from(vector.label));
        report.value("answer", smidgen_core::classify(&output) as u32);
    }
}

/// A quarter of an image's pixels, each the mean of four; for processors without memory for more.
#[must_use]
pub fn quarter(image: &'static Image) -> [u8; 196] {
    let mut small = [0; 196];
    let (rows, _) = image.as_chunks::<56>();
    for (to, rows) in small.chunks_exact_mut(14).zip(rows) {
        let (upper, lower) = rows.split_at(28);
        let pairs = upper
            .as_chunks::<2>()
            .0
            .iter()
            .zip(lower.as_chunks::<2>().0);
        for (to, (&[a, b], &[c, d])) in to.iter_mut().zip(pairs) {
            *to = ((u16::from(a) + u16::from(b) + u16::from(c) + u16::from(d)) / 4) as u8;
        }
    }
    small
}

/// An image as it is.
#[must_use]
pub fn whole(image: &'static Image) -> &'static Image {
    image
}

/// The images to learn from, over and over.
fn examples() -> impl Iterator<Item = (&'static Image, usize)> {
    core::iter::repeat_with(|| HUNDRED.iter())
        .flatten()
        .map(|vector| (vector.image, usize::from(vector.label)))
}

/// Learning from a Gaussian start: in place, then by mini-batches, the last of which is short.
pub fn learn_all<N: Network<I, 10>, const I: usize, X: Borrow<[u8; I]>>(
    network: &mut N,
    prepare: impl Fn(&'static Image) -> X,
    report: &mut impl Report,
) {
    let mut examples = examples();
    init::unit_gaussian(network, &mut XorShiftRng::seed_from_u64(SEED));
    report.weights("start", network);

    for (image, label) in examples.by_ref().take(STEPS) {
        let input = prepare(image);
        report.measured("in-place", || in_place(network, input.borrow(), label));
    }
    report.weights("in-place", network);

    for length in [MINI_BATCH, MINI_BATCH, 7] {
        let step = if length == MINI_BATCH {
            "mini-batch"
        } else {
            "short-batch"
        };
        let batch = examples.by_ref().take(length);
        report.measured(step, || mini_batch(network, batch, &prepare));
        report.weights(step, network);
    }
}

/// Learns one example.
#[inline(never)]
fn in_place<N: Network<I, 10>, const I: usize>(network: &mut N, image: &[u8; I], label: usize) {
    learn(
        network,
        Cost::Quadratic,
        image,
        label,
        IN_PLACE_RATE,
        &mut Backprop::zero(),
    );
}

/// Learns a mini-batch of images as they come.
#[inline(never)]
fn mini_batch<N: Network<I, 10>, const I: usize, X: Borrow<[u8; I]>>(
    network: &mut N,
    examples: impl Iterator<Item = (&'static Image, usize)>,
    prepare: &impl Fn(&'static Image) -> X,
) {
    let mut batch = MiniBatch::<MINI_BATCH, I, _>::new();
    for (image, label) in examples {
        let input = prepare(image);
        batch.learn(
            network,
            Cost::Quadratic,
            input.borrow(),
            label,
            MINI_BATCH_RATE,
        );
    }
    batch.update(network, MINI_BATCH_RATE);
}

/// Learning of the output layer from a Gaussian start, on what the hidden layer in flash makes of the images.
pub fn learn_output_layer(report: &mut impl Report) {
    let mut layer = Dense::<30, 10>::ZERO;
    init::unit_gaussian(&mut layer, &mut XorShiftRng::seed_from_u64(SEED));
    for (image, label) in examples().take(STEPS) {
        report.measured("output-layer", || output_layer(&mut layer, image, label));
    }
    report.weights("output-layer", &layer);
}

/// Learns one example with the output layer.
#[inline(never)]
fn output_layer(layer: &mut Dense<30, 10>, image: &Image, label: usize) {
    let scratch = &mut Backprop::zero();
    learn_last_layer(
        &MODEL.layer,
        layer,
        Cost::Quadratic,
        image,
        label,
        IN_PLACE_RATE,
        scratch,
    );
}

/// Vectors and checksums, those of a broken model and of a stranger among them.
pub fn check(report: &mut impl Report) {
    let found = |result: Result<(), ModelError>| match result {
        Ok(()) => 0,
        Err(ModelError::Checksum { found, .. }) => found,
        Err(_) => u32::MAX,
    };
    report.value("verify", found(MODEL.verify()));
    report.value("verify-broken", found(BROKEN.verify()));
    let equal = |result: Result<smidgen_core::vectors::Agreement, VectorsError>| match result {
        Ok(agreement) => agreement.equal as u32,
        Err(VectorsError::Model { found, .. }) => found,
        Err(_) => u32::MAX,
    };
    report.value("vectors", TEN.len() as u32);
    report.value("vectors-equal", equal(self_test(&MODEL, &TEN)));
    report.value("vectors-broken", equal(self_test(&BROKEN, &TEN)));
    report.value("vectors-stranger", equal(self_test(&STRANGER, &TEN)));
}
