//! 3. The book's network: [784, 30, 10] learns MNIST's digits, is judged after every epoch, and becomes a model file.
//!
//! The settings are those of Nielsen, *Neural Networks and Deep Learning*, ch. 1: mini-batches of 10, η = 3.0.
//!
//! `cargo run --release -p smidgen --example 03_train_the_books_network`

use std::error::Error;
use std::ops::ControlFlow;

use smidgen::network::{AnyNetwork, ModelFile};
use smidgen::{Parts, Settings, Trainer, evaluate};

const EPOCHS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let data = Parts::embedded()?;
    let network = <smidgen::network![784, 30, 10]>::zero();
    let mut trainer = Trainer::new(network, Settings::default());
    let mut correct = 0;
    for epoch in 0..EPOCHS {
        trainer.epoch(&data.training, |_| ControlFlow::Continue(()))?;
        let evaluation = evaluate(trainer.network(), trainer.cost(), &data.test);
        correct = evaluation.accuracy.correct;
        println!(
            "epoch {epoch}: {correct} of {} right, mean cost {:.4}",
            evaluation.accuracy.total, evaluation.cost
        );
    }

    let file = trainer.network().encode("the book's first settings");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("digits.model");
    std::fs::write(&path, &file)?;
    let back = ModelFile::parse(std::fs::read(&path)?)?;
    println!(
        "{:?} in {} bytes: {}",
        back.sizes(),
        file.len(),
        back.note()
    );
    // The same on every machine, as are the weights: the seed says it all.
    assert_eq!(correct, 9458);
    Ok(())
}
