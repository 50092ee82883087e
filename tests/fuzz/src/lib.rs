//! What fuzzing asserts of everything that reads foreign bytes: any bytes give a value or a named error, a value holds
//! its invariants, and what is decoded and encoded again is the same.
//!
//! One function for each target; `fuzz_targets` runs them under libFuzzer, a test of the whole replays the corpus.

#[path = "../../../host/page/src/raster.rs"]
pub mod raster;

use smidgen::data::idx::{Images, read_labels};
use smidgen::interchange::{self, Portable, Source};
use smidgen::network::ModelFile;
use smidgen::training::checkpoint;
use smidgen_core::crc::Crc32;
use smidgen_core::vectors::{self, Vectors};
use smidgen_core::{
    Half, HalfNetwork, Network, QuantizedNetwork, Stored, half_network, model, network,
    quantized_network,
};

/// What is run with the bytes that a fuzzer makes.
pub type Target = fn(&[u8]);

/// All targets by name; each has a folder of that name in `corpus`.
pub const TARGETS: [(&str, Target); 9] = [
    ("idx", idx),
    ("model", model),
    ("quantized", quantized),
    ("halves", halves),
    ("vectors", vectors),
    ("checkpoint", checkpoint),
    ("safetensors", safetensors),
    ("network2", network2),
    ("draw", draw),
];

/// A network so small that a fuzzer can write it.
type Small = network![2, 3, 1];

/// An integer network of that kind.
type SmallQuantized = quantized_network![2, 3, 1];

/// A network of 16-bit weights of that kind.
type SmallHalves = half_network![2, 3, 1];

/// The bytes as they are, and with the right CRC-32 at their end, which no fuzzer finds by chance.
fn with_and_without_seal(bytes: &[u8]) -> [Vec<u8>; 2] {
    let mut sealed = bytes.to_vec();
    if let Some((content, checksum)) = sealed.split_last_chunk_mut::<4>() {
        *checksum = Crc32::START.with(content).value().to_le_bytes();
    }
    [bytes.to_vec(), sealed]
}

/// Files of images and of labels, raw and gzip.
///
/// # Panics
///
/// If a reader does not keep its promise, as all functions here.
pub fn idx(bytes: &[u8]) {
    let header =
        |numbers: &[u32]| -> Vec<u8> { numbers.iter().flat_map(|n| n.to_be_bytes()).collect() };
    let same = |file: &[u8]| bytes.starts_with(&[0x1f, 0x8b]) || file == bytes;
    let mut pixels = Vec::new();
    if let Ok(images) = Images::open(bytes) {
        let (count, inputs) = (images.count(), images.inputs());
        let shape = images.shape().to_vec();
        let mut sizes = vec![0x0801 + shape.len() as u32, count as u32];
        sizes.extend(shape.iter().map(|&size| u32::from(size)));
        let read = images.for_each(|_, image| pixels.extend_from_slice(image));
        if read.is_ok() {
            assert_eq!(pixels.len(), inputs * count);
            let file = [header(&sizes), pixels].concat();
            assert!(same(&file));
        }
    }
    if let Ok(labels) = read_labels(bytes) {
        let file = [header(&[0x0801, labels.len() as u32]), labels].concat();
        assert!(same(&file));
    }
}

/// Model files: of any size as the host reads them, of a small one as the core does.
///
/// # Panics
///
/// If a reader does not keep its promise.
pub fn model(bytes: &[u8]) {
    for bytes in with_and_without_seal(bytes) {
        if let Ok(file) = ModelFile::parse(bytes.clone()) {
            assert!(file.sizes().len() >= 2 && !file.sizes().contains(&0));
            let pairs = file.sizes().windows(2);
            let parameters: usize = pairs.map(|pair| (pair[0] + 1) * pair[1]).sum();
            assert_eq!(file.parameters(), parameters);
            assert_eq!(file.bytes(), bytes);
        }
        let mut network = Small::ZERO;
        if model::decode(&bytes, &mut network).is_ok() {
            assert!(network.is_finite());
            comes_back(&bytes, &network);
        }
    }
}

/// Integer models: what is read never overflows, so debug builds of both paths run, and with the same bits.
///
/// # Panics
///
/// If a reader does not keep its promise.
pub fn quantized(bytes: &[u8]) {
    for bytes in with_and_without_seal(bytes) {
        let mut network = SmallQuantized::ZERO;
        if model::decode(&bytes, &mut network).is_ok() {
            comes_back(&bytes, &network);
            for image in [[0, 0], [255, 255], [255, 0], [1, 254]] {
                let scores = network.feedforward(&image);
                assert_eq!(scores, network.feedforward_constant_time(&image));
            }
        }
    }
}

