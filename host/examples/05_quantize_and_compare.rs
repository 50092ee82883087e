//! 5. Without floating point: the network becomes one of 8-bit integers, and both are compared image by image.
//!
//! `cargo run --release -p smidgen --example 05_quantize_and_compare`

use std::error::Error;
use std::ops::ControlFlow;

use smidgen::quantize::Original;
use smidgen::{Parts, Settings, Trainer, evaluate};

const SIZES: [usize; 3] = [784, 30, 10];

fn main() -> Result<(), Box<dyn Error>> {
    let networks = smidgen::networks![[784, 30, 10]];
    let data = Parts::embedded()?;
    let mut trainer = <Trainer>::new(networks.float(&SIZES)?, Settings::default());
    for _ in 0..3 {
        trainer.epoch(&data.training, |_| ControlFlow::Continue(()))?;
    }

    let floats = trainer.network();
    let mut integers = networks.integer(&SIZES)?;
    Original::measure(floats, &data.training).quantize(&data.training, &mut *integers)?;

    let accuracy = |network| evaluate(network, trainer.cost(), &data.test).accuracy;
    let (before, after) = (accuracy(floats), accuracy(&*integers));
    let ours = floats.verdicts(trainer.cost(), &data.test);
    let theirs = integers.verdicts(trainer.cost(), &data.test);
    let pairs = ours.iter().zip(&theirs);
    let agree = pairs.filter(|(a, b)| a.class == b.class).count();
    println!(
        "floats:   {:.2}%, {:>5} bytes of flash",
        before.percent(),
        floats.flash()
    );
    println!(
        "integers: {:.2}%, {:>5} bytes of flash",
        after.percent(),
        integers.flash()
    );
    println!("they agree on {agree} of {} images", before.total);

    assert!(before.percent() - after.percent() < 0.2);
    assert!(integers.flash() < floats.flash() / 3);
    assert!(agree > 9_900);
    Ok(())
}
