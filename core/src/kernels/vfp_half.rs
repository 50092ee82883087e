//! Sums of scaled rows of 16 bits, for Arm microcontrollers with a floating-point unit: as `vfp`, each value decoded by
//! `vcvt` on the way.
//!
//! Up to 20 sums stay in s0 … s19 while the values of a row lie in s20 … s29, two in each. `vcvtt` decodes the upper of two
//! into s30 and `vcvtb` the lower in its place; then both are multiplied, and both added, so that no result is used by the
//! instruction after it. `vcvt` is exact for finite numbers, subnormal ones too, as long as the alternative format of half
//! precision is off (AHP in the FPSCR), as it is after a reset.
#![allow(unsafe_code)]

use core::arch::naked_asm;

use super::rows::{Entry, Kernel, sum_listed};
use crate::values::half::HalfRow;
use crate::values::row::Row;

/// The most sums that are kept in registers during one walk over the list.
const MOST: usize = 20;

/// Defines the kernels by pairs: the names of the one for all pairs before it and a single value, and of that for a whole
/// pair more; then the registers of the pair, of its first sum and of its second.
macro_rules! kernels {
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] ($odd:ident $even:ident $pair:tt $first:tt $second:tt) $($rest:tt)*) => {
        kernels! { @define $odd $first $pair [$($done)*]
            [concat!("vcvtb.f32.f16 ", $pair, ", ", $pair),
            concat!("vmul.f32 ", $pair, ", s31, ", $pair),
            concat!("vadd.f32 ", $first, ", ", $first, ", ", $pair),] }
        kernels! { @define $even $second $pair [$($done)* ($pair $first $second)] [] }
        kernels! { [$($done)* ($pair $first $second)] $($rest)* }
    };
    (@define $name:ident $last_sum:tt $last_pair:tt [$(($pair:tt $first:tt $second:tt))*] [$($single:tt)*]) => {
        #[unsafe(naked)]
        unsafe extern "C" fn $name(_: *const Entry, _: *const Entry, _: *mut f32, _: usize) {
            naked_asm!(
                ".fpu fpv4-sp-d16",
                "vpush {{s16-s31}}",
                concat!("vldmia r2, {{s0-", $last_sum, "}}"),
                "2:",
                "ldr r12, [r0], #4",
                "vldmia r0!, {{s31}}",
                "add r12, r3",
                concat!("vldmia r12, {{s20-", $last_pair, "}}"),
                $(
                    concat!("vcvtt.f32.f16 s30, ", $pair),
                    concat!("vcvtb.f32.f16 ", $pair, ", ", $pair),
                    "vmul.f32 s30, s31, s30",
                    concat!("vmul.f32 ", $pair, ", s31, ", $pair),
                    concat!("vadd.f32 ", $second, ", ", $second, ", s30"),
                    concat!("vadd.f32 ", $first, ", ", $first, ", ", $pair),
                )*
                $($single)*
                "cmp r0, r1",
                "bne 2b",
                concat!("vstmia r2, {{s0-", $last_sum, "}}"),
                "vpop {{s16-s31}}",
                "bx lr",
            )
        }
    };
}

kernels! {
    []
    (add_1 add_2 "s20" "s0" "s1") (add_3 add_4 "s21" "s2" "s3")
    (add_5 add_6 "s22" "s4" "s5") (add_7 add_8 "s23" "s6" "s7")
    (add_9 add_10 "s24" "s8" "s9") (add_11 add_12 "s25" "s10" "s11")
    (add_13 add_14 "s26" "s12" "s13") (add_15 add_16 "s27" "s14" "s15")
    (add_17 add_18 "s28" "s16" "s17") (add_19 add_20 "s29" "s18" "s19")
}

/// The kernels for 1 to `MOST` sums.
const KERNELS: [Kernel; MOST] = [
    add_1, add_2, add_3, add_4, add_5, add_6, add_7, add_8, add_9, add_10, add_11, add_12, add_13,
    add_14, add_15, add_16, add_17, add_18, add_19, add_20,
];

/// As the portable `sum_half_rows`: lists rows, and walks each full list once for every 20 columns.
#[inline(always)]
pub fn sum_half_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a HalfRow<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    *out = Row::ZERO;
    let rows = rows.map(|(row, factor)| (row.0.as_ptr().cast(), factor));
    // SAFETY: the entries are those of rows that are borrowed, each of `OUT` values.
    sum_listed(rows, |first, end| unsafe { add(first, end, out) });
}

/// Adds listed rows of `OUT` values to all columns.
///
/// # Safety
///
/// There is an entry at `first` and from there on to `end`, and each points to a row of `OUT` values of 16 bits.
#[inline(never)]
unsafe fn add<const OUT: usize>(first: *const Entry, end: *const Entry, out: &mut Row<OUT>) {
    // What is constant is chosen before it is compiled, so no other kernels than those that are needed are linked.
    let (full, last) = const {
        let last = KERNELS[(OUT - 1) % MOST];
        (if OUT > MOST { KERNELS[MOST - 1] } else { last }, last)
    };
    let mut walks = out.chunks_mut(MOST).enumerate();
    let Some((final_walk, rest)) = walks.next_back() else {
        return;
    };
    for (walk, sums) in walks {
        // SAFETY: the caller's, and the sums are as many as the kernel's, from the same column on.
        unsafe { full(first, end, sums.as_mut_ptr(), 2 * MOST * walk) };
    }
    // SAFETY: as above.
    unsafe { last(first, end, rest.as_mut_ptr(), 2 * MOST * final_walk) };
}
