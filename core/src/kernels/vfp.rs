//! [`sum_rows`] for Arm microcontrollers with a floating-point unit of single precision.
//!
//! Up to 15 sums stay in s0 … s14 while the values of a row are loaded into s16 … s30 by one instruction, which no
//! compiler finds. `vmul` and then `vadd` round twice, so the bits are those of the portable loop. That loop is the oracle:
//! the cross-target tests compare the bits with a host's. `vmla` would round as often in one instruction, but takes three
//! cycles where these two take one each, and no result is used by the instruction after it, which would cost a cycle
//! (Arm, *Cortex-M4 Technical Reference Manual*, r0p1, table 7-1). `vfma`, which rounds once, must not stand here.
#![allow(unsafe_code)]

use core::arch::naked_asm;
use core::mem::MaybeUninit;
use core::ops::Range;

use crate::values::row::Row;

/// The most sums that are kept in registers during one walk over the list.
const MOST: usize = 15;

/// Rows that are listed before they are added.
const LISTED: usize = 16;

/// A row and its factor, as the kernels read them; what the values of a row are, the kernels know.
#[repr(C)]
pub struct Entry {
    row: *const (),
    factor: f32,
}

/// Adds `factor · row` to a number of sums, for all entries from `first` to `end`, of which there is at least one; the
/// sums are those of the columns from the byte `offset` of each row on.
pub type Kernel =
    unsafe extern "C" fn(first: *const Entry, end: *const Entry, sums: *mut f32, offset: usize);

/// Steps a number of weights down the gradient that is the sum of `factor · row` over the entries, as [`Kernel`] walks
/// them: `w ← w − step · (0 + Σ factor · row)`.
type Step = unsafe extern "C" fn(
    first: *const Entry,
    end: *const Entry,
    weights: *mut f32,
    offset: usize,
    step: f32,
);

/// Defines the kernels, from a list of what each adds to the one before: its names, the register of its last sum, and
/// that of its last value.
macro_rules! kernels {
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] $next:tt $($rest:tt)*) => {
        kernels! { @define [$($done)* $next] $next }
        kernels! { [$($done)* $next] $($rest)* }
    };
    (@define [$(($a:tt $s:tt $sum:tt $value:tt))*] ($add:ident $step:ident $last_sum:tt $last_value:tt)) => {
        #[unsafe(naked)]
        unsafe extern "C" fn $add(_: *const Entry, _: *const Entry, _: *mut f32, _: usize) {
            naked_asm!(
                ".fpu fpv4-sp-d16",
                "vpush {{s16-s31}}",
                concat!("vldmia r2, {{s0-", $last_sum, "}}"),
                "2:",
                "ldr r12, [r0], #4",
                "vldmia r0!, {{s31}}",
                "add r12, r3",
                concat!("vldmia r12, {{s16-", $last_value, "}}"),
                $(concat!("vmul.f32 ", $value, ", s31, ", $value),)*
                $(concat!("vadd.f32 ", $sum, ", ", $sum, ", ", $value),)*
                "cmp r0, r1",
                "bne 2b",
                concat!("vstmia r2, {{s0-", $last_sum, "}}"),
                "vpop {{s16-s31}}",
                "bx lr",
            )
        }

        #[unsafe(naked)]
        unsafe extern "C" fn $step(_: *const Entry, _: *const Entry, _: *mut f32, _: usize, _: f32) {
            naked_asm!(
                ".fpu fpv4-sp-d16",
                "vpush {{s16-s31}}",
                // s15 is the one register that the sums leave free.
                "vmov.f32 s15, s0",
                "mov r12, #0",
                $(concat!("vmov ", $sum, ", r12"),)*
                "2:",
                "ldr r12, [r0], #4",
                "vldmia r0!, {{s31}}",
                "add r12, r3",
                concat!("vldmia r12, {{s16-", $last_value, "}}"),
                $(concat!("vmul.f32 ", $value, ", s31, ", $value),)*
                $(concat!("vadd.f32 ", $sum, ", ", $sum, ", ", $value),)*
                "cmp r0, r1",
                "bne 2b",
                concat!("vldmia r2, {{s16-", $last_value, "}}"),
                $(concat!("vmul.f32 ", $sum, ", s15, ", $sum),)*
                $(concat!("vsub.f32 ", $value, ", ", $value, ", ", $sum),)*
                concat!("vstmia r2, {{s16-", $last_value, "}}"),
                "vpop {{s16-s31}}",
                "bx lr",
            )
        }
    };
}

kernels! {
    []
    (add_1 step_1 "s0" "s16") (add_2 step_2 "s1" "s17") (add_3 step_3 "s2" "s18")
    (add_4 step_4 "s3" "s19") (add_5 step_5 "s4" "s20") (add_6 step_6 "s5" "s21")
    (add_7 step_7 "s6" "s22") (add_8 step_8 "s7" "s23") (add_9 step_9 "s8" "s24")
    (add_10 step_10 "s9" "s25") (add_11 step_11 "s10" "s26") (add_12 step_12 "s11" "s27")
    (add_13 step_13 "s12" "s28") (add_14 step_14 "s13" "s29") (add_15 step_15 "s14" "s30")
}

