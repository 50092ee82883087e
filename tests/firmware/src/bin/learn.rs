//! Learning of all layers on the device: in place and by mini-batches; a smaller network where memory is small.
#![no_std]
#![no_main]

use smidgen_core::{Network, network};
use smidgen_firmware::{finish, report, scenario};

#[cfg(any(board = "microbit", board = "lm3s6965evb"))]
type Learner = network![196, 10, 10];
#[cfg(not(any(board = "microbit", board = "lm3s6965evb")))]
type Learner = network![784, 30, 10];

/// The weights, the one large thing in RAM.
static mut NETWORK: Learner = Learner::ZERO;

#[unsafe(no_mangle)]
fn main() -> ! {
    // SAFETY: `main` is called once, and nobody else names the network.
    let network = unsafe { &mut *&raw mut NETWORK };
    let mut report = report();
    #[cfg(any(board = "microbit", board = "lm3s6965evb"))]
    scenario::learn_all(network, scenario::quarter, &mut report);
    #[cfg(not(any(board = "microbit", board = "lm3s6965evb")))]
    scenario::learn_all(network, scenario::whole, &mut report);
    finish()
}
