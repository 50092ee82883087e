//! Learning of all layers by mini-batches.
#![no_std]
#![no_main]

use smidgen_core::{Cost, MiniBatch, Network};
use smidgen_firmware_cost::{
    FLOATS, INPUTS, Learner, MINI_BATCH, OUTPUTS, RATE, label, run, start,
};

type Batch = MiniBatch<MINI_BATCH, INPUTS, <Learner as Network<INPUTS, OUTPUTS>>::Trace>;

/// The weights, and the examples that wait.
static mut NETWORK: Learner = Learner::ZERO;
static mut BATCH: Batch = Batch::new();

/// One example, and each tenth time the step.
#[inline(never)]
fn step(network: &mut Learner, batch: &mut Batch, input: &[u8; INPUTS], label: usize) {
    batch.learn(network, Cost::Quadratic, input, label, RATE);
}

#[unsafe(no_mangle)]
fn main() -> ! {
    // SAFETY: `main` is called once, and nobody else names the network or the batch.
    let (network, batch) = unsafe { (&mut *&raw mut NETWORK, &mut *&raw mut BATCH) };
    start(network, &*FLOATS);
    run(
        |&input| input,
        |input, number| step(network, batch, input, label(number)),
    )
}
