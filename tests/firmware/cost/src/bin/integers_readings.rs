//! What the network of integers says to readings, which are scaled first.
#![no_std]
#![no_main]

use smidgen_core::{Inference, NotANumber, Scores};
use smidgen_firmware_cost::{INPUTS, INTEGERS, OUTPUTS, SCALING, readings, run};

#[inline(never)]
fn step(input: &[f32; INPUTS]) -> Result<Scores<OUTPUTS>, NotANumber> {
    INTEGERS.infer_readings(&SCALING, input)
}

#[unsafe(no_mangle)]
fn main() -> ! {
    run(readings, |input, _| {
        step(input).map(|output| output.class())
    })
}
