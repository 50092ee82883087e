//! Start-up and nothing else: what every program has besides its network.
#![no_std]
#![no_main]

use smidgen_firmware_cost::run;

#[unsafe(no_mangle)]
fn main() -> ! {
    run(|&input| input, |_, _| ())
}
