//! Core and oracle against float64 values that were checked against `PyTorch`: `fixtures/golden.json`.
//!
//! `fixtures/make_golden.py` made the file and says how. One mini-batch, the first ten training images of MNIST.

use serde_json::Value;
use smidgen_core::batch::Examples;
use smidgen_core::{
    Backprop, Cost, Digits, Image, Network, Row, backprop, classify, update_mini_batch,
};
use smidgen_tests::layers::Layers;
use smidgen_tests::reference;
use smidgen_tests::tolerance::{
    ACTIVATION, BOOK_COST, COST, DELTA, DOUBLE, GRADIENT, PARAMETER, SUM_OF_FIRST_LAYER, Tolerance,
};

type Trace = <Digits as Network<784, 10>>::Trace;

/// The fixture, the images it is about, and the network that it starts from.
struct Golden {
    json: Value,
    images: Vec<Image>,
    network: Box<Digits>,
}

impl Golden {
    fn new() -> Self {
        let json: Value = serde_json::from_str(include_str!("../fixtures/golden.json")).unwrap();
        let mut network = bytemuck::zeroed_box::<Digits>();
        let mut start = start_parameters(&json).into_iter();
        network.for_each_parameter_mut(|parameter| *parameter = start.next().unwrap() as f32);
        Self {
            json,
            images: smidgen_tests::mnist::first_images(10),
            network,
        }
    }

    fn examples(&self) -> impl Iterator<Item = (&Value, &Image, usize)> {
        let examples = self.json["examples"].as_array().unwrap();
        examples.iter().zip(&self.images).map(|(example, image)| {
            let label = example["label"].as_u64().unwrap() as usize;
            (example, image, label)
        })
    }

    fn backprop(&self) -> Vec<Backprop<Trace>> {
        self.examples()
            .map(|(_, image, label)| {
                let mut out = Backprop::zero();
                backprop(&*self.network, Cost::Quadratic, image, label, &mut out);
                out
            })
            .collect()
    }
}

/// `param` of `make_golden.py` for W1, b1, W2, b2, which is the order of the model file.
fn start_parameters(json: &Value) -> Vec<f64> {
    let mut parameters = Vec::new();
    for name in ["W1", "b1", "W2", "b2"] {
        let tensor = &json["tensors"][name];
        let count = numbers(&tensor["shape"]).iter().product::<f64>() as u64;
        let salt = tensor["salt"].as_u64().unwrap();
        let scale = tensor["scale"].as_f64().unwrap();
        parameters.extend((0..count).map(|n| {
            let hash = (n * 7919 + salt * 104_729) % 2001;
            scale * (hash as f64 - 1000.0) / 1000.0
        }));
    }
    parameters
}

fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().unwrap();
    list.iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Every number of a list of lists.
fn table(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().flat_map(numbers).collect()
}

