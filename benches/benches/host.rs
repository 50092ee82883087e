//! The whole of a training epoch and of an evaluation on the host.
//!
//! Throughput: images.

use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use smidgen::data::Parts;
use smidgen::evaluation::evaluate;
use smidgen_benches::{DIGITS, MNIST, trained};
use smidgen_core::{Cost, Network, network};

/// Test images that [784, 30, 10] gets right after one epoch with seed 1, on any machine.
const CORRECT: usize = 9124;

fn epoch<N: Network<784, 10> + Send + Sync>(c: &mut Criterion, name: &str) {
    let mut trainer = trained::<N>();
    let accuracy = evaluate(trainer.network(), Cost::Quadratic, &MNIST.test).accuracy;
    assert!(accuracy.percent() > 50.0, "{name}: {accuracy:?}");
    let mut group = c.benchmark_group("epoch");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(MNIST.training.len() as u64));
    group.bench_function(name, |b| {
        b.iter(|| trainer.epoch(&MNIST.training, |_| ControlFlow::Continue(())));
    });
    group.finish();
}

fn bench_epoch(c: &mut Criterion) {
    epoch::<network![784, 30, 10]>(c, "784,30,10");
    epoch::<network![784, 100, 10]>(c, "784,100,10");
}

fn bench_evaluate(c: &mut Criterion) {
    let network = DIGITS.network();
    let run = || {
        evaluate(network, Cost::Quadratic, &MNIST.test)
            .accuracy
            .correct
    };
    assert_eq!(run(), CORRECT);
    let mut group = c.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(MNIST.test.len() as u64));
    group.bench_function("784,30,10", |b| b.iter(run));
    group.finish();
}

fn bench_load(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(70_000));
    group.bench_function("MNIST", |b| {
        b.iter(|| Parts::embedded().map(|mnist| mnist.training.len()));
    });
    group.finish();
}

criterion_group!(benches, bench_epoch, bench_evaluate, bench_load);
criterion_main!(benches);
