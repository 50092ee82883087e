//! The innermost loops of [`kernel`](super::kernel) on the DSP instructions of Arm's Cortex-M4, M7, M33 and M55.
//!
//! `SMLAD` multiplies two halves by two and adds both products to a sum, and `SXTB16` takes the even neuron's weights out of
//! a word, so four weights are three instructions; six sums, two inputs and three words stay in registers, which no
//! compiler finds. The portable loops are the oracle: the cross-target tests compare the bits with a host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::kernel::{Active, Sums, Words};

/// Multiplies a pair of inputs in one register by the words in three, and adds to the sums in r4 to r9.
macro_rules! add_pair {
    ($inputs:literal, $a:literal, $b:literal, $c:literal) => {
        concat!(
            add_pair!(@word $inputs, $a, "r4", "r5"),
            add_pair!(@word $inputs, $b, "r6", "r7"),
            add_pair!(@word $inputs, $c, "r8", "r9"),
        )
    };
    (@word $inputs:literal, $word:literal, $even:literal, $both:literal) => {
        concat!(
            "smlad ", $both, ", ", $inputs, ", ", $word, ", ", $both, "\n",
            "sxtb16 ", $word, ", ", $word, "\n",
            "smlad ", $even, ", ", $inputs, ", ", $word, ", ", $even, "\n",
        )
    };
}

/// Adds the pairs from `first` to `end`, of which there is at least one, to six sums.
///
/// # Safety
///
/// Every entry names three words of the pass at `weights`.
#[unsafe(naked)]
unsafe extern "C" fn add_listed(_: *const Active, _: *const Active, _: *mut i32, _: *const Words) {
    naked_asm!(
        "push {{r4-r11, lr}}",
        "ldm r2, {{r4-r9}}",
        "2:",
        "ldm r0!, {{r10, r11}}",
        "add r11, r3, r11, lsl #2",
        "ldm r11, {{r11, r12, lr}}",
        add_pair!("r10", "r11", "r12", "lr"),
        "cmp r0, r1",
        "bne 2b",
        "stm r2, {{r4-r9}}",
        "pop {{r4-r11, pc}}",
    )
}

/// Adds the pairs from `first` to `end`, four at a time and at least four, to six sums.
///
/// # Safety
///
/// There are as many triples of words at `weights` as there are pairs.
#[unsafe(naked)]
unsafe extern "C" fn add_in_order(
    _: *const [u32; 4],
    _: *const [u32; 4],
    _: *mut i32,
    _: *const Words,
) {
    naked_asm!(
        "push {{r2, r4-r11, lr}}",
        "ldm r2, {{r4-r9}}",
        "2:",
        "ldrd r10, r11, [r0], #8",
        "ldm r3!, {{r2, r12, lr}}",
        add_pair!("r10", "r2", "r12", "lr"),
        "ldm r3!, {{r2, r12, lr}}",
        add_pair!("r11", "r2", "r12", "lr"),
        "ldrd r10, r11, [r0], #8",
        "ldm r3!, {{r2, r12, lr}}",
        add_pair!("r10", "r2", "r12", "lr"),
        "ldm r3!, {{r2, r12, lr}}",
        add_pair!("r11", "r2", "r12", "lr"),
        "cmp r0, r1",
        "bne 2b",
        "pop {{r2}}",
        "stm r2, {{r4-r9}}",
        "pop {{r4-r11, pc}}",
    )
}

/// Adds listed pairs to the sums of a pass; those that name no words of it are the caller's mistake, and none of
/// [`kernel`](super::kernel)'s does.
#[inline(always)]
pub fn add_active(list: &[Active], weights: &[Words], sums: &mut Sums) {
    let ends = list.as_ptr_range();
    if !list.is_empty() {
        // SAFETY: the list is not empty; the entries are those of an input that is no longer than the pass has pairs.
        unsafe { add_listed(ends.start, ends.end, sums.as_mut_ptr(), weights.as_ptr()) };
    }
}

/// Adds a run to the sums of a pass, from the first of the words on.
#[inline(always)]
pub fn add_run(run: &[[u32; 4]], weights: &[Words], sums: &mut Sums) {
    let ends = run.as_ptr_range();
    if !run.is_empty() && 4 * run.len() <= weights.len() {
        // SAFETY: the run is not empty, and there are as many triples of words as it has pairs.
        unsafe { add_in_order(ends.start, ends.end, sums.as_mut_ptr(), weights.as_ptr()) };
    }
}
