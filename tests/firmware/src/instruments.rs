//! The device's side of a scenario: counts instructions and stack, and logs what happens, one line a fact.

use smidgen_core::Network;

use crate::scenario::{Report, digest};
use crate::{clock, semihosting, stack};

/// Logs everything.
pub struct Instruments {
    /// Whether to log every weight, too; the host asks for it by a file called `dump`.
    dump: bool,
}

impl Instruments {
    /// Starts the clock and logs what a tick of it is.
    pub fn start() -> Self {
        clock::start();
        let from = clock::now();
        clock::spin();
        let ticks = clock::between(from, clock::now());
        defmt::println!("clock {=u32} {=u32}", 2 * clock::SPINS, ticks);
        Self {
            dump: semihosting::open(c"dump", semihosting::READ).is_some(),
        }
    }
}

impl Report for Instruments {
    #[inline(always)]
    fn measured<R>(&mut self, step: &'static str, work: impl FnOnce() -> R) -> R {
        let pointer = stack::paint();
        let from = clock::now();
        let result = work();
        let ticks = clock::between(from, clock::now());
        defmt::println!(
            "cost {=str} {=u32} {=usize}",
            step,
            ticks,
            stack::used(pointer)
        );
        result
    }

    fn value(&mut self, step: &'static str, value: u32) {
        defmt::println!("value {=str} {=u32}", step, value);
    }

    fn output(&mut self, step: &'static str, output: &[u32; 10]) {
        defmt::println!("output {=str} {=[?]:08x}", step, output.as_slice());
    }

    fn weights<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
        step: &'static str,
        network: &N,
    ) {
        defmt::println!("weights {=str} {=u32:08x}", step, digest(network));
        if self.dump {
            network.for_each_parameter(|parameter| {
                defmt::println!("dump {=str} {=u32:08x}", step, parameter.to_bits());
            });
        }
    }
}