/// The kernels for a number of sums from 1 to `MOST`.
#[inline(always)]
const fn kernels(sums: usize) -> (Kernel, Step) {
    match sums {
        1 => (add_1, step_1),
        2 => (add_2, step_2),
        3 => (add_3, step_3),
        4 => (add_4, step_4),
        5 => (add_5, step_5),
        6 => (add_6, step_6),
        7 => (add_7, step_7),
        8 => (add_8, step_8),
        9 => (add_9, step_9),
        10 => (add_10, step_10),
        11 => (add_11, step_11),
        12 => (add_12, step_12),
        13 => (add_13, step_13),
        14 => (add_14, step_14),
        _ => (add_15, step_15),
    }
}

/// Columns of a walk: as few walks as there must be, of nearly equal width.
const fn width(columns: usize) -> usize {
    columns.div_ceil(columns.div_ceil(MOST))
}

/// As the portable `sum_rows`: lists rows, and walks each full list once for every 15 columns.
#[inline(always)]
pub fn sum_rows<'a, const OUT: usize>(
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)>,
    out: &mut Row<OUT>,
) {
    *out = Row::ZERO;
    let rows = rows.map(|(row, factor)| (row.as_ptr().cast(), factor));
    // SAFETY: the entries are those of rows that are borrowed, each of `OUT` values.
    sum_listed(rows, |first, end| unsafe { add(first, end, out) });
}

/// Lists rows and their factors, and has each full list added, at last what is left: from its first entry, of which there
/// is always one, to its end.
#[inline(always)]
pub fn sum_listed(
    rows: impl Iterator<Item = (*const (), f32)>,
    mut add: impl FnMut(*const Entry, *const Entry),
) {
    let mut list = [const { MaybeUninit::<Entry>::uninit() }; LISTED];
    let Range { start, end } = list.as_mut_ptr_range();
    let (start, end) = (start.cast::<Entry>(), end.cast::<Entry>());
    let mut next = start;
    rows.for_each(|(row, factor)| {
        // SAFETY: `next` is never at the end here, for a full list is added at once and begun again.
        unsafe {
            next.write(Entry { row, factor });
            next = next.add(1);
        }
        if next == end {
            add(start, end);
            next = start;
        }
    });
    if next != start {
        add(start, next);
    }
}

/// Adds listed rows of `OUT` values to all columns.
///
/// # Safety
///
/// There is an entry at `first` and from there on to `end`, and each points to a row of `OUT` values.
#[inline(never)]
unsafe fn add<const OUT: usize>(first: *const Entry, end: *const Entry, out: &mut Row<OUT>) {
    for (walk, sums) in out.chunks_mut(width(OUT)).enumerate() {
        let (add, _) = kernels(sums.len());
        // SAFETY: the caller's, and the sums are as many as the kernel's, from the same column on.
        unsafe { add(first, end, sums.as_mut_ptr(), 4 * width(OUT) * walk) };
    }
}

/// As the portable `descend_row`: the gradient never leaves the registers.
#[inline(always)]
pub fn descend_row<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    column: impl Iterator<Item = (usize, f32)> + Clone,
    deltas: impl Fn(usize) -> Option<&'a Row<OUT>> + Copy,
    step: f32,
) {
    descend_listed(row, column.filter_map(|(i, x)| Some((deltas(i)?, x))), step);
}

/// `descend_row` for rows of deltas and their factors.
#[inline(always)]
fn descend_listed<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)> + Clone,
    step: f32,
) {
    let mut list = heapless::Vec::<Entry, LISTED>::new();
    let mut fits = true;
    rows.clone().for_each(|(row, factor)| {
        let row = row.as_ptr().cast();
        fits &= list.push(Entry { row, factor }).is_ok();
    });
    if !fits {
        return descend_long(row, rows, step);
    }
    if list.is_empty() {
        return;
    }
    let ends = list.as_ptr_range();
    for (walk, weights) in row.chunks_mut(width(OUT)).enumerate() {
        let (_, descend) = kernels(weights.len());
        // SAFETY: the list is not empty, the rows it points to are borrowed and have `OUT` values each, and the weights
        // are as many as the kernel's, from the same column on.
        unsafe {
            descend(
                ends.start,
                ends.end,
                weights.as_mut_ptr(),
                4 * width(OUT) * walk,
                step,
            );
        }
    }
}

/// `descend_row` for more examples than the list has room for.
#[inline(never)]
fn descend_long<'a, const OUT: usize>(
    row: &mut Row<OUT>,
    rows: impl Iterator<Item = (&'a Row<OUT>, f32)>,
    step: f32,
) {
    let mut gradient = Row::ZERO;
    sum_rows(rows, &mut gradient);
    for (w, g) in row.iter_mut().zip(&gradient.0) {
        *w -= step * g;
    }
}
