//! Whatever bits come in, NaN and infinities among them: ranked, answered, and refused where they would be learned.
#![no_std]
#![no_main]

use smidgen_firmware::{any_bits, finish};

#[unsafe(no_mangle)]
fn main() -> ! {
    #[cfg(feature = "instruments")]
    let mut report = smidgen_firmware::instruments::Instruments::start();
    #[cfg(not(feature = "instruments"))]
    let mut report = smidgen_firmware::scenario::Silence;
    any_bits::any_bits(&mut report);
    finish()
}
