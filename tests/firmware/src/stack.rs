//! The high-water mark of the stack: memory below it is painted, and what has lost its paint was used.

use core::arch::asm;

const PAINT: u32 = 0xC0DE_D00D;
/// Bytes that are painted at most.
const DEPTH: usize = 24 * 1024;
/// Bytes below the stack pointer that are left alone.
const MARGIN: usize = 16;

unsafe extern "C" {
    static __bss_end: u32;
    static __stack_top: u32;
}

fn top() -> usize {
    &raw const __stack_top as usize
}

/// The lowest word that is painted.
fn floor() -> usize {
    (top() - DEPTH).max(&raw const __bss_end as usize)
}

/// Paints what is below the caller's frame.
#[inline(never)]
pub fn paint() {
    let pointer: usize;
    // SAFETY: reads the stack pointer.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("mov {}, sp", out(reg) pointer);
    }
    // SAFETY: as above.
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!("mv {}, sp", out(reg) pointer);
    }
    let mut word = floor();
    while word < pointer - MARGIN {
        // SAFETY: from the end of all statics to the stack pointer there is nothing in use.
        unsafe { (word as *mut u32).write_volatile(PAINT) };
        word += 4;
    }
}

/// Bytes of stack in use since [`paint`] at the deepest point, from the very top of memory.
#[inline(never)]
pub fn used() -> usize {
    let mut word = floor();
    // SAFETY: between the end of all statics and the top of memory; reading paint or what was left there.
    while word < top() && unsafe { (word as *const u32).read_volatile() } == PAINT {
        word += 4;
    }
    top() - word
}
