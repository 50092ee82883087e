//! The integer network in flash over 100 real test images, the same instructions for each; and over more if the host has
//! a file of them.
#![no_std]
#![no_main]

#[cfg(not(feature = "instruments"))]
use smidgen_core::Output;
use smidgen_core::Scores;
use smidgen_firmware::{finish, scenario};

#[cfg(feature = "instruments")]
#[unsafe(no_mangle)]
fn main() -> ! {
    use smidgen_firmware::{accuracy, instruments::Instruments};
    scenario::classify_constant_time(&mut Instruments::start());
    accuracy::log(scenario::infer_constant_time, Scores { z: [0; 10] });
    finish()
}

/// What a product would do, whose flash is counted: an image in, a class out.
#[cfg(not(feature = "instruments"))]
#[unsafe(no_mangle)]
fn main() -> ! {
    for image in scenario::images() {
        let mut output = Scores { z: [0; 10] };
        scenario::infer_constant_time(image, &mut output);
        core::hint::black_box(output.class());
    }
    finish()
}
