//! The trained model with its weights in 16 bits, in flash, over 100 real test images, and over more of them if the host has a file of them.
#![no_std]
#![no_main]

#[cfg(not(feature = "instruments"))]
use smidgen_core::Output;
use smidgen_firmware::{finish, scenario};

#[cfg(feature = "instruments")]
#[unsafe(no_mangle)]
fn main() -> ! {
    use smidgen_firmware::{accuracy, instruments::Instruments};
    scenario::classify_halves(&mut Instruments::start());
    accuracy::log(scenario::infer_halves);
    finish()
}

/// What a product would do, whose flash is counted: an image in, a class out.
#[cfg(not(feature = "instruments"))]
#[unsafe(no_mangle)]
fn main() -> ! {
    for image in scenario::images() {
        core::hint::black_box(scenario::infer_halves(image).class());
    }
    finish()
}
