//! Test vectors and checksums of the network of 16-bit weights in flash: those of the model, of a broken copy, of a stranger.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, report, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    scenario::check_halves(&mut report());
    finish()
}
