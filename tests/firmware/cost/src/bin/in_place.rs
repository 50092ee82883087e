//! Learning of all layers, example by example.
#![no_std]
#![no_main]

use smidgen_core::{Backprop, Cost, Network, learn};
use smidgen_firmware_cost::{FLOATS, INPUTS, Learner, RATE, label, run, start};

/// The weights, the one large thing in RAM.
static mut NETWORK: Learner = Learner::ZERO;

#[inline(never)]
fn step(network: &mut Learner, input: &[u8; INPUTS], label: usize) {
    learn(
        network,
        Cost::Quadratic,
        input,
        label,
        RATE,
        &mut Backprop::zero(),
    );
}

#[unsafe(no_mangle)]
fn main() -> ! {
    // SAFETY: `main` is called once, and nobody else names the network.
    let network = unsafe { &mut *&raw mut NETWORK };
    start(network, &*FLOATS);
    run(
        |&input| input,
        |input, number| step(network, input, label(number)),
    )
}
