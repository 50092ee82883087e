//! Prints checksums of what the core computes, on whatever processor this is. Nothing of an operating system is linked:
//! where there is Linux the program asks its kernel, in wasm32 the caller.
#![no_std]
#![no_main]

mod digest;
#[cfg(target_os = "linux")]
mod memory;
#[path = "../../firmware/src/scenario.rs"]
#[allow(dead_code, reason = "what only the firmware's programs take")]
mod scenario;
mod start;
mod system;

use core::fmt::Write as _;

use smidgen_core::{Network, network};
use system::{Console, exit};

/// The weights that are learned, too many for a small stack.
static mut NETWORK: network![784, 30, 10] = Network::ZERO;

/// All there is to do; [`start`] calls it.
extern "C" fn main() -> ! {
    let network = &raw mut NETWORK;
    // SAFETY: `main` is called once, and nobody else names the network.
    let network = unsafe { &mut *network };
    digest::run(network, &mut |line| {
        if writeln!(Console, "{line}").is_err() {
            exit(false);
        }
    });
    exit(true)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit(false)
}
