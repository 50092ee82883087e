//! 6. A step of learning on one example: a digit that is misread, before and after, by the core's `learn`.
//!
//! It is the same step that firmware takes on a device, with the same bits.
//!
//! `cargo run --release -p smidgen --example 06_learn_one_digit`

use std::error::Error;
use std::ops::ControlFlow;

use smidgen::evaluation::mistakes;
use smidgen::smidgen_core::{Backprop, Cost, Network, classify, learn};
use smidgen::{Parts, Settings, Trainer, evaluate};

const COST: Cost = Cost::Quadratic;
const LEARNING_RATE: f32 = 0.1;

fn main() -> Result<(), Box<dyn Error>> {
    let data = Parts::embedded()?;
    let network = <smidgen::network![784, 30, 10]>::zero();
    let mut trainer = Trainer::new(network, Settings::default());
    trainer.epoch(&data.training, |_| ControlFlow::Continue(()))?;

    let mut network = trainer.network().clone();
    let mistakes = mistakes(&network, COST, &data.test);
    let mistake = mistakes.last().ok_or("the network makes no mistake")?;
    let image: [u8; 784] = data.test.bytes(mistake.index);
    let label = mistake.label;
    println!("test image {} shows a {label}", mistake.index);

    let before = network.feedforward(&image);
    let mut scratch = Backprop::zero();
    learn(
        &mut *network,
        COST,
        &image,
        label,
        LEARNING_RATE,
        &mut scratch,
    );
    let after = network.feedforward(&image);
    for (when, output) in [("before", &before), ("after", &after)] {
        let (answer, cost) = (classify(output), COST.value(output, label));
        println!(
            "{when}: read as {answer}, {label} at {:.3}, cost {cost:.4}",
            output[label]
        );
    }

    let right = |network| evaluate(network, COST, &data.test).accuracy.correct;
    let (known, kept) = (right(trainer.network()), right(&network));
    println!(
        "of all {} test images {known} were right, {kept} are",
        data.test.len()
    );
    assert_eq!(classify(&after), label, "it has not learned the digit");
    assert!(kept + 50 > known, "it has forgotten others");
    Ok(())
}
