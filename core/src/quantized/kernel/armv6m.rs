//! The innermost loop of an integer layer for Arm's Cortex-M0, M0+ and M23.
//!
//! These have eight registers that they calculate in, and `add` is the one instruction that reaches the other five: six sums
//! stay there, which no compiler finds. The portable loop is the oracle: the cross-target tests compare the bits with a
//! host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::pair::Pair;
use crate::quantized::layout::{Sums, Words};

/// Adds a weight in a register, times an input, to a sum.
macro_rules! add_product {
    ($weight:literal, $input:literal, $sum:literal) => {
        concat!(
            "muls ", $weight, ", ", $input, ", ", $weight, "\n", "add ", $sum, ", ", $weight, "\n"
        )
    };
}

/// Adds a word of weights times the inputs in r2 and r3 to two sums.
macro_rules! add_word {
    ($word:literal, $even:literal, $both:literal) => {
        concat!(
            "sxth r7, ",
            $word,
            "\n",
            add_product!("r7", "r2", $both),
            "asrs r7, ",
            $word,
            ", #16\n",
            add_product!("r7", "r3", $both),
            "sxtb r7, ",
            $word,
            "\n",
            add_product!("r7", "r2", $even),
            "lsls ",
            $word,
            ", ",
            $word,
            ", #8\n",
            "asrs ",
            $word,
            ", ",
            $word,
            ", #24\n",
            add_product!($word, "r3", $even),
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
        "push {{r4-r7, lr}}",
        "mov r4, r8",
        "mov r5, r9",
        "mov r6, r10",
        "mov r7, r11",
        "push {{r2, r4-r7}}",
        "mov r1, r3",
        "ldm r2!, {{r3-r7}}",
        "mov r8, r3",
        "mov r9, r4",
        "mov r10, r5",
        "mov r11, r6",
        "mov r12, r7",
        "ldr r3, [r2]",
        "mov lr, r3",
        "b 3f",
        "2:",
        "ldm r4, {{r4-r6}}",
        add_word!("r4", "r8", "r9"),
        add_word!("r5", "r10", "r11"),
        add_word!("r6", "r12", "lr"),
        "3:",
        "ldm r0!, {{r2-r4}}",
        // No register is left for where the list ends; but the offset that ends it leads beyond the last address.
        "adds r4, r4, r1",
        "bcc 2b",
        "pop {{r2, r4-r7}}",
        "mov r0, r8",
        "mov r1, r9",
        "mov r3, r10",
        "stm r2!, {{r0, r1, r3}}",
        "mov r0, r11",
        "mov r1, r12",
        "mov r3, lr",
        "stm r2!, {{r0, r1, r3}}",
        "mov r8, r4",
        "mov r9, r5",
        "mov r10, r6",
        "mov r11, r7",
        "pop {{r4-r7, pc}}",
    )
}
