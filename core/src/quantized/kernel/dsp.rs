//! The weighted inputs of a layer on the DSP instructions of Arm's Cortex-M4, M7, M33 and M55.
//!
//! `SMLAD` multiplies two halves by two and adds both products to a sum, and `SXTB16` takes the even neuron's weights out of
//! a word, so four weights are three instructions; six sums, two inputs and three words stay in registers, which no
//! compiler finds. The portable loops are the oracle: the cross-target tests compare the bits with a host's.
#![allow(unsafe_code)]

use core::arch::naked_asm;
use core::mem::MaybeUninit;

use crate::quantized::layout::{LANES, Parts, Sums, Words};
use crate::quantized::scale::Scale;

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

/// A function from the inputs of a layer to its weighted inputs.
///
/// `stride` are the bytes of a pass of `weights`, `end` is that of the input.
///
/// # Safety
///
/// The pointers are those of a layer of at least four pairs and one pass, its parts one behind the other, and of an input
/// as long as a pass has pairs; there is room for all of `z`.
type WeightedInputs = unsafe extern "C" fn(
    weights: *const Words,
    scales: *const [Scale; LANES],
    input: *const u8,
    z: *mut Sums,
    stride: usize,
    starts: *const Sums,
    end: *const u8,
);

/// Defines a [`WeightedInputs`] by its instructions.
macro_rules! weighted_inputs {
    ($(#[$doc:meta])* $name:ident = $($instructions:tt)*) => {
        $(#[$doc])*
        #[unsafe(naked)]
        unsafe extern "C" fn $name(
            _: *const Words,
            _: *const [Scale; LANES],
            _: *const u8,
            _: *mut Sums,
            _: usize,
            _: *const Sums,
            _: *const u8,
        ) {
            naked_asm!($($instructions)*)
        }
    };
}

/// What both functions begin with: registers saved, `starts` copied until the passes are through.
///
/// r0 weights, r1 their end, where the scales begin, r2 input, r3 sums; on the stack after the saved registers: stride,
/// starts, which is where the scales end, and the end of the input.
macro_rules! prologue {
    () => {
        concat!(
            "push {{r4-r11, lr}}\n",
            "ldrd r8, r9, [sp, #36]\n", // stride, starts
            "ldr r6, [sp, #44]\n",      // end of the input
            "mov r10, r3\n",
            "mov r4, r0\n",
            "2:\n",
            "ldm r9!, {{r5, r7, r11, r12}}\n",
            "stm r10!, {{r5, r7, r11, r12}}\n",
            "ldm r9!, {{r5, r7}}\n",
            "stm r10!, {{r5, r7}}\n",
            "add r4, r8\n",
            "cmp r4, r1\n",
            "bne 2b\n",
        )
    };
}

/// What both functions end with: the sums taken apart and scaled, as `passes::finish` does it, and the way back.
///
/// `SMLAWB` gives `sum + ⌊sum · (multiplier − 2¹⁶) / 2¹⁶⌋`, for it takes the multiplier for a signed half; with 16 times the
/// sum that is the `⌊sum · multiplier / 2¹²⌋` of `Scale::apply`. Where the multiplier is 0, in a lane without a neuron, so
/// is the sum.
macro_rules! epilogue {
    () => {
        concat!(
            "ldr r4, [sp, #40]\n", // starts
            "2:\n",
            "ldrd r5, r6, [r3]\n",
            "subs r6, r6, r5\n",
            "lsls r5, r5, #4\n",
            "asrs r6, r6, #4\n",
            "ldm r1!, {{r0, r2}}\n",
            epilogue!(@scale "r5", "r0"),
            epilogue!(@scale "r6", "r2"),
            "stm r3!, {{r5, r6}}\n",
            "cmp r1, r4\n",
            "bne 2b\n",
            "pop {{r4-r11, pc}}\n",
        )
    };
    // As `Scale::apply`, but for the half, which is added to what the last shift leaves to halve.
    (@scale $sum:literal, $scale:literal) => {
        concat!(
            "smlawb ", $sum, ", ", $sum, ", ", $scale, ", ", $sum, "\n",
            "lsrs ", $scale, ", ", $scale, ", #16\n",
            "asrs ", $sum, ", ", $scale, "\n",
            "adds ", $sum, ", #1\n",
            "asrs ", $sum, ", ", $sum, ", #1\n",
        )
    };
}

weighted_inputs! {
    /// Pairs of zeros are left out; the others wait in a list of 32 on the stack.
    ///
    /// r0 weights, r1 their end, r3 sums, r8 stride stay; r2 input, r6 its end, r4 end of the list, r5 offset of a pair's words.
    skipping_zeros =
        prologue!(),
        "sub sp, #264",
        "mov r4, sp",
        "movs r5, #0",
        // Four inputs at a time.
        "3:",
        "ldr r7, [r2], #4",
        "cbnz r7, 5f",
        "4:",
        "adds r5, #24",
        "cmp r2, r6",
        "bne 3b",
        "bl 7f",
        "add sp, #264",
        epilogue!(),
        // Two pairs, at least one of which is not zero.
        "5:",
        "uxtb16 r9, r7",
        "uxtb16 r10, r7, ror #8",
        "pkhbt r7, r9, r10, lsl #16",
        "cbz r7, 6f",
        "strd r7, r5, [r4], #8",
        "6:",
        "pkhtb r7, r10, r9, asr #16",
        "add r9, r5, #12",
        "cmp r7, #0",
        "it ne",
        "strdne r7, r9, [r4], #8",
        "mov r9, sp",
        "sub r9, r4, r9",
        "cmp r9, #256",
        "blo 4b",
        "bl 7f",
        "mov r4, sp",
        "b 4b",
        // Adds the list to the sums of all passes: r0 entry, r4 to r9 sums, r3 sums in memory.
        "7:",
        "mov r9, sp",
        "cmp r9, r4",
        "it eq",
        "bxeq lr",
        "push {{r0, r1, r2, r3, r4, r5, r6, r8, lr}}",
        "mov r2, r0",
        "8:",
        "ldr r1, [sp, #16]", // end of the list
        "ldm r3, {{r4-r9}}",
        "add r0, sp, #36",
        "9:",
        "ldm r0!, {{r10, r11}}",
        "add r11, r2",
        "ldm r11, {{r11, r12, lr}}",
        add_pair!("r10", "r11", "r12", "lr"),
        "cmp r0, r1",
        "bne 9b",
        "stm r3!, {{r4-r9}}",
        "ldr r10, [sp, #28]", // stride
        "ldr r11, [sp, #4]",  // end of the weights
        "add r2, r10",
        "cmp r2, r11",
        "bne 8b",
        "pop {{r0, r1, r2, r3, r4, r5, r6, r8, pc}}",
}

weighted_inputs! {
    /// Nothing is left out: 100 pairs at a time are laid out on the stack, and the same instructions executed for all inputs.
    ///
    /// r0 the words of the first pair laid out, in the first pass.
    constant_time =
        prologue!(),
        "sub sp, #400",
        // As many inputs as there is room for.
        "3:",
        "add r5, r2, #200",
        "cmp r5, r6",
        "it hi",
        "movhi r5, r6",
        "mov r4, sp",
        "4:",
        "ldr r7, [r2], #4",
        "ldr r12, [r2], #4",
        "uxtb16 r9, r7",
        "uxtb16 r10, r7, ror #8",
        "pkhbt r7, r9, r10, lsl #16",
        "pkhtb r9, r10, r9, asr #16",
        "uxtb16 r10, r12",
        "uxtb16 r11, r12, ror #8",
        "pkhbt r12, r10, r11, lsl #16",
        "pkhtb lr, r11, r10, asr #16",
        "stm r4!, {{r7, r9, r12, lr}}",
        "cmp r2, r5",
        "bne 4b",
        "push {{r0, r1, r2, r3, r6, r8}}",
        // All passes: r0 end of the run, r1 pair, r2 words in memory, r3 sums in memory, then one of the words.
        "mov r2, r0",
        "5:",
        "push {{r2, r3, r4}}",
        "mov r0, r4",
        "ldm r3, {{r4-r9}}",
        "add r1, sp, #36",
        "6:",
        "ldrd r10, r11, [r1], #8",
        "ldm r2!, {{r3, r12, lr}}",
        add_pair!("r10", "r3", "r12", "lr"),
        "ldm r2!, {{r3, r12, lr}}",
        add_pair!("r11", "r3", "r12", "lr"),
        "ldrd r10, r11, [r1], #8",
        "ldm r2!, {{r3, r12, lr}}",
        add_pair!("r10", "r3", "r12", "lr"),
        "ldm r2!, {{r3, r12, lr}}",
        add_pair!("r11", "r3", "r12", "lr"),
        "cmp r1, r0",
        "bne 6b",
        "pop {{r2, r3, r10}}",
        "stm r3!, {{r4-r9}}",
        "mov r4, r10",
        "ldr r10, [sp, #20]", // stride
        "ldr r11, [sp, #4]",  // end of the weights
        "add r2, r10",
        "cmp r2, r11",
        "blo 5b",
        "pop {{r0, r1, r2, r3, r6, r8}}",
        // A pair is 4 bytes of the run and 12 bytes of words.
        "mov r5, sp",
        "subs r4, r4, r5",
        "add r4, r4, r4, lsl #1",
        "add r0, r4",
        "cmp r2, r6",
        "bne 3b",
        "add sp, #400",
        epilogue!(),
}

/// As the `with_weighted_inputs` of the other processors.
#[inline(always)]
pub fn with_weighted_inputs<const PAIRS: usize, const PASSES: usize, T>(
    skips_zeros: bool,
    layer: &Parts<PAIRS, PASSES>,
    input: &[[u8; 8]],
    then: impl FnOnce(&[Sums]) -> T,
) -> T {
    if 4 * input.len() != PAIRS || PAIRS == 0 || PASSES == 0 {
        return then(&[]);
    }
    let run: WeightedInputs = if skips_zeros {
        skipping_zeros
    } else {
        constant_time
    };
    let input = input.as_ptr_range();
    let mut z = MaybeUninit::<[Sums; PASSES]>::uninit();
    // SAFETY: there are at least four pairs and one pass; `Parts` has no gaps, for all of it is words of 32 bits; the input
    // has as many pairs, and `z` the room, all of which is written then.
    let z = unsafe {
        run(
            layer.weights.as_ptr().cast(),
            layer.scales.as_ptr(),
            input.start.cast(),
            z.as_mut_ptr().cast(),
            PAIRS * size_of::<Words>(),
            layer.starts.as_ptr(),
            input.end.cast(),
        );
        z.assume_init_ref()
    };
    then(z)
}
