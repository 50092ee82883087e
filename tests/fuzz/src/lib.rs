//! What fuzzing asserts of everything that reads foreign bytes: any bytes give a value or a named error, a value holds
//! its invariants, and what is decoded and encoded again is the same.
//!
//! One function for each target; `fuzz_targets` runs them under libFuzzer, a test of the whole replays the corpus.

use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode, header};
use smidgen::data::Dataset;
use smidgen::data::idx::{Images, read_labels};
use smidgen::interchange::{self, Portable, Source};
use smidgen::network::ModelFile;
use smidgen::page::api::Site;
use smidgen::page::raster;
use smidgen::page::server::router;
use smidgen::page::session::School;
use smidgen::training::checkpoint;
use smidgen_core::crc::Crc32;
use smidgen_core::image::PIXELS;
use smidgen_core::vectors::{self, Vectors};
use smidgen_core::{Network, QuantizedNetwork, Stored, model, network, quantized_network};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// What is run with the bytes that a fuzzer makes.
pub type Target = fn(&[u8]);

/// All targets by name; each has a folder of that name in `corpus`.
pub const TARGETS: [(&str, Target); 8] = [
    ("idx", idx),
    ("model", model),
    ("quantized", quantized),
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
        let count = images.count();
        let read = images.for_each(|_, image| pixels.extend_from_slice(image));
        if read.is_ok() {
            assert_eq!(pixels.len(), PIXELS * count);
            let file = [header(&[0x0803, count as u32, 28, 28]), pixels].concat();
            assert!(same(&file));
        }
    }
    if let Ok(labels) = read_labels(bytes) {
        assert!(labels.iter().all(|&label| label < 10));
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

/// A network that was read from a file gives the same file.
fn comes_back(bytes: &[u8], network: &impl Stored) {
    let header = model::Header::parse(bytes).expect("it was decoded");
    let mut file = Vec::new();
    let crc32 = model::encode(network, header.note(), |part| file.extend_from_slice(part));
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

/// Requests to the page for drawing; the first byte says to which address, or that the rest is coordinates.
///
/// # Panics
///
/// If an answer is neither a value nor a refusal.
pub fn draw(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    match kind % 4 {
        0 => request("/api/predict", rest),
        1 => request("/api/teach", rest),
        2 => request("/api/forget", rest),
        _ => coordinates(rest),
    }
}

/// Strokes of coordinates that JSON does not have, too: NaN and infinities.
fn coordinates(bytes: &[u8]) {
    let numbers = bytes.as_chunks().0.iter().map(|n| f32::from_le_bytes(*n));
    let numbers: Vec<f32> = numbers.collect();
    let strokes: Vec<Vec<raster::Point>> = numbers
        .chunks(8)
        .map(|stroke| stroke.as_chunks().0.to_vec())
        .collect();
    let points = strokes.iter().flatten();
    let near = |point: &raster::Point| {
        point
            .iter()
            .all(|x| x.is_finite() && x.abs() <= raster::FARTHEST)
    };
    match raster::image(&strokes) {
        Ok(None) => assert_eq!(points.count(), 0),
        Ok(Some(image)) => {
            assert!(points.clone().all(near));
            assert!(image.iter().any(|&pixel| pixel > 0));
        }
        Err(_) => {
            assert!(points.clone().count() > raster::MOST_POINTS || !points.clone().all(near));
        }
    }
}

/// A site with a network of zeros.
fn site() -> Site {
    Site {
        pupils: School::new(Box::new(<smidgen::network![784, 10, 10]>::zero())),
        sizes: vec![784, 10, 10],
        note: "zeros".into(),
        samples: Dataset::default(),
    }
}

/// Status and body of the answer to a request; all share one server.
fn post(address: &str, body: &[u8]) -> (StatusCode, Bytes) {
    static SERVER: OnceLock<(Runtime, Router)> = OnceLock::new();
    let (runtime, router) = SERVER.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_time().build();
        (runtime.expect("a runtime"), router(site()))
    });
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_vec()))
        .expect("a request");
    runtime.block_on(async {
        let response = router.clone().oneshot(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (head.status, body)
    })
}

fn request(address: &str, body: &[u8]) {
    let (status, body) = post(address, body);
    // Whatever it has learned, the next request meets the server as new.
    let (forgotten, _) = post("/api/forget", br#"{"strokes": []}"#);
    assert_eq!(forgotten, StatusCode::OK);
    let answer: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    if status != StatusCode::OK {
        assert!(status.is_client_error(), "{status}: {answer}");
        assert!(answer["error"].is_string(), "{answer}");
        return;
    }
    let image = answer["image"].as_array().expect("an image").len();
    assert_eq!(image, if answer["empty"] == true { 0 } else { PIXELS });
    if let Some(activations) = answer["answer"]["activations"].as_array() {
        let unit = |a: &serde_json::Value| a.as_f64().is_some_and(|a| (0.0..=1.0).contains(&a));
        assert!(
            activations.len() == 10 && activations.iter().all(unit),
            "{answer}"
        );
    }
}
