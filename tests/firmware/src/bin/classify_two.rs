//! Two networks of different sizes in flash over 100 real test images: what the second adds to the code is looked at.
#![no_std]
#![no_main]

#[cfg(not(feature = "instruments"))]
use smidgen_core::Output;
use smidgen_firmware::{finish, scenario};

#[cfg(feature = "instruments")]
#[unsafe(no_mangle)]
fn main() -> ! {
    scenario::classify_two(&mut smidgen_firmware::instruments::Instruments::start());
    finish()
}

/// What a product would do, whose flash is counted: an image in, two classes out.
#[cfg(not(feature = "instruments"))]
#[unsafe(no_mangle)]
fn main() -> ! {
    for image in scenario::images() {
        core::hint::black_box(scenario::infer(image).class());
        core::hint::black_box(scenario::infer_small(image).class());
    }
    finish()
}
