//! Test vectors and checksums in flash: those of the model, of a broken copy, of a stranger.
#![no_std]
#![no_main]

use smidgen_firmware::{finish, report, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    scenario::check(&mut report());
    finish()
}
