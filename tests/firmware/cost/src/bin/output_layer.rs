//! Learning of the last layer alone, while those before it stay in flash.
#![no_std]
#![no_main]

use smidgen_core::{Backprop, Cost, Dense, learn_last_layer};
use smidgen_firmware_cost::{FROZEN, INPUTS, LAST, Last, RATE, label, run, start};

/// The weights of the layer.
static mut LAYER: Last = Dense::ZERO;

#[inline(never)]
fn step(last: &mut Last, input: &[u8; INPUTS], label: usize) {
    let scratch = &mut Backprop::zero();
    learn_last_layer(&*FROZEN, last, Cost::Quadratic, input, label, RATE, scratch);
}

#[unsafe(no_mangle)]
fn main() -> ! {
    // SAFETY: `main` is called once, and nobody else names the layer.
    let last = unsafe { &mut *&raw mut LAYER };
    start(last, &*LAST);
    run(
        |&input| input,
        |input, number| step(last, input, label(number)),
    )
}
