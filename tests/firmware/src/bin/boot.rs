//! A model that arrives after the program: of two slots in flash the newer whole one is run, and a half-written one never.
#![no_std]
#![no_main]

use smidgen_firmware::slots::slots;
use smidgen_firmware::{finish, scenario};

#[unsafe(no_mangle)]
fn main() -> ! {
    #[cfg(feature = "instruments")]
    let mut report = smidgen_firmware::instruments::Instruments::start();
    #[cfg(not(feature = "instruments"))]
    let mut report = scenario::Silence;
    scenario::boot(slots(), &mut report);
    finish()
}
