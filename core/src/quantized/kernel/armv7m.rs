//! The innermost loop of an integer layer for Arm's Cortex-M3, and for the M33 and M55 without DSP instructions.
//!
//! Six sums stay in registers, and `mla` adds a product to one of them, for which compilers lack a register or two. The
//! portable loop is the oracle: the cross-target tests compare the bits with a host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::pair::Pair;
use crate::quantized::layout::{Sums, Words};

/// Adds a word of weights times the inputs in r3 and r10 to two sums.
macro_rules! add_word {
    ($word:literal, $even:literal, $both:literal) => {
        concat!(
            "sxth r1, ",
            $word,
            "\n",
            "mla ",
            $both,
            ", r3, r1, ",
            $both,
            "\n",
            "asr r1, ",
            $word,
            ", #16\n",
            "mla ",
            $both,
            ", r10, r1, ",
            $both,
            "\n",
            "sxtb r1, ",
            $word,
            "\n",
            "mla ",
            $even,
            ", r3, r1, ",
            $even,
            "\n",
            "sxtb ",
            $word,
            ", ",
            $word,
            ", ror #16\n",
            "mla ",
            $even,
            ", r10, ",
            $word,
            ", ",
            $even,
            "\n",
        )
    };
}

/// Adds the pairs from `first` to `end`, of which there is at least one, to six sums.
///
/// # Safety
///
/// Every pair has its words at `weights`, and at `end` is `Pair::END`.
#[unsafe(naked)]
pub unsafe extern "C" fn add_listed(
    _first: *const Pair,
    _end: *const Pair,
    _sums: *mut Sums,
    _weights: *const Words,
) {
    naked_asm!(
        "push {{r1, r2, r4-r11, lr}}",
        "ldm r2, {{r4-r9}}",
        "mov r2, r3",
        "2:",
        "ldm r0!, {{r3, r10, r11}}",
        "add r11, r2",
        "ldm r11, {{r11, r12, lr}}",
        add_word!("r11", "r4", "r5"),
        add_word!("r12", "r6", "r7"),
        add_word!("lr", "r8", "r9"),
        "ldr r1, [sp]", // the end
        "cmp r0, r1",
        "bne 2b",
        "pop {{r1, r2}}",
        "stm r2, {{r4-r9}}",
        "pop {{r4-r11, pc}}",
    )
}
