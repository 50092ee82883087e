//! The host's loops against the core's portable ones, bit for bit: an epoch over images and over rows of readings, for
//! networks of every kind, mini-batches of every size, and every kind of update.

use std::ops::ControlFlow;

use rand_core::Rng;
use smidgen::data::Dataset;
use smidgen::data::expand::Expand;
use smidgen::network::epoch::{Epoch, Update};
use smidgen::network::{AnyNetwork, Float, Learner};
use smidgen_core::batch::Examples;
use smidgen_core::image::intensity;
use smidgen_core::{
    Backprop, Cost, Network, Regularization, backprop, network, update_regularized,
    update_with_momentum,
};
use smidgen_tests::layers::bits;
use smidgen_tests::random;

/// Examples of an epoch: the last mini-batch of most sizes is short.
const EXAMPLES: usize = 103;

/// An epoch by the core's own loops, example by example and input by input.
fn portable<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    inputs: &[[f32; I]],
    epoch: &Epoch<'_>,
) {
    let Update {
        learning_rate,
        momentum,
        regularization,
    } = epoch.update;
    let mut velocity = bytemuck::zeroed_box::<N>();
    for mini_batch in epoch.order.chunks(epoch.mini_batch_size) {
        let mut examples = vec![Backprop::zero(); mini_batch.len()];
        for (example, &i) in examples.iter_mut().zip(mini_batch) {
            backprop(
                network,
                epoch.cost,
                &inputs[i],
                epoch.data.label(i),
                example,
            );
        }
        let rows = Examples::new(mini_batch.len(), |i| inputs.get(*mini_batch.get(i)?));
        if momentum > 0.0 {
            let velocity = &mut *velocity;
            update_with_momentum(
                network,
                velocity,
                &rows,
                &examples,
                learning_rate,
                momentum,
                regularization,
            );
        } else {
            update_regularized(network, &rows, &examples, learning_rate, regularization);
        }
    }
}

/// Two epochs of the host over a data set and the same by the core, whose inputs are given once more as floats.
fn expect_equal_bits<N, const I: usize, const O: usize>(data: &Dataset, inputs: &[[f32; I]])
where
    N: Network<I, O> + Send + Sync,
{
    let updates = [
        (0.0, Regularization::None, Cost::Quadratic),
        (
            0.0,
            Regularization::L2 { strength: 0.01 },
            Cost::CrossEntropy,
        ),
        (0.5, Regularization::L2 { strength: 0.01 }, Cost::Quadratic),
        (
            0.0,
            Regularization::L1 { strength: 0.001 },
            Cost::CrossEntropy,
        ),
    ];
    let order: Vec<usize> = (0..EXAMPLES).map(|i| i * 7 % EXAMPLES).collect();
    for mini_batch_size in [1, 2, 3, 10, 15, 16, 17, 33, 64, EXAMPLES, 1000] {
        for (momentum, regularization, cost) in updates {
            let epoch = Epoch {
                data,
                order: &order,
                expand: Expand::None,
                mini_batch_size,
                cost,
                update: Update {
                    learning_rate: 0.7,
                    momentum,
                    regularization,
                },
            };
            let mut expected = random::network::<N, I, O>(5);
            let mut found = Float::<N, I, O>::zero();
            let mut start = Vec::new();
            expected.for_each_parameter(|parameter| start.push(parameter));
            found.set_parameters(&start);
            portable(&mut *expected, inputs, &epoch);
            let done = found.epoch(&epoch, &mut |_| ControlFlow::Continue(()));
            assert_eq!(done, Ok(()));
            let mut wanted = Vec::new();
            expected.for_each_parameter(|parameter| wanted.push(parameter));
            let name = format!(
                "{:?} by {mini_batch_size}, {:?}",
                found.sizes(),
                epoch.update
            );
            assert_ne!(bits(&start), bits(&wanted), "{name}: nothing was learned");
            assert_eq!(bits(&found.parameters()), bits(&wanted), "{name}");
            expect_equal_verdicts(&found, cost, data, inputs);
        }
    }
}

/// What the host's evaluation says against what the core's network says to each example.
fn expect_equal_verdicts<N, const I: usize, const O: usize>(
    network: &Float<N, I, O>,
    cost: Cost,
    data: &Dataset,
    inputs: &[[f32; I]],
) where
    N: Network<I, O> + Send + Sync,
{
    let verdicts = network.verdicts(cost, data);
    assert_eq!(verdicts.len(), inputs.len());
    for (i, (verdict, input)) in verdicts.iter().zip(inputs).enumerate() {
        let output = network.feedforward(input);
        let wanted = cost.value(&output, data.label(i));
        assert_eq!(verdict.cost.to_bits(), wanted.to_bits(), "example {i}");
        let activation = output[usize::from(verdict.class)];
        assert_eq!(
            verdict.activation.to_bits(),
            activation.to_bits(),
            "example {i}"
        );
    }
}

/// A network over images whose inputs are given as bytes, and over rows of readings, some of which are 0.
fn expect_equal_bits_of_both<N, const I: usize, const O: usize>()
where
    N: Network<I, O> + Send + Sync,
{
    let mut rng = random::rng(31);
    let mut images = Dataset::new(I, O);
    let mut bytes = Vec::new();
    for i in 0..EXAMPLES {
        let image: [u8; I] = random::pixels(&mut rng);
        assert!(images.add(&image, i % O));
        bytes.push(image.map(intensity));
    }
    expect_equal_bits::<N, I, O>(&images, &bytes);

    let reading = |_| match rng.next_u32() % 8 {
        0 => 0.0,
        1 => 1.0,
        _ => random::unit(&mut rng),
    };
    let all: Vec<f32> = (0..EXAMPLES * I).map(reading).collect();
    let rows: Vec<[f32; I]> = all.as_chunks().0.to_vec();
    let labels = (0..EXAMPLES).map(|i| (i % O) as u8).collect();
    let table = Dataset::of_readings(I, O, all, labels);
    expect_equal_bits::<N, I, O>(&table, &rows);
}

#[test]
fn the_books_network_has_the_bits_of_the_portable_loops() {
    expect_equal_bits_of_both::<network![50, 30, 10], 50, 10>();
}

#[test]
fn rows_of_whole_vectors_have_the_bits_of_the_portable_loops() {
    expect_equal_bits_of_both::<network![32, 64, 16], 32, 16>();
}

#[test]
fn narrow_networks_have_the_bits_of_the_portable_loops() {
    expect_equal_bits_of_both::<network![24, 12, 4], 24, 4>();
    expect_equal_bits_of_both::<network![5, 3, 2], 5, 2>();
    expect_equal_bits_of_both::<network![40, 1, 2], 40, 2>();
}

#[test]
fn wide_layers_which_take_several_walks_have_the_bits_of_the_portable_loops() {
    expect_equal_bits_of_both::<network![33, 100, 10], 33, 10>();
    expect_equal_bits_of_both::<network![20, 301, 3], 20, 3>();
}

#[test]
fn a_network_of_one_layer_and_one_of_four_have_the_bits_of_the_portable_loops() {
    expect_equal_bits_of_both::<network![40, 9], 40, 9>();
    expect_equal_bits_of_both::<network![40, 17, 9, 12, 3], 40, 3>();
}
