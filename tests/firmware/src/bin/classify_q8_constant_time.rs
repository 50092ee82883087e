//! The integer network in flash over 100 real test images, the same instructions for each; and over more if the host has
//! a file of them.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, scenario};

#[cfg(feature = "instruments")]
#[unsafe(no_mangle)]
fn main() -> ! {
    use smidgen_firmware::{accuracy, instruments::Instruments};
    scenario::classify_constant_time(&mut Instruments::start());
    accuracy::log(scenario::infer_constant_time);
    finish()
}

/// What a product would do, whose flash is counted: an image in, a class out.
#[cfg(not(feature = "instruments"))]
#[unsafe(no_mangle)]
fn main() -> ! {
    for image in scenario::images() {
        core::hint::black_box(scenario::infer_constant_time(image).class());
    }
    finish()
}
