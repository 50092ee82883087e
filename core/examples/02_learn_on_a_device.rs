//! 2. On a device: a model in flash, whose last layer alone learns something else in RAM.
//!
//! The model is decoded and checked when the program is compiled. What its hidden neurons see in the inputs is enough to
//! learn AND with, in 16 bytes of RAM; on a microcontroller the lines are the same.
//!
//! `cargo run --release -p smidgen-core --example 02_learn_on_a_device`

use smidgen_core::{
    Backprop, Cost, Model, ModelError, Network, embed_model, learn_last_layer, network,
};

static XOR: Model<network![2, 3, 1]> = embed_model!("../testdata/xor.model", [2, 3, 1]);

/// Inputs, and the label of AND: class 0, the only output, should be 1; 1 is no class, and means 0.
const AND: [([f32; 2], usize); 4] = [
    ([0.0, 0.0], 1),
    ([0.0, 1.0], 1),
    ([1.0, 0.0], 1),
    ([1.0, 1.0], 0),
];

/// What AND costs with a last layer, the mean of its four examples.
fn mean_cost(last: &network![3, 1]) -> f32 {
    let costs = AND.iter().map(|(input, label)| {
        let output = last.feedforward(&XOR.layer.feedforward(input));
        Cost::CrossEntropy.value(&output, *label)
    });
    costs.sum::<f32>() / 4.0
}

fn main() -> Result<(), ModelError> {
    XOR.verify()?;
    let (frozen, mut last) = (&XOR.layer, XOR.rest.clone());
    let mut scratch = Backprop::zero();
    let (cost, rate) = (Cost::CrossEntropy, 0.5);
    println!(
        "AND costs {:.3} with what XOR has learned",
        mean_cost(&last)
    );
    for (step, (input, label)) in AND.iter().cycle().take(20_000).enumerate() {
        learn_last_layer(frozen, &mut last, cost, input, *label, rate, &mut scratch);
        if [1, 4, 400, 20_000].contains(&(step + 1)) {
            println!("after step {:>5}: {:.3}", step + 1, mean_cost(&last));
        }
    }
    for (input, label) in &AND {
        let [and] = last.feedforward(&frozen.feedforward(input)).0;
        println!("{} and {} = {and:.3}", input[0], input[1]);
        assert_eq!(and > 0.5, *label == 0, "the last layer has not learned AND");
    }
    Ok(())
}
