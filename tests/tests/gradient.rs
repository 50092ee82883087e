//! The gradient: the oracle's, in f64, against central differences of the cost, and core's, in f32, against the oracle's.

use smidgen_core::batch::Examples;
use smidgen_core::{Backprop, Cost, Network, backprop, network};
use smidgen_tests::random::{self, below};
use smidgen_tests::reference;
use smidgen_tests::tolerance::{CENTRAL_DIFFERENCE, GRADIENT_FROM_GAUSSIAN};

/// Half the distance of the two costs of a central difference.
const STEP: f64 = 1e-5;

/// Examples of a mini-batch.
const LENGTH: usize = 10;

fn inputs<const I: usize>(seed: u64) -> Vec<[f32; I]> {
    let mut rng = random::rng(seed);
    (0..LENGTH).map(|_| random::values(&mut rng)).collect()
}

fn labels<const O: usize>(seed: u64) -> Vec<usize> {
    let mut rng = random::rng(seed);
    (0..LENGTH).map(|_| below(&mut rng, O)).collect()
}

fn wide<const I: usize>(inputs: &[[f32; I]]) -> Vec<Vec<f64>> {
    let wide = |input: &[f32; I]| input.map(f64::from).to_vec();
    inputs.iter().map(wide).collect()
}

fn gradient(network: &reference::Network<f64>, inputs: &[Vec<f64>], labels: &[usize]) -> Vec<f64> {
    let examples: Vec<_> = inputs
        .iter()
        .zip(labels)
        .map(|(input, &label)| network.backprop(input, label))
        .collect();
    network.gradient(inputs, &examples).parameters()
}

fn total_cost(network: &reference::Network<f64>, inputs: &[Vec<f64>], labels: &[usize]) -> f64 {
    let pairs = inputs.iter().zip(labels);
    pairs
        .map(|(input, &label)| network.cost(input, label))
        .sum()
}

fn change(network: &mut reference::Network<f64>, position: usize, by: f64) {
    let mut n = 0;
    network.for_each_parameter_mut(|parameter| {
        if n == position {
            *parameter += by;
        }
        n += 1;
    });
}

/// Every parameter, one after the other, a little up and a little down.
fn expect_central_differences<N: Network<I, O>, const I: usize, const O: usize>() {
    let (inputs, labels) = (wide(&inputs::<I>(1)), labels::<O>(2));
    let core = random::network::<N, I, O>(3);
    let mut network = reference::Network::<f64>::of(&*core);
    let expected = gradient(&network, &inputs, &labels);
    for (n, &expected) in expected.iter().enumerate() {
        change(&mut network, n, STEP);
        let above = total_cost(&network, &inputs, &labels);
        change(&mut network, n, -2.0 * STEP);
        let below = total_cost(&network, &inputs, &labels);
        change(&mut network, n, STEP);
        let difference = (above - below) / (2.0 * STEP);
        CENTRAL_DIFFERENCE.check(&format!("parameter {n}"), difference, expected);
    }
}

fn expect_the_oracles_gradient<N: Network<I, O>, const I: usize, const O: usize>() {
    let (inputs, labels) = (inputs::<I>(4), labels::<O>(5));
    let network = random::network::<N, I, O>(6);
    let examples: Vec<_> = inputs
        .iter()
        .zip(&labels)
        .map(|(input, &label)| {
            let mut out = Backprop::zero();
            backprop(&*network, Cost::Quadratic, input, label, &mut out);
            out
        })
        .collect();
    let mut found = bytemuck::zeroed_box::<N>();
    let columns = Examples::new(LENGTH, |i| inputs.get(i));
    found.descend(&columns, &examples, |trace| trace, -1.0);
    let oracle = reference::Network::<f64>::of(&*network);
    let mut expected = gradient(&oracle, &wide(&inputs), &labels).into_iter();
    let mut n = 0;
    found.for_each_parameter(|found| {
        let expected = expected.next().unwrap();
        GRADIENT_FROM_GAUSSIAN.check(&format!("parameter {n}"), found.into(), expected);
        n += 1;
    });
    assert_eq!(n, N::PARAMETERS);
}

#[test]
fn central_differences_agree_with_backprop() {
    expect_central_differences::<network![5, 3, 2], 5, 2>();
    expect_central_differences::<network![4, 10], 4, 10>();
    expect_central_differences::<network![12, 9, 8, 4], 12, 4>();
}

#[test]
fn the_gradient_in_f32_agrees_with_the_oracles_in_f64() {
    expect_the_oracles_gradient::<network![5, 3, 2], 5, 2>();
    expect_the_oracles_gradient::<network![12, 33, 4], 12, 4>();
    expect_the_oracles_gradient::<network![784, 30, 10], 784, 10>();
    expect_the_oracles_gradient::<network![784, 30, 30, 10], 784, 10>();
}
