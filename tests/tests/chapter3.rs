//! The techniques of the book's third chapter against the oracle, bit for bit: cross-entropy, L1, L2, momentum; and
//! the gradient of the cross-entropy against central differences in f64.

use smidgen_core::batch::Examples;
use smidgen_core::image::intensity;
use smidgen_core::{
    Backprop, Cost, Network, Regularization, backprop, init, network, update_regularized,
    update_with_momentum,
};
use smidgen_tests::layers::{Layers, bits, layer_bits};
use smidgen_tests::random::{self, below};
use smidgen_tests::reference::{self, Example};
use smidgen_tests::tolerance;

const UPDATES: usize = 60;
const LENGTH: usize = 7;
const LEARNING_RATE: f32 = 0.3;
const MOMENTUM: f32 = 0.8;

type Deep = network![40, 13, 9, 5];

/// A network of core, its velocity, and the oracle's copies of both.
struct Twins<N> {
    network: Box<N>,
    velocity: Box<N>,
    oracle: reference::Network<f32>,
    oracle_velocity: reference::Network<f32>,
}

impl<N> Twins<N> {
    fn new<const I: usize, const O: usize>() -> Self
    where
        N: Network<I, O>,
    {
        let network = random::network::<N, I, O>(5);
        let velocity = bytemuck::zeroed_box::<N>();
        let oracle = reference::Network::of(&*network);
        let oracle_velocity = reference::Network::of(&*velocity);
        Self {
            network,
            velocity,
            oracle,
            oracle_velocity,
        }
    }
}

/// Trains twins for some updates; `core` and `oracle` make one update of each.
fn train_equally<N, const I: usize, const O: usize>(
    cost: Cost,
    core: impl Fn(&mut N, &mut N, &[[u8; I]], &[Backprop<N::Trace>]),
    oracle: impl Fn(
        &mut reference::Network<f32>,
        &mut reference::Network<f32>,
        &[Vec<f32>],
        &[Example<f32>],
    ),
) where
    N: Network<I, O>,
    N::Trace: Layers,
{
    let mut twins = Twins::<N>::new::<I, O>();
    let mut rng = random::rng(6);
    for update in 0..UPDATES {
        let length = if update % 4 == 3 { 3 } else { LENGTH };
        let images: Vec<[u8; I]> = (0..length).map(|_| random::pixels(&mut rng)).collect();
        let plain: Vec<Vec<f32>> = images
            .iter()
            .map(|image| image.map(intensity).to_vec())
            .collect();
        let mut found = vec![Backprop::zero(); length];
        let mut expected = Vec::new();
        for (i, found) in found.iter_mut().enumerate() {
            let label = below(&mut rng, O);
            backprop(&*twins.network, cost, &images[i], label, found);
            expected.push(twins.oracle.backprop_of(cost, &plain[i], label));
            assert_eq!(
                layer_bits(&found.deltas.layers()),
                layer_bits(&expected[i].deltas)
            );
        }
        core(&mut twins.network, &mut twins.velocity, &images, &found);
        oracle(
            &mut twins.oracle,
            &mut twins.oracle_velocity,
            &plain,
            &expected,
        );
        let parameters = reference::Network::<f32>::of(&*twins.network).parameters();
        assert_eq!(
            bits(&parameters),
            bits(&twins.oracle.parameters()),
            "update {update}"
        );
    }
}

/// What regularisation takes from a weight in one update, as the book's formulas have it.
fn shrunk(regularization: Regularization, weight: f32) -> f32 {
    match regularization {
        Regularization::None => weight,
        Regularization::L2 { strength } => (1.0 - LEARNING_RATE * strength) * weight,
        Regularization::L1 { strength } => weight - LEARNING_RATE * strength * sign(weight),
    }
}

fn sign(weight: f32) -> f32 {
    if weight == 0.0 { 0.0 } else { weight.signum() }
}

const ALL: [Regularization; 3] = [
    Regularization::None,
    Regularization::L2 { strength: 0.01 },
    Regularization::L1 { strength: 0.002 },
];

fn regularized_equally(cost: Cost, regularization: Regularization) {
    train_equally::<Deep, 40, 5>(
        cost,
        |network, _, images, examples| {
            let inputs = Examples::new(images.len(), |i| images.get(i));
            update_regularized(network, &inputs, examples, LEARNING_RATE, regularization);
        },
        |network, _, inputs, examples| {
            let step = LEARNING_RATE / examples.len() as f32;
            let gradient = network.gradient(inputs, examples);
            network.combine(
                &gradient,
                |w, g| shrunk(regularization, w) - step * g,
                |b, g| b - step * g,
            );
        },
    );
}

