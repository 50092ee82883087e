//! What the bare-metal programs share: start-up, semihosting, logging, a clock that counts instructions, the stack.
//!
//! The steps that are compared with the host are in [`scenario`]; each program in `src/bin` runs some of them.
#![no_std]

#[cfg(feature = "instruments")]
pub mod accuracy;
pub mod any_bits;
#[cfg(feature = "instruments")]
pub mod clock;
#[cfg(feature = "instruments")]
pub mod instruments;
#[cfg(feature = "instruments")]
mod logger;
pub mod scenario;
#[cfg(feature = "instruments")]
pub mod semihosting;
pub mod slots;
#[cfg(feature = "instruments")]
pub mod stack;
mod start;

/// Who hears what a program does: the host with instruments, nobody without.
#[inline(always)]
pub fn report() -> impl scenario::Report {
    #[cfg(feature = "instruments")]
    let report = instruments::Instruments::start();
    #[cfg(not(feature = "instruments"))]
    let report = scenario::Silence;
    report
}

/// The end of a program: success with instruments, sleep without.
pub fn finish() -> ! {
    #[cfg(feature = "instruments")]
    semihosting::exit(true);
    #[cfg(not(feature = "instruments"))]
    loop {
        core::hint::spin_loop();
    }
}

/// A panic or a fault: failure with instruments, sleep without.
fn fail() -> ! {
    #[cfg(feature = "instruments")]
    semihosting::exit(false);
    #[cfg(not(feature = "instruments"))]
    loop {
        core::hint::spin_loop();
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    fail()
}

/// Every exception of the processor.
#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    fail()
}
