//! The whole of a training epoch and of an evaluation on the host.
//!
//! Throughput: images.

use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_core::{Rng, SeedableRng};
use rand_xorshift::XorShiftRng;
use smidgen::data::{Dataset, Parts};
use smidgen::evaluation::evaluate;
use smidgen::training::{Settings, Trainer};
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

/// Rows of the table.
const ROWS: usize = 100_000;

/// 100,000 rows of 24 readings in four classes: places of their own with some noise, from a fixed seed.
fn table() -> Dataset {
    let mut rng = XorShiftRng::seed_from_u64(24);
    let mut unit = || (rng.next_u32() >> 8) as f32 / 16_777_216.0;
    let places: Vec<f32> = (0..4 * 24).map(|_| 0.2 + 0.6 * unit()).collect();
    let labels: Vec<u8> = (0..ROWS).map(|i| (i % 4) as u8).collect();
    let readings = (0..ROWS * 24).map(|i| {
        let place = places[i / 24 % 4 * 24 + i % 24];
        (place + 0.4 * (unit() - 0.5)).clamp(0.0, 1.0)
    });
    Dataset::of_readings(24, 4, readings.collect(), labels)
}

fn bench_table(c: &mut Criterion) {
    let data = table();
    let mut trainer = Trainer::new(<smidgen::network![24, 12, 4]>::zero(), Settings::default());
    let mut epoch = || trainer.epoch(&data, |_| ControlFlow::Continue(()));
    assert_eq!(epoch(), Ok(()));
    let mut group = c.benchmark_group("epoch");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("table 24,12,4", |b| b.iter(&mut epoch));
    group.finish();
    let right = evaluate(trainer.network(), Cost::Quadratic, &data).accuracy;
    assert!(right.percent() > 90.0, "{right:?}");
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

criterion_group!(
    benches,
    bench_epoch,
    bench_table,
    bench_evaluate,
    bench_load
);
criterion_main!(benches);
