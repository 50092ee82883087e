//! What the network of integers says to bytes, zeros left out.
#![no_std]
#![no_main]

use smidgen_core::{QuantizedNetwork, Scores};
use smidgen_firmware_cost::{INPUTS, INTEGERS, OUTPUTS, run};

#[inline(never)]
fn step(input: &[u8; INPUTS]) -> Scores<OUTPUTS> {
    INTEGERS.feedforward(input)
}

#[unsafe(no_mangle)]
fn main() -> ! {
    run(|&input| input, |input, _| step(input).class())
}