/// Models of 16-bit weights: what is read gives the bits of the float network with the decoded numbers.
///
/// # Panics
///
/// If a reader does not keep its promise.
pub fn halves(bytes: &[u8]) {
    for bytes in with_and_without_seal(bytes) {
        let mut network = SmallHalves::ZERO;
        if model::decode(&bytes, &mut network).is_ok() {
            comes_back(&bytes, &network);
            let (mut float, mut numbers) = (Small::ZERO, Vec::new());
            network.for_each_part(|part| {
                let half = part.try_into().ok().map(u16::from_le_bytes);
                let half = half.and_then(Half::from_bits).expect("it was read");
                numbers.extend(half.to_f32().to_le_bytes());
            });
            float.read_parameters(&numbers, 0).expect("they are finite");
            for image in [[0, 0], [255, 255], [255, 0], [1, 254]] {
                let outputs = [network.feedforward(&image), float.feedforward(&image)];
                let [half, float] = outputs.map(|output| output[0].to_bits());
                assert_eq!(half, float);
            }
        }
    }
}

/// A network that was read from a file gives the same file with the same words, be they a note or blocks.
fn comes_back(bytes: &[u8], network: &impl Stored) {
    let header = model::Header::parse(bytes).expect("it was decoded");
    let words = &bytes[12 + 4 * header.sizes().count()..header.parameters()];
    let mut file = Vec::new();
    let write = |part: &[u8]| file.extend_from_slice(part);
    let crc32 = if bytes[4] == model::VERSION_1.to_le_bytes()[0] {
        model::encode(network, header.note(), write)
    } else {
        model::encode_described(network, words, write)
    };
    assert_eq!((file.as_slice(), crc32), (bytes, header.crc32()));
}

/// Files of test vectors.
///
/// # Panics
///
/// If a reader does not keep its promise.
pub fn vectors(bytes: &[u8]) {
    for bytes in with_and_without_seal(bytes) {
        if let Ok(read) = Vectors::<2, 1>::parse(&bytes) {
            let all: Vec<_> = read.iter().collect();
            assert_eq!((all.len(), all.is_empty()), (read.len(), read.is_empty()));
            let mut file = Vec::new();
            vectors::encode(read.model_crc32(), &all, |part| {
                file.extend_from_slice(part);
            });
            assert_eq!(file, bytes);
        }
    }
}

/// Checkpoints of a small network.
///
/// # Panics
///
/// If a reader does not keep its promise.
pub fn checkpoint(bytes: &[u8]) {
    for bytes in with_and_without_seal(bytes) {
        let Ok(whole) = checkpoint::Whole::parse(&bytes) else {
            continue;
        };
        if let Ok(read) = whole.decode(&[2, 3, 1]) {
            let finite = |parameters: &Vec<f32>| parameters.iter().all(|p| p.is_finite());
            assert!(finite(&read.snapshot.parameters));
            assert!(read.snapshot.velocity.as_ref().is_none_or(finite));
            assert_eq!(checkpoint::encode(whole.settings(), &read), bytes);
        }
    }
}

/// safetensors.
///
/// # Panics
///
/// If the reader does not keep its promise.
pub fn safetensors(bytes: &[u8]) {
    foreign(
        bytes,
        interchange::safetensors::decode,
        interchange::safetensors::encode,
    );
}

/// The JSON of `network2.py`.
///
/// # Panics
///
/// If the reader does not keep its promise.
pub fn network2(bytes: &[u8]) {
    foreign(
        bytes,
        interchange::network2::decode,
        interchange::network2::encode,
    );
}

/// A network of another program: what is read can be written, and reads as the same again.
fn foreign<E: std::fmt::Debug>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<Portable, E>,
    encode: impl Fn(&Portable) -> Result<Vec<u8>, E>,
) {
    if let Some(source) = Source::of(bytes, None) {
        let _: Result<Portable, _> = source.decode(bytes);
    }
    let Ok(network) = decode(bytes) else {
        return;
    };
    let mut inputs = network.sizes()[0];
    for layer in &network.layers {
        assert_eq!((layer.inputs, layer.biases.len()), (inputs, layer.neurons));
        assert_eq!(layer.weights().len(), layer.inputs * layer.neurons);
        let mut all = layer.weights().iter().chain(&layer.biases);
        assert!(all.all(|value| value.is_finite()));
        inputs = layer.neurons;
    }
    let file = encode(&network).expect("what was read can be written");
    let again = decode(&file).expect("what was written can be read");
    assert_eq!(again, network);
    assert_eq!(encode(&again).expect("it was written before"), file);
}

/// Strokes on the page's paper; the first byte says how many points a stroke has, coordinates may be NaN and infinities.
///
/// # Panics
///
/// If there is an image of what is no drawing, or none of what is one.
pub fn draw(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let numbers = rest.as_chunks().0.iter().map(|n| f32::from_le_bytes(*n));
    let numbers: Vec<f32> = numbers.collect();
    let points: &[raster::Point] = numbers.as_chunks().0;
    let strokes = points.chunks(1 + usize::from(first % 16));
    let near = |point: &raster::Point| point.iter().all(|x| x.abs() <= raster::FARTHEST);
    let image = raster::image(strokes.clone());
    assert_eq!(
        image.is_some(),
        !points.is_empty() && points.iter().all(near)
    );
    if let Some(image) = image {
        assert!(image.iter().any(|&pixel| pixel > 0));
        let groups = raster::side_by_side(strokes.clone());
        assert!((1..=strokes.count()).contains(&groups));
        raster::resize(&image, 8, &mut [0; 8 * 8]);
    }
}
