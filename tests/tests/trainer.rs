//! The host's driver against the oracle, bit for bit: the same start, the same shuffles, the same updates, whatever
//! vectors the processor has.

use std::ops::ControlFlow;

use smidgen::data::shuffle::shuffle;
use smidgen::data::{Dataset, Parts};
use smidgen::network::{Float, Stop};
use smidgen::training::{Settings, Trainer};
use smidgen_core::image::intensity;
use smidgen_core::{Network, init, network};
use smidgen_tests::layers::bits;
use smidgen_tests::{random, reference, small_set};

const SEED: u64 = 11;
const LEARNING_RATE: f32 = 3.0;
const EPOCHS: usize = 2;

fn expect_the_oracles_bits<N>(data: &Dataset, mini_batch_size: usize)
where
    N: Network<784, 10> + Send + Sync,
{
    let settings = Settings {
        mini_batch_size,
        learning_rate: LEARNING_RATE,
        seed: SEED,
        ..Settings::default()
    };
    let mut trainer = Trainer::new(Float::<N, 784, 10>::zero(), settings);
    let mut rng = random::rng(SEED);
    let mut start = bytemuck::zeroed_box::<N>();
    init::unit_gaussian(&mut *start, &mut rng);
    let mut oracle = reference::Network::<f32>::of(&*start);
    let images: Vec<Vec<f32>> = (0..data.len())
        .map(|i| data.image(i).into_iter().map(intensity).collect())
        .collect();
    for epoch in 0..EPOCHS {
        let done = trainer.epoch(data, |_| ControlFlow::Continue(()));
        assert_eq!(done, Ok(()));
        let mut order: Vec<usize> = (0..data.len()).collect();
        shuffle(&mut order, &mut rng);
        for mini_batch in order.chunks(mini_batch_size) {
            let inputs: Vec<_> = mini_batch.iter().map(|&i| images[i].clone()).collect();
            let examples: Vec<_> = mini_batch
                .iter()
                .map(|&i| oracle.backprop(&images[i], data.label(i)))
                .collect();
            oracle.update_mini_batch(&inputs, &examples, LEARNING_RATE);
        }
        let found = reference::Network::<f32>::of(&**trainer.network()).parameters();
        let equal = bits(&found) == bits(&oracle.parameters());
        assert!(equal, "epoch {epoch}, mini-batches of {mini_batch_size}");
    }
}

fn small_training_set() -> Dataset {
    let folder = tempfile::tempdir().unwrap();
    small_set::write(folder.path());
    Parts::from_dir(folder.path()).unwrap().training
}

#[test]
fn an_epoch_of_the_books_network_is_the_oracles() {
    let data = small_training_set();
    assert_eq!(data.len(), small_set::TRAINING);
    for mini_batch_size in [1, 10, 17, 200] {
        expect_the_oracles_bits::<network![784, 30, 10]>(&data, mini_batch_size);
    }
}

#[test]
fn an_epoch_of_a_deep_network_is_the_oracles() {
    let data = small_training_set();
    expect_the_oracles_bits::<network![784, 100, 30, 10]>(&data, 10);
}

/// Real digits: many pixels in common, all values of ink.
#[test]
fn an_epoch_over_real_digits_is_the_oracles() {
    let mnist = smidgen_tests::mnist::mnist();
    assert_eq!(mnist.training.len(), 50_000);
    assert_eq!(mnist.validation.len(), 10_000);
    assert_eq!(mnist.test.len(), 10_000);
    let folder = tempfile::tempdir().unwrap();
    small_set::write_images(folder.path(), |i| mnist.test.bytes(i % 300));
    let data = Parts::from_dir(folder.path()).unwrap().training;
    expect_the_oracles_bits::<network![784, 30, 10]>(&data, 10);
}

#[test]
fn a_weight_that_is_not_finite_stops_the_training() {
    let settings = Settings {
        mini_batch_size: 10,
        learning_rate: f32::INFINITY,
        seed: SEED,
        ..Settings::default()
    };
    let mut trainer = Trainer::new(<smidgen::network![784, 30, 10]>::zero(), settings);
    let stop = trainer.epoch(&small_training_set(), |_| ControlFlow::Continue(()));
    assert_eq!(stop, Err(Stop::Diverged));
}
