//! Learning of the output layer alone, 310 parameters in RAM, while the hidden layer stays in flash.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    #[cfg(feature = "instruments")]
    let mut report = smidgen_firmware::instruments::Instruments::start();
    #[cfg(not(feature = "instruments"))]
    let mut report = scenario::Silence;
    scenario::learn_output_layer(&mut report);
    finish()
}
