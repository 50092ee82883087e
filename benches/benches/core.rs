//! The pieces of the core: sigmoid, forward, backpropagation, the update of a mini-batch, decoding.
//!
//! Throughput: sigmoids, or the multiplications and additions that the weights ask for (23,820 an image, zero pixels
//! counted), or bytes of the model file.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use smidgen_benches::{DIGITS, MNIST};
use smidgen_core::activation::sigmoid;
use smidgen_core::batch::Examples;
use smidgen_core::{
    Backprop, Cost, Digits, Image, Network, Row, backprop, classify, model, update_mini_batch,
};

/// Weights of [784, 30, 10].
const WEIGHTS: u64 = 784 * 30 + 30 * 10;

/// The first test image is a 7, and one epoch is enough to see it.
const FIRST_LABEL: usize = 7;

fn bench_sigmoid(c: &mut Criterion) {
    let z: [f32; 1024] = core::array::from_fn(|i| (i as f32 - 512.0) / 64.0);
    let mut a = [0.0; 1024];
    let mut run = || {
        for (a, &z) in a.iter_mut().zip(black_box(&z)) {
            *a = sigmoid(z);
        }
        (a[0], a[512])
    };
    let (low, middle) = run();
    assert!(low < 0.001 && middle.to_bits() == 0.5_f32.to_bits());
    let mut group = c.benchmark_group("sigmoid");
    group.throughput(Throughput::Elements(z.len() as u64));
    group.bench_function("1024", |b| b.iter(&mut run));
    group.finish();
}

fn bench_forward(c: &mut Criterion) {
    let network = &**DIGITS.network();
    let active = MNIST.test.pixels(0);
    let image: Image = MNIST.test.bytes(0);
    let dense: [f32; 784] = image.map(smidgen_core::image::intensity);
    let bits = |row: Row<10>| row.map(f32::to_bits);
    assert_eq!(classify(&network.feedforward(active)), FIRST_LABEL);
    assert_eq!(
        bits(network.feedforward(active)),
        bits(network.feedforward(&dense))
    );
    assert_eq!(
        bits(network.feedforward(active)),
        bits(network.feedforward(&image))
    );
    let mut group = c.benchmark_group("forward");
    group.throughput(Throughput::Elements(WEIGHTS));
    group.bench_function("dense", |b| {
        b.iter(|| network.feedforward(black_box(&dense)));
    });
    group.bench_function("bytes", |b| {
        b.iter(|| network.feedforward(black_box(&image)));
    });
    group.bench_function("active", |b| {
        b.iter(|| network.feedforward(black_box(active)));
    });
    group.finish();
}

fn bench_backprop(c: &mut Criterion) {
    let network = &**DIGITS.network();
    let (active, label) = (MNIST.test.pixels(0), MNIST.test.label(0));
    let mut example = Backprop::zero();
    let mut run = || {
        backprop(
            network,
            Cost::Quadratic,
            black_box(active),
            label,
            &mut example,
        );
        example.deltas.rest
    };
    assert!(run()[FIRST_LABEL] < 0.0, "the label's output must grow");
    let mut group = c.benchmark_group("backprop");
    group.throughput(Throughput::Elements(2 * WEIGHTS));
    group.bench_function("active", |b| b.iter(&mut run));
    group.finish();
}

fn bench_update(c: &mut Criterion) {
    let mut network: Box<Digits> = bytemuck::zeroed_box();
    (*network).clone_from(&**DIGITS.network());
    let images: Vec<Image> = (0..10).map(|i| MNIST.training.bytes(i)).collect();
    let mut examples = vec![Backprop::zero(); images.len()];
    for (i, example) in examples.iter_mut().enumerate() {
        backprop(
            &*network,
            Cost::Quadratic,
            &images[i],
            MNIST.training.label(i),
            example,
        );
    }
    let inputs = Examples::new(images.len(), |i| images.get(i));
    let before = network.rest.biases;
    let mut run = || update_mini_batch(&mut *network, &inputs, black_box(&examples), 3.0);
    run();
    let mut group = c.benchmark_group("update");
    group.throughput(Throughput::Elements(images.len() as u64));
    group.bench_function("mini-batch of 10 images", |b| b.iter(&mut run));
    group.finish();
    assert_ne!(before, network.rest.biases);
}

fn bench_decode(c: &mut Criterion) {
    let mut file = Vec::new();
    model::encode(&**DIGITS.network(), "", |bytes| {
        file.extend_from_slice(bytes);
    });
    let mut network: Box<Digits> = bytemuck::zeroed_box();
    assert_eq!(model::decode(&file, &mut *network), Ok(()));
    assert_eq!(&*network, &**DIGITS.network());
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("784,30,10", |b| {
        b.iter(|| model::decode(black_box(&file), &mut *network));
    });
    group.finish();
}

criterion_group!(
    benches,
    bench_sigmoid,
    bench_forward,
    bench_backprop,
    bench_update,
    bench_decode
);
criterion_main!(benches);
