//! How often a model is right about images that only the host has room for.

use smidgen_core::{Image, Output};

use crate::semihosting::{READ, open, read};

/// Classifies the images in the host's file `images`, each of 784 bytes and a label, and logs how many were right.
#[inline(never)]
pub fn log<T: Output<10>>(infer: impl Fn(&Image) -> T) {
    let Some(file) = open(c"images", READ) else {
        return;
    };
    let (mut correct, mut total) = (0_u32, 0_u32);
    let (mut image, mut label) = ([0; 784], [0]);
    while read(file, &mut image) && read(file, &mut label) {
        correct += u32::from(infer(&image).class() == usize::from(label[0]));
        total += 1;
    }
    defmt::println!("accuracy {=u32} {=u32}", correct, total);
}
