//! Whatever bits come in, NaN and infinities among them: ranked, answered, and refused where they would be learned.
#![no_std]
#![no_main]

use smidgen_firmware::{any_bits, finish, report};

#[unsafe(no_mangle)]
fn main() -> ! {
    any_bits::any_bits(&mut report());
    finish()
}
