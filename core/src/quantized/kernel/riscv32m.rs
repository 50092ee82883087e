//! The innermost loop of an integer layer for RISC-V of 32 bits with multiplication.
//!
//! No instruction takes a half or a byte out of a register, but loads do: the half is `256 · w_odd + w_even`, its lower byte
//! `w_even`, so two weights are six instructions. Six sums stay in registers, which no compiler finds. The portable loop is
//! the oracle: the cross-target tests compare the bits with a host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::pair::Pair;
use crate::quantized::layout::{Sums, Words};

/// Adds a half's two weights, at an offset from t1, times an input to two sums.
macro_rules! add_half {
    ($offset:literal, $input:literal, $even:literal, $both:literal) => {
        concat!(
            "lh t3, ",
            $offset,
            "(t1)\n",
            "lb t4, ",
            $offset,
            "(t1)\n",
            "mul t3, t3, ",
            $input,
            "\n",
            "mul t4, t4, ",
            $input,
            "\n",
            "add ",
            $both,
            ", ",
            $both,
            ", t3\n",
            "add ",
            $even,
            ", ",
            $even,
            ", t4\n",
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
        // Assembly outside of functions knows no more than the base instructions.
        ".option push",
        ".option arch, +m",
        "lw a4, 0(a2)",
        "lw a5, 4(a2)",
        "lw a6, 8(a2)",
        "lw a7, 12(a2)",
        "lw t5, 16(a2)",
        "lw t6, 20(a2)",
        "2:",
        "lw t0, 0(a0)",
        "lw t2, 4(a0)",
        "lw t1, 8(a0)",
        "addi a0, a0, 12",
        "add t1, t1, a3",
        add_half!("0", "t0", "a4", "a5"),
        add_half!("2", "t2", "a4", "a5"),
        add_half!("4", "t0", "a6", "a7"),
        add_half!("6", "t2", "a6", "a7"),
        add_half!("8", "t0", "t5", "t6"),
        add_half!("10", "t2", "t5", "t6"),
        "bne a0, a1, 2b",
        "sw a4, 0(a2)",
        "sw a5, 4(a2)",
        "sw a6, 8(a2)",
        "sw a7, 12(a2)",
        "sw t5, 16(a2)",
        "sw t6, 20(a2)",
        "ret",
        ".option pop",
    )
}
