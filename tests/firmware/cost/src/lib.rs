//! One network of the sizes that the build script was told, in flash in every form, and what every program does with it:
//! with instruments the host's inputs one by one, measured; without them one, whose program's flash is counted.
#![no_std]

include!(concat!(env!("OUT_DIR"), "/network.rs"));

use smidgen_core::{Network, Scaling};
use smidgen_firmware::finish;

/// Bytes become inputs as those of an image do, and a byte of 0 is 0. Beside the model, whose it is.
#[unsafe(link_section = ".model")]
pub static SCALING: Scaling<INPUTS> = match Scaling::new([0.0; INPUTS], [1.0 / 255.0; INPUTS]) {
    Some(scaling) => scaling,
    None => panic!("no scaling"),
};

/// Examples of a mini-batch.
pub const MINI_BATCH: usize = 10;
/// The learning rate.
pub const RATE: f32 = 0.5;

/// The readings that bytes stand for.
pub fn readings(input: &[u8; INPUTS]) -> [f32; INPUTS] {
    input.map(f32::from)
}

/// Does a step for each of the host's inputs, the second argument of which is its number.
#[cfg(feature = "instruments")]
pub fn run<X, T>(prepare: impl Fn(&[u8; INPUTS]) -> X, mut step: impl FnMut(&X, usize) -> T) -> ! {
    use smidgen_firmware::instruments::Instruments;
    use smidgen_firmware::scenario::Report;
    use smidgen_firmware::semihosting::{READ, open, read};

    let mut report = Instruments::start();
    let Some(file) = open(c"inputs", READ) else {
        finish()
    };
    let (mut input, mut number) = ([0; INPUTS], 0);
    while read(file, &mut input) {
        let prepared = prepare(&input);
        core::hint::black_box(report.measured("step", || step(&prepared, number)));
        number += 1;
    }
    finish()
}

/// Does a step for one input.
#[cfg(not(feature = "instruments"))]
pub fn run<X, T>(_: impl Fn(&[u8; INPUTS]) -> X, mut step: impl FnMut(&X, usize) -> T) -> ! {
    // SAFETY: zeros are an input, of bytes or of floats; where they lie is not counted.
    let input = unsafe { &*core::hint::black_box(&raw const NO_INPUT).cast::<X>() };
    core::hint::black_box(step(input, core::hint::black_box(0)));
    finish()
}

/// An input of zeros, as large as one of floats.
#[cfg(not(feature = "instruments"))]
#[unsafe(link_section = ".images")]
static NO_INPUT: [u32; INPUTS] = [0; INPUTS];

/// Gives a network that learns the weights of one in flash; where flash is counted it keeps its own, wherever they are from.
pub fn start<N: Network<I, O>, const I: usize, const O: usize>(network: &mut N, weights: &N) {
    if cfg!(feature = "instruments") {
        network.zip_map(weights, |_, weight| weight, |_, bias| bias);
    }
}

/// The class that an example is said to be of.
pub fn label(number: usize) -> usize {
    number % OUTPUTS
}
