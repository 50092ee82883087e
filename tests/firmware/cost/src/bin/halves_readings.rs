//! What the network of 16-bit floats says to readings, which are scaled first.
#![no_std]
#![no_main]

use smidgen_core::{Inference, NotANumber, Output, Row};
use smidgen_firmware_cost::{HALVES, INPUTS, OUTPUTS, SCALING, readings, run};

#[inline(never)]
fn step(input: &[f32; INPUTS]) -> Result<Row<OUTPUTS>, NotANumber> {
    HALVES.infer_readings(&SCALING, input)
}

#[unsafe(no_mangle)]
fn main() -> ! {
    run(readings, |input, _| {
        step(input).map(|output| output.class())
    })
}
