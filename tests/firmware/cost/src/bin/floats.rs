//! What the network of floats says to bytes.
#![no_std]
#![no_main]

use smidgen_core::{Inference, Output, Row};
use smidgen_firmware_cost::{FLOATS, INPUTS, OUTPUTS, run};

#[inline(never)]
fn step(input: &[u8; INPUTS]) -> Row<OUTPUTS> {
    FLOATS.infer(input)
}

#[unsafe(no_mangle)]
fn main() -> ! {
    run(|&input| input, |input, _| step(input).class())
}
