//! What the network of floats says to readings, which are scaled first.
#![no_std]
#![no_main]

use smidgen_core::{Inference, NotANumber, Output, Row};
use smidgen_firmware_cost::{FLOATS, INPUTS, OUTPUTS, SCALING, readings, run};

#[inline(never)]
fn step(input: &[f32; INPUTS]) -> Result<Row<OUTPUTS>, NotANumber> {
    FLOATS.infer_readings(&SCALING, input)
}

#[unsafe(no_mangle)]
fn main() -> ! {
    run(readings, |input, _| {
        step(input).map(|output| output.class())
    })
}