#[track_caller]
fn check_all(tolerance: Tolerance, place: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{place}");
    for (n, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        tolerance.check(&format!("{place}[{n}]"), found, expected);
    }
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// Compares the parameters of a network, or of a gradient, with one of the two objects of the fixture.
fn check_parameters(tolerance: Tolerance, place: &str, found: &[f64], expected: &Value) {
    let (w1, rest) = found.split_at(784 * 30);
    let (b1, rest) = rest.split_at(30);
    let (w2, b2) = rest.split_at(300);
    for pair in expected["W1_every_97th"].as_array().unwrap() {
        let [n, value] = numbers(pair)[..] else {
            panic!("not a pair: {pair}");
        };
        tolerance.check(&format!("{place} W1[{n}]"), w1[n as usize], value);
    }
    check_all(tolerance, place, b1, &numbers(&expected["b1"]));
    check_all(tolerance, place, w2, &table(&expected["W2"]));
    check_all(tolerance, place, b2, &numbers(&expected["b2"]));
}

fn parameters(network: &Digits) -> Vec<f64> {
    let mut parameters = Vec::new();
    network.for_each_parameter(|parameter| parameters.push(f64::from(parameter)));
    parameters
}

#[test]
fn the_labels_are_those_of_the_data() {
    let golden = Golden::new();
    let labels: Vec<usize> = golden.examples().map(|(_, _, label)| label).collect();
    assert_eq!(labels, smidgen_tests::mnist::first_labels(10));
}

#[test]
fn activations_deltas_and_costs_agree() {
    let golden = Golden::new();
    let mut total = 0.0;
    for ((expected, _, label), found) in golden.examples().zip(golden.backprop()) {
        let place = format!("image {}", expected["image"]);
        let [a1, a2] = &found.trace.layers()[..] else {
            panic!("a network of two layers has two rows of activations");
        };
        let [delta1, delta2] = &found.deltas.layers()[..] else {
            panic!("a network of two layers has two rows of deltas");
        };
        check_all(ACTIVATION, &place, &wide(a1), &numbers(&expected["a1"]));
        check_all(ACTIVATION, &place, &wide(a2), &numbers(&expected["a2"]));
        check_all(DELTA, &place, &wide(delta1), &numbers(&expected["delta1"]));
        check_all(DELTA, &place, &wide(delta2), &numbers(&expected["delta2"]));
        let output = &found.trace.rest;
        let cost = f64::from(Cost::Quadratic.value(output, label));
        COST.check(&place, cost, expected["cost"].as_f64().unwrap());
        total += cost;
        assert_eq!(classify(output) as u64, expected["prediction"]);
    }
    COST.check(
        "mean",
        total / 10.0,
        golden.json["mean_cost"].as_f64().unwrap(),
    );
}

#[test]
fn the_gradient_agrees() {
    let golden = Golden::new();
    let mut gradient = bytemuck::zeroed_box::<Digits>();
    let images = Examples::new(10, |i| golden.images.get(i));
    gradient.descend(&images, &golden.backprop(), |trace| trace, -1.0);
    let found = parameters(&gradient);
    let expected = &golden.json["nabla"];
    check_parameters(GRADIENT, "gradient", &found, expected);
    let sum = found[..784 * 30].iter().map(|value| value.abs()).sum();
    SUM_OF_FIRST_LAYER.check("|∇|", sum, expected["W1_abs_sum"].as_f64().unwrap());
}

#[test]
fn the_parameters_after_one_update_agree() {
    let mut golden = Golden::new();
    let examples = golden.backprop();
    let learning_rate = golden.json["eta"].as_f64().unwrap() as f32;
    let images = Examples::new(10, |i| golden.images.get(i));
    update_mini_batch(&mut *golden.network, &images, &examples, learning_rate);
    let found = parameters(&golden.network);
    let expected = &golden.json["after_update"];
    check_parameters(PARAMETER, "updated", &found, expected);
    let sum = found[..784 * 30].iter().sum();
    SUM_OF_FIRST_LAYER.check("w", sum, expected["W1_sum"].as_f64().unwrap());
}

/// So the oracle is more than a second opinion of ours.
#[test]
fn the_oracle_agrees_in_f64() {
    let golden = Golden::new();
    let mut network = reference::Network::<f64>::zero(&[784, 30, 10]);
    let mut start = start_parameters(&golden.json).into_iter();
    network.for_each_parameter_mut(|parameter| *parameter = start.next().unwrap());
    let inputs: Vec<Vec<f64>> = smidgen_tests::mnist::first_images(10)
        .iter()
        .map(|image| image.iter().map(|&p| f64::from(p) / 255.0).collect())
        .collect();
    let mut examples = Vec::new();
    for ((expected, _, label), input) in golden.examples().zip(&inputs) {
        let found = network.backprop(input, label);
        for (l, name) in ["1", "2"].iter().enumerate() {
            let numbers = |what: &str| numbers(&expected[format!("{what}{name}")]);
            check_all(DOUBLE, "z", &found.weighted_inputs[l], &numbers("z"));
            check_all(DOUBLE, "a", &found.activations[l], &numbers("a"));
            check_all(DOUBLE, "delta", &found.deltas[l], &numbers("delta"));
        }
        let cost = network.cost(input, label);
        DOUBLE.check("cost", cost, expected["cost"].as_f64().unwrap());
        examples.push(found);
    }
    let gradient = network.gradient(&inputs, &examples).parameters();
    check_parameters(DOUBLE, "gradient", &gradient, &golden.json["nabla"]);
    network.update_mini_batch(&inputs, &examples, golden.json["eta"].as_f64().unwrap());
    let updated = network.parameters();
    check_parameters(DOUBLE, "updated", &updated, &golden.json["after_update"]);
}

#[test]
fn the_cost_of_the_books_example() {
    let output = Row([0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.05, 0.05, 0.05, 0.05]);
    let cost = f64::from(Cost::Quadratic.value(&output, 5));
    BOOK_COST.check("y = 5", cost, 0.21);
}
