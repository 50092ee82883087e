//! The high-water mark of the stack: memory below it is painted, and what has lost its paint was used.

use core::arch::asm;

const PAINT: u32 = 0xC0DE_D00D;
/// Bytes that are painted at most.
const DEPTH: usize = 24 * 1024;
/// Bytes below the stack pointer that are left alone: the frame of what paints.
const MARGIN: usize = 32;

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

/// Paints what is below the caller's frame, and gives where that is.
#[inline(always)]
pub fn paint() -> usize {
    let pointer = pointer();
    paint_below(pointer);
    pointer
}

#[inline(always)]
fn pointer() -> usize {
    let pointer;
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
    pointer
}

/// Paints from the lowest word to a little below the frame of the caller of [`paint`], and of this function.
#[inline(never)]
fn paint_below(pointer: usize) {
    let mut word = floor();
    while word < pointer - MARGIN {
        // SAFETY: from the end of all statics to the stack pointer there is nothing in use.
        unsafe { (word as *mut u32).write_volatile(PAINT) };
        word += 4;
    }
}

/// Bytes of stack in use since [`paint`] at the deepest point, from what it gave on.
#[inline(never)]
pub fn used(pointer: usize) -> usize {
    let mut word = floor();
    // SAFETY: between the end of all statics and the top of memory; reading paint or what was left there.
    while word < pointer && unsafe { (word as *const u32).read_volatile() } == PAINT {
        word += 4;
    }
    pointer - word
}
