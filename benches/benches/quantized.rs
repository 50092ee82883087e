//! The integer network on a host: both paths, and what makes it.
//!
//! Throughput: the multiplications and additions that the weights ask for, zero pixels counted; or images.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use smidgen::network::Integer;
use smidgen::quantize::Original;
use smidgen_benches::{DIGITS, MNIST};
use smidgen_core::{QuantizedNetwork, quantized_network};

type Integers = Integer<quantized_network![784, 30, 10], 784, 10>;

/// Weights of [784, 30, 10].
const WEIGHTS: u64 = 784 * 30 + 30 * 10;

/// The first test image is a 7.
const FIRST_LABEL: usize = 7;

fn quantized() -> Integers {
    let mut network = Integers::zero();
    let original = Original::measure(DIGITS.network(), &MNIST.validation);
    let made = original.quantize(&MNIST.validation, &mut network);
    assert_eq!(made, Ok(()));
    network
}

fn bench_feedforward(c: &mut Criterion) {
    let network = quantized();
    let image = MNIST.test.bytes(0);
    assert_eq!(network.feedforward(&image).class(), FIRST_LABEL);
    assert_eq!(
        network.feedforward(&image),
        network.feedforward_constant_time(&image)
    );
    let mut group = c.benchmark_group("integers");
    group.throughput(Throughput::Elements(WEIGHTS));
    group.bench_function("zeros left out", |b| {
        b.iter(|| network.feedforward(black_box(&image)));
    });
    group.bench_function("constant time", |b| {
        b.iter(|| network.feedforward_constant_time(black_box(&image)));
    });
    group.finish();
}

fn bench_quantize(c: &mut Criterion) {
    let mut network = quantized();
    let original = Original::measure(DIGITS.network(), &MNIST.validation);
    let mut group = c.benchmark_group("quantize");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(MNIST.validation.len() as u64));
    group.bench_function("784,30,10", |b| {
        b.iter(|| original.quantize(&MNIST.validation, &mut network));
    });
    group.finish();
}

criterion_group!(benches, bench_feedforward, bench_quantize);
criterion_main!(benches);
