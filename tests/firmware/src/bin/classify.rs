//! The trained model in flash over 100 real test images, and over more of them if the host has a file of them.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, scenario};

#[cfg(feature = "instruments")]
#[unsafe(no_mangle)]
fn main() -> ! {
    use smidgen_firmware::instruments::Instruments;
    scenario::classify(&mut Instruments::start());
    accuracy();
    finish()
}

/// Classifies the images in the host's file `images`, each of 784 bytes and a label.
#[cfg(feature = "instruments")]
#[inline(never)]
fn accuracy() {
    use smidgen_core::{Row, classify};
    use smidgen_firmware::semihosting::{READ, open, read};
    let Some(file) = open(c"images", READ) else {
        return;
    };
    let (mut correct, mut total) = (0_u32, 0_u32);
    let (mut image, mut label) = ([0; 784], [0]);
    while read(file, &mut image) && read(file, &mut label) {
        let mut output = Row::ZERO;
        scenario::infer(&image, &mut output);
        correct += u32::from(classify(&output) == usize::from(label[0]));
        total += 1;
    }
    defmt::println!("accuracy {=u32} {=u32}", correct, total);
}

/// What a product would do, whose flash is counted: an image in, a class out.
#[cfg(not(feature = "instruments"))]
#[unsafe(no_mangle)]
fn main() -> ! {
    for image in scenario::images() {
        let mut output = smidgen_core::Row::ZERO;
        scenario::infer(image, &mut output);
        core::hint::black_box(smidgen_core::classify(&output));
    }
    finish()
}