#[test]
fn regularised_updates_have_the_oracles_bits() {
    for regularization in ALL {
        regularized_equally(Cost::Quadratic, regularization);
        regularized_equally(Cost::CrossEntropy, regularization);
    }
}

fn pull(regularization: Regularization, weight: f32) -> f32 {
    match regularization {
        Regularization::None => 0.0,
        Regularization::L2 { strength } => LEARNING_RATE * strength * weight,
        Regularization::L1 { strength } => LEARNING_RATE * strength * sign(weight),
    }
}

#[test]
fn updates_with_momentum_have_the_oracles_bits() {
    for regularization in ALL {
        train_equally::<Deep, 40, 5>(
            Cost::CrossEntropy,
            |network, velocity, images, examples| {
                let inputs = Examples::new(images.len(), |i| images.get(i));
                update_with_momentum(
                    network,
                    velocity,
                    &inputs,
                    examples,
                    LEARNING_RATE,
                    MOMENTUM,
                    regularization,
                );
            },
            |network, velocity, inputs, examples| {
                let step = LEARNING_RATE / examples.len() as f32;
                let gradient = network.gradient(inputs, examples);
                velocity.combine(
                    network,
                    |v, w| MOMENTUM * v - pull(regularization, w),
                    |v, _| MOMENTUM * v,
                );
                velocity.combine(&gradient, |v, g| v - step * g, |v, g| v - step * g);
                network.combine(velocity, |w, v| w + v, |b, v| b + v);
            },
        );
    }
}

#[test]
fn an_empty_mini_batch_changes_nothing() {
    let mut network = random::network::<Deep, 40, 5>(1);
    let mut velocity = random::network::<Deep, 40, 5>(2);
    let (before, velocity_before) = (network.clone(), velocity.clone());
    let inputs = Examples::new(0, |_| None::<&[u8; 40]>);
    let l2 = Regularization::L2 { strength: 0.1 };
    update_regularized(&mut *network, &inputs, &[], 1.0, l2);
    update_with_momentum(&mut *network, &mut *velocity, &inputs, &[], 1.0, 0.5, l2);
    assert!(network == before && velocity == velocity_before);
}

#[test]
fn a_scaled_start_is_the_unit_start_with_weights_over_the_root_of_their_number() {
    let mut unit = <network![16, 25, 3]>::ZERO;
    let mut scaled = <network![16, 25, 3]>::ZERO;
    init::unit_gaussian(&mut unit, &mut random::rng(3));
    init::scaled_gaussian(&mut scaled, &mut random::rng(3));
    assert_eq!(unit.layer.biases, scaled.layer.biases);
    for (unit, scaled) in unit.layer.weights.iter().zip(&scaled.layer.weights) {
        assert_eq!(bits(&unit.map(|weight| weight / 4.0)), bits(&scaled.0));
    }
    for (unit, scaled) in unit.rest.weights.iter().zip(&scaled.rest.weights) {
        assert_eq!(bits(&unit.map(|weight| weight / 5.0)), bits(&scaled.0));
    }
}

#[test]
fn the_gradient_of_the_cross_entropy_is_its_slope() {
    const STEP: f64 = 1e-5;
    let network = random::network::<network![6, 5, 4], 6, 4>(8);
    let oracle = reference::Network::<f64>::of(&*network);
    let input = [0.3, 0.0, 1.0, 0.7, 0.1, 0.9];
    let cost = |network: &reference::Network<f64>| {
        let output = network.forward(&input).activations.pop().unwrap();
        let terms = output
            .iter()
            .enumerate()
            .map(|(j, a)| if j == 2 { a.ln() } else { (1.0 - a).ln() });
        -terms.sum::<f64>()
    };
    let example = oracle.backprop_of(Cost::CrossEntropy, &input, 2);
    let gradient = oracle.gradient(&[input.to_vec()], &[example]).parameters();
    for (at, expected) in gradient.into_iter().enumerate() {
        let moved = |step: f64| {
            let mut moved = oracle.clone();
            let mut position = 0;
            moved.for_each_parameter_mut(|parameter| {
                if position == at {
                    *parameter += step;
                }
                position += 1;
            });
            cost(&moved)
        };
        let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        tolerance::CENTRAL_DIFFERENCE.check(&format!("parameter {at}"), slope, expected);
    }
}
