//! Learning of the output layer alone, 310 parameters in RAM, while the hidden layer stays in flash.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, report, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    scenario::learn_output_layer(&mut report());
    finish()
}
