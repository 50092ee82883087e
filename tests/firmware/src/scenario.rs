//! What the programs do, step by step: compiled into the firmware and into the host's test, which compares the bits.

use core::borrow::Borrow;

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::crc::Crc32;
use smidgen_core::image::ink;
use smidgen_core::vectors::{VectorsError, self_test};
use smidgen_core::{
    Answer, Backprop, Cost, Dense, HalfNetwork, Image, Inference, MiniBatch, Model, ModelError,
    Network, Output, QuantizedNetwork, Rejection, Row, Scores, Vectors, embed_model, embed_vectors,
    half_network, init, learn, learn_last_layer, model::Header, network, quantized_network,
};

/// The trained network of the book, in flash.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static MODEL: Model<network![784, 30, 10]> =
    embed_model!("../../fixtures/digits.model", [784, 30, 10]);

/// The integer network made of it, in flash.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static QUANTIZED: Model<quantized_network![784, 30, 10]> =
    embed_model!("../../fixtures/digits.q8.model", i8, [784, 30, 10]);

/// The same network as the float model with its weights in 16 bits, in flash.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static HALVES: Model<half_network![784, 30, 10]> =
    embed_model!("../../fixtures/digits.f16.model", f16, [784, 30, 10]);

/// A model of [784, 30, 10] with one bit of one weight flipped, as a tired flash cell would; the bit's position counts
/// from the first weight.
macro_rules! broken {
    ($path:literal, $network:ident, $bit:expr) => {{
        let whole = include_bytes!($path);
        let Ok(header) = Header::parse(whole) else {
            panic!("no model");
        };
        let mut bytes = *whole;
        bytes[header.parameters() + $bit / 8] ^= 1 << ($bit % 8);
        let mut layer = <$network![784, 30]>::ZERO;
        let Ok(position) = layer.read(&bytes, header.parameters()) else {
            panic!("no hidden layer");
        };
        let mut rest = <$network![30, 10]>::ZERO;
        let Ok(_) = rest.read(&bytes, position) else {
            panic!("no output layer");
        };
        Model::new(smidgen_core::Chain { layer, rest }, &header)
    }};
}

/// The model with the lowest bit of an exponent flipped, in the weight from input 400 to neuron 7.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
#[allow(long_running_const_eval)]
pub static BROKEN: Model<network![784, 30, 10]> = broken!(
    "../../fixtures/digits.model",
    network,
    32 * (784 * 7 + 400) + 23
);

/// The integer model with a bit flipped that is worth 32 steps of a weight, the first of the output layer.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
#[allow(long_running_const_eval)]
pub static QUANTIZED_BROKEN: Model<quantized_network![784, 30, 10]> = broken!(
    "../../fixtures/digits.q8.model",
    quantized_network,
    8 * (784 * 30 + 8 * 30) + 5
);

/// The model of 16-bit weights with the lowest bit of an exponent flipped, in the weight from input 400 to neuron 7.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
#[allow(long_running_const_eval)]
pub static HALVES_BROKEN: Model<half_network![784, 30, 10]> = broken!(
    "../../fixtures/digits.f16.model",
    half_network,
    16 * (784 * 7 + 400) + 10
);

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

/// What the integer model says of them.
static TEN_QUANTIZED: Vectors<784, 10> =
    embed_vectors!("../../fixtures/digits-10.q8.vectors", [784, 10]);

/// What the model of 16-bit weights says of them.
static TEN_HALVES: Vectors<784, 10> =
    embed_vectors!("../../fixtures/digits-10.f16.vectors", [784, 10]);

/// A network beside the large one, as a second sensor has it; what its weights are does not matter.
#[cfg_attr(target_os = "none", unsafe(link_section = ".model"))]
pub static SMALL: network![24, 12, 4] = smidgen_core::Chain {
    layer: Dense {
        weights: patterned(),
        biases: Row([0.25; 12]),
    },
    rest: Dense {
        weights: patterned(),
        biases: Row([-0.125; 4]),
    },
};

/// Weights from −0.75 to 0.75 of every sign and of many sizes.
const fn patterned<const IN: usize, const OUT: usize>() -> [Row<OUT>; IN] {
    let mut weights = [Row::ZERO; IN];
    let mut number = 0;
    while number < IN * OUT {
        weights[number / OUT].0[number % OUT] = (number * 7 % 13) as f32 / 8.0 - 0.75;
        number += 1;
    }
    weights
}

