//! 4. A loop of one's own: the validation images say when to stop, and which epoch was the best.
//!
//! The test images take no part in the choice; they judge it, once, at the end.
//!
//! `cargo run --release -p smidgen --example 04_stop_early`

use std::error::Error;
use std::ops::ControlFlow;

use smidgen::network::Learner;
use smidgen::smidgen_core::Cost;
use smidgen::{Parts, Settings, Start, Trainer, evaluate};

/// Epochs without a better one after which it is over.
const PATIENCE: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let data = Parts::embedded()?;
    let settings = Settings {
        learning_rate: 0.5,
        cost: Cost::CrossEntropy,
        start: Start::Scaled,
        ..Settings::default()
    };
    let mut trainer = Trainer::new(<smidgen::network![784, 30, 10]>::zero(), settings);
    let (mut best, mut best_epoch, mut parameters) = (0, 0, Vec::new());
    let mut epoch = 0;
    while epoch <= best_epoch + PATIENCE {
        trainer.epoch(&data.training, |_| ControlFlow::Continue(()))?;
        let validation = evaluate(trainer.network(), settings.cost, &data.validation);
        let correct = validation.accuracy.correct;
        println!(
            "epoch {epoch}: {correct} of {} validation images right",
            validation.accuracy.total
        );
        if correct > best {
            (best, best_epoch, parameters) = (correct, epoch, trainer.network().parameters());
        }
        epoch += 1;
    }

    let mut kept = trainer.network().clone();
    kept.set_parameters(&parameters);
    let again = evaluate(&kept, settings.cost, &data.validation).accuracy;
    let test = evaluate(&kept, settings.cost, &data.test).accuracy;
    println!(
        "kept epoch {best_epoch}: {:.2}% of the test images right",
        test.percent()
    );
    assert_eq!(again.correct, best, "the best network was not kept");
    assert!(test.percent() > 95.0);
    Ok(())
}
