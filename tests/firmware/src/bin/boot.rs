//! A model that arrives after the program: of two slots in flash the newer whole one is run, and a half-written one never.
#![no_std]
#![no_main]

use smidgen_firmware::slots::slots;
use smidgen_firmware::{finish, report, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    scenario::boot(slots(), &mut report());
    finish()
}
