//! `defmt` over semihosting.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::semihosting;

#[defmt::global_logger]
struct Logger;

/// The console's handle plus 1; 0 until it is open.
static CONSOLE: AtomicUsize = AtomicUsize::new(0);
static mut ENCODER: defmt::Encoder = defmt::Encoder::new();

fn write(bytes: &[u8]) {
    let mut console = CONSOLE.load(Ordering::Relaxed);
    if console == 0 {
        console = semihosting::open(c":tt", semihosting::WRITE).map_or(0, |handle| handle + 1);
        CONSOLE.store(console, Ordering::Relaxed);
    }
    semihosting::write(console.wrapping_sub(1), bytes);
}

// SAFETY: there is one processor and no interrupt is ever enabled, so nothing logs while something logs, and the
// encoder is used by one at a time.
unsafe impl defmt::Logger for Logger {
    fn acquire() {
        // SAFETY: as above.
        unsafe { (*&raw mut ENCODER).start_frame(write) }
    }

    unsafe fn flush() {}

    unsafe fn release() {
        // SAFETY: as above.
        unsafe { (*&raw mut ENCODER).end_frame(write) }
    }

    unsafe fn write(bytes: &[u8]) {
        // SAFETY: as above.
        unsafe { (*&raw mut ENCODER).write(bytes, write) }
    }
}