/// Where starting weights come from.
pub const SEED: u64 = 2026;
/// η for single examples.
pub const IN_PLACE_RATE: f32 = 0.5;
/// η for mini-batches, as in the book.
pub const MINI_BATCH_RATE: f32 = 3.0;
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
    fn output(&mut self, step: &'static str, output: &[u32; 10]);

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

    fn output(&mut self, _: &'static str, output: &[u32; 10]) {
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
pub fn infer(image: &Image) -> Row<10> {
    MODEL.feedforward(image)
}

/// The images of [`classify`].
#[inline(always)]
pub fn images() -> impl Iterator<Item = &'static Image> {
    HUNDRED.iter().map(|vector| vector.image)
}

/// What the integer model in flash says of an image, leaving out zeros.
#[inline(never)]
pub fn infer_quantized(image: &Image) -> Scores<10> {
    QUANTIZED.feedforward(image)
}

/// The same in a time that does not depend on the image.
#[inline(never)]
pub fn infer_constant_time(image: &Image) -> Scores<10> {
    QUANTIZED.feedforward_constant_time(image)
}

/// What the model of 16-bit weights in flash says of an image.
#[inline(never)]
pub fn infer_halves(image: &Image) -> Row<10> {
    HALVES.feedforward(image)
}

/// The model in flash over 100 test images.
pub fn classify(report: &mut impl Report) {
    classify_by(infer, report);
}

/// What the small network says of 24 pixels in the middle of an image.
#[inline(never)]
pub fn infer_small(image: &Image) -> Row<4> {
    let (parts, _) = image.as_chunks::<24>();
    let middle = parts.get(16);
    middle.map_or(Row::ZERO, |part| SMALL.feedforward(part))
}

/// Two networks of different sizes in one image, over 100 test images.
pub fn classify_two(report: &mut impl Report) {
    for vector in HUNDRED.iter() {
        report.output("classify", &infer(vector.image).bits());
        for bits in infer_small(vector.image).bits() {
            report.value("small", bits);
        }
    }
}

/// The model of 16-bit weights in flash over 100 test images.
pub fn classify_halves(report: &mut impl Report) {
    classify_by(infer_halves, report);
}

/// The integer model in flash over 100 test images, zeros left out.
pub fn classify_quantized(report: &mut impl Report) {
    classify_by(infer_quantized, report);
}

/// The integer model in flash over 100 test images, the same instructions for each.
pub fn classify_constant_time(report: &mut impl Report) {
    classify_by(infer_constant_time, report);
}

#[inline(always)]
fn classify_by<T: Output<10>>(infer: impl Fn(&Image) -> T, report: &mut impl Report) {
    for vector in HUNDRED.iter() {
        let output = report.measured("classify", || infer(vector.image));
        report.output("classify", &output.bits());
        report.value("label", u32::from(vector.label));
        report.value("answer", output.class() as u32);
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
    check_model(&MODEL, &BROKEN, &TEN, report);
    check_rejection(&MODEL, &TEN, 0.5, report);
    report.value("vectors-stranger", equal(&STRANGER, &TEN));
}

/// The same of the integer model; the float model's vectors are a stranger's.
pub fn check_quantized(report: &mut impl Report) {
    check_model(&QUANTIZED, &QUANTIZED_BROKEN, &TEN_QUANTIZED, report);
    check_rejection(&QUANTIZED, &TEN_QUANTIZED, 4096, report);
    report.value("vectors-stranger", equal(&QUANTIZED, &TEN));
}

/// And of the model of 16-bit weights.
pub fn check_halves(report: &mut impl Report) {
    check_model(&HALVES, &HALVES_BROKEN, &TEN_HALVES, report);
    check_rejection(&HALVES, &TEN_HALVES, 0.5, report);
    report.value("vectors-stranger", equal(&HALVES, &TEN));
}

/// A model, a broken copy, and the vectors of the first.
fn check_model<N: Inference<784, 10>>(
    model: &Model<N>,
    broken: &Model<N>,
    ten: &Vectors<784, 10>,
    report: &mut impl Report,
) {
    report.value("verify", found(model.verify()));
    report.value("verify-broken", found(broken.verify()));
    report.value("vectors", ten.len() as u32);
    report.value("vectors-equal", equal(model, ten));
    report.value("vectors-broken", equal(broken, ten));
}

/// How many answers a model leaves open: those below a confidence, and those to images of more ink than 120 black pixels.
fn check_rejection<N: Inference<784, 10>>(
    model: &Model<N>,
    ten: &Vectors<784, 10>,
    confidence: <N::Output as Output<10>>::Confidence,
    report: &mut impl Report,
) {
    let rejection = Rejection {
        confidence,
        least: 0,
        greatest: 120 * 255,
    };
    let (mut unsure, mut unlike) = (0, 0);
    for vector in ten.iter() {
        match rejection.answer(&model.infer(vector.image), ink(vector.image)) {
            Answer::Sure(_) => {}
            Answer::Unsure(_) => unsure += 1,
            Answer::Unlike(_) => unlike += 1,
        }
    }
    report.value("unsure", unsure);
    report.value("unlike", unlike);
}

/// The checksum of a model that is not as it was written, 0 of one that is.
fn found(result: Result<(), ModelError>) -> u32 {
    match result {
        Ok(()) => 0,
        Err(ModelError::Checksum { found, .. }) => found,
        Err(_) => u32::MAX,
    }
}

/// Vectors that a model agrees with, or the checksum of the model whose they are.
fn equal<N: Inference<784, 10>>(model: &Model<N>, vectors: &Vectors<784, 10>) -> u32 {
    match self_test(model, vectors) {
        Ok(agreement) => agreement.equal as u32,
        Err(VectorsError::Model { found, .. }) => found,
        Err(_) => u32::MAX,
    }
}
