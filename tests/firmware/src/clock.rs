//! A counter that QEMU's `-icount shift=0` makes count instructions: each is a nanosecond of the board's time.

#[cfg(target_arch = "arm")]
mod counter {
    /// Bits of the SysTick timer.
    pub const MASK: u32 = 0xFF_FFFF;
    const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
    const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
    const CURRENT: *mut u32 = 0xE000_E018 as *mut u32;

    pub fn start() {
        // SAFETY: the addresses are those of the SysTick timer on every Cortex-M.
        unsafe {
            RELOAD.write_volatile(MASK);
            CURRENT.write_volatile(0);
            // Enabled, from the processor's clock, without an interrupt.
            CONTROL.write_volatile(0b101);
        }
    }

    #[inline(always)]
    pub fn now() -> u32 {
        // SAFETY: as above. The timer counts down.
        0_u32.wrapping_sub(unsafe { CURRENT.read_volatile() })
    }
}

#[cfg(target_arch = "riscv32")]
mod counter {
    pub const MASK: u32 = u32::MAX;

    pub fn start() {}

    #[inline(always)]
    pub fn now() -> u32 {
        let count;
        // SAFETY: reads a counter.
        unsafe { core::arch::asm!("csrr {}, minstret", out(reg) count) }
        count
    }
}

pub use counter::{now, start};

/// Ticks between two readings.
#[inline(always)]
pub fn between(from: u32, to: u32) -> u32 {
    to.wrapping_sub(from) & counter::MASK
}

/// Rounds of [`spin`], of two instructions each.
pub const SPINS: u32 = 2_000_000;

/// Runs `2 · SPINS` instructions, so that whoever reads the ticks knows what a tick is.
#[inline(never)]
pub fn spin() {
    // SAFETY: counts a register down.
    unsafe {
        #[cfg(target_arch = "arm")]
        core::arch::asm!("2: subs {0}, {0}, #1", "bne 2b", inout(reg) SPINS => _);
        #[cfg(target_arch = "riscv32")]
        core::arch::asm!("2: addi {0}, {0}, -1", "bnez {0}, 2b", inout(reg) SPINS => _);
    }
}
