//! What the benches share: a trained network and the digits it is measured on.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use smidgen::data::Parts;
use smidgen::network::Float;
use smidgen::training::{Settings, Trainer};
use smidgen_core::{Digits, Network};

/// All of MNIST.
///
/// # Panics
///
/// If the data inside the program are damaged.
pub static MNIST: LazyLock<Parts> =
    LazyLock::new(|| Parts::embedded().expect("the embedded MNIST is whole"));

/// A trainer with one epoch behind it, the same on every machine.
///
/// # Panics
///
/// If training diverges, which these settings do not.
#[must_use]
pub fn trained<N>() -> Trainer<Float<N, 784, 10>>
where
    N: Network<784, 10> + Send + Sync,
{
    let mut trainer = Trainer::new(Float::zero(), Settings::default());
    trainer
        .epoch(&MNIST.training, |_| ControlFlow::Continue(()))
        .expect("the book's settings do not diverge");
    trainer
}

/// The book's network after one epoch.
pub static DIGITS: LazyLock<Trainer<Float<Digits, 784, 10>>> = LazyLock::new(trained);
