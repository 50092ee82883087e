//! The innermost loop of an integer layer for Arm's Cortex-M0, M0+ and M23.
//!
//! These have eight registers that they calculate in, and `add` is the one instruction that reaches the other five: six sums
//! stay there, which no compiler finds. The portable loop is the oracle: the cross-target tests compare the bits with a
//! host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::pair::Pair;
use crate::quantized::layout::{Sums, Words};

/// Adds a word of weights, at r4, times the inputs in r2 and r3 to two sums.
macro_rules! add_word {
    ($even:literal, $both:literal) => {
        concat!(
            "ldm r4!, {{r5}}\n",
            "sxth r6, r5\n",
            "muls r6, r2, r6\n",
            "add ",
            $both,
            ", r6\n",
            "asrs r6, r5, #16\n",
            "muls r6, r3, r6\n",
            "add ",
            $both,
            ", r6\n",
            "sxtb r6, r5\n",
            "muls r6, r2, r6\n",
            "add ",
            $even,
            ", r6\n",
            "lsls r5, r5, #8\n",
            "asrs r5, r5, #24\n",
            "muls r5, r3, r5\n",
            "add ",
            $even,
            ", r5\n",
        )
    };
}

/// Adds the pairs from `first` to `end`, of which there is at least one, to six sums.
///
/// # Safety
///
/// Every pair has its words at `weights`.
#[unsafe(naked)]
unsafe extern "C" fn add_listed(_: *const Pair, _: *const Pair, _: *mut Sums, _: *const Words) {
    naked_asm!(
        "push {{r4-r7, lr}}",
        "mov r4, r8",
        "mov r5, r9",
        "mov r6, r10",
        "mov r7, r11",
        "push {{r2, r4-r7}}",
        "mov r7, r3",
        "ldm r2!, {{r3-r5}}",
        "mov r8, r3",
        "mov r9, r4",
        "mov r10, r5",
        "ldm r2!, {{r3-r5}}",
        "mov r11, r3",
        "mov r12, r4",
        "mov lr, r5",
        "2:",
        "ldm r0!, {{r2, r4}}",
        // Twelve bytes for each pair.
        "lsls r5, r4, #1",
        "adds r4, r4, r5",
        "lsls r4, r4, #2",
        "adds r4, r4, r7",
        "lsrs r3, r2, #16",
        "uxth r2, r2",
        add_word!("r8", "r9"),
        add_word!("r10", "r11"),
        add_word!("r12", "lr"),
        "cmp r0, r1",
        "bne 2b",
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

/// Adds listed pairs to the sums of a pass; a list that names pairs beyond the weights adds nothing.
#[inline(always)]
pub fn add_pairs(list: &[Pair], weights: &[Words], sums: &mut Sums) {
    let ends = list.as_ptr_range();
    if list.last().is_some_and(|pair| pair.index < weights.len()) {
        // SAFETY: the list is not empty, and it is in ascending order, so all its pairs have their words.
        unsafe { add_listed(ends.start, ends.end, sums, weights.as_ptr()) };
    }
}
