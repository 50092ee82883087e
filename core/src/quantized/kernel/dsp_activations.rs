//! The sigmoids of a layer for Arm's Cortex-M4, M7, and the M33 and M55 that have the DSP instructions.
//!
//! A table and a dozen instructions for each; compilers save and check more than that. The portable loop is the oracle: the
//! cross-target tests compare the bits with a host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;
use core::mem::MaybeUninit;

use crate::quantized::sigmoid::{BELOW, LAST, TABLE};

/// As [`crate::quantized::sigmoid()`], of each z from `z` to `end`, of which there is at least one.
///
/// # Safety
///
/// There is room for as many bytes at `out`.
#[unsafe(naked)]
unsafe extern "C" fn sigmoids(_z: *const i32, _end: *const i32, _out: *mut u8) {
    naked_asm!(
        "push {{r4, r5, lr}}",
        "movw r5, #:lower16:{table}",
        "movt r5, #:upper16:{table}",
        "2:",
        "ldm r0!, {{r3}}",
        // The magnitude.
        "asrs r4, r3, #31",
        "eors r3, r4",
        "subs r3, r3, r4",
        "adds r3, #{half}",
        "lsrs r3, r3, #{below}",
        "cmp r3, #{last}",
        "it hs",
        "movhs r3, #{last}",
        "ldrb r3, [r5, r3]",
        "eors r3, r4",
        "strb r3, [r2], #1",
        "cmp r0, r1",
        "bne 2b",
        "pop {{r4, r5, pc}}",
        table = sym TABLE,
        below = const BELOW,
        half = const 1 << (BELOW - 1),
        last = const LAST,
    )
}

/// Where the activations of a layer are put, in eights.
pub type Room<const EIGHTS: usize> = MaybeUninit<[[u8; 8]; EIGHTS]>;

/// No activations yet.
pub const fn room<const EIGHTS: usize>() -> Room<EIGHTS> {
    Room::uninit()
}

/// The activations of a layer, as the portable `activations` has them.
#[inline(always)]
pub fn activations<'a, const EIGHTS: usize>(
    z: &[i32],
    room: &'a mut Room<EIGHTS>,
) -> &'a [[u8; 8]] {
    let (eights, ends) = (z.len().div_ceil(8), z.as_ptr_range());
    if eights == 0 || eights > EIGHTS {
        return &[];
    }
    let out = room.as_mut_ptr().cast::<[u8; 8]>();
    // SAFETY: there is room for so many eights. The last is zeroed, then one byte for each z is written, so all are.
    unsafe {
        out.add(eights - 1).write([0; 8]);
        sigmoids(ends.start, ends.end, out.cast());
        core::slice::from_raw_parts(out, eights)
    }
}
