//! Cycles of instructions as Arm has published them, for memory without wait states.
//!
//! | processor      | manual                                                                                   |
//! |----------------|------------------------------------------------------------------------------------------|
//! | Cortex-M4 with FPU | *Cortex-M4 Processor Technical Reference Manual*, r0p1 (100166), tables 3-1 and 7-1   |
//! | Cortex-M3      | *Cortex-M3 Technical Reference Manual*, r2p1 (DDI 0337), table 3-1                         |
//! | Cortex-M0+     | *Cortex-M0+ Technical Reference Manual*, r0p1 (DDI 0484C), table 3-1                       |
//!
//! Arm has published no such table of the Cortex-M33, whose pipeline takes two instructions at once at times, and RISC-V is
//! no processor but an instruction set: of these there are instructions alone.

/// A processor with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Core {
    /// With its floating-point unit of single precision.
    CortexM4,
    /// Without one.
    CortexM3,
    /// With the multiplier of one cycle, which is an option.
    CortexM0Plus,
}

/// What an instruction takes, without the refill of the pipeline after a branch that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The same always.
    Always(u64),
    /// From so many to so many, by the values or the neighbours.
    Between(u64, u64),
    /// So many, and one more for each register that is listed.
    Listed(u64),
    /// A load of one register.
    Load,
    /// A store of one register.
    Store,
    /// Of a float, whose result costs one more cycle if the next instruction uses it.
    Float(u64),
}

use Core::{CortexM0Plus, CortexM3, CortexM4};
use Cost::{Always, Between, Float, Listed, Load, Store};

/// A row of the tables: the processors it is true of, names, and what they take.
type Row = (&'static [Core], &'static [&'static str], Cost);

const ALL: &[Core] = &[CortexM4, CortexM3, CortexM0Plus];
const LARGE: &[Core] = &[CortexM4, CortexM3];
const M4: &[Core] = &[CortexM4];
const M3: &[Core] = &[CortexM3];
const SMALL: &[Core] = &[CortexM0Plus];

/// Where each row stands: `3-1` of the processor's own manual; `7-1` is the Cortex-M4's table of the FPU.
const ROWS: &[Row] = &[
    // 3-1: move, add, subtract, compare, logical, shift, rotate, extend, reverse; hints.
    (
        ALL,
        &["mov", "mvn", "add", "adc", "adr", "sub", "sbc", "rsb"],
        Always(1),
    ),
    (
        ALL,
        &["neg", "cmp", "cmn", "tst", "and", "eor", "orr", "bic"],
        Always(1),
    ),
    (
        ALL,
        &[
            "lsl", "lsr", "asr", "ror", "nop", "sxtb", "sxth", "uxtb", "uxth",
        ],
        Always(1),
    ),
    (ALL, &["rev", "rev16", "revsh"], Always(1)),
    (
        LARGE,
        &[
            "movw", "movt", "addw", "subw", "orn", "teq", "rrx", "clz", "rbit",
        ],
        Always(1),
    ),
    (
        LARGE,
        &["bfc", "bfi", "sbfx", "ubfx", "ssat", "usat"],
        Always(1),
    ),
    (LARGE, &["it"], Between(0, 1)),
    // 3-1: multiply.
    (ALL, &["mul"], Always(1)),
    (
        M4,
        &["mla", "mls", "smull", "umull", "smlal", "umlal", "umaal"],
        Always(1),
    ),
    (M3, &["mla", "mls"], Always(2)),
    (M3, &["smull", "umull"], Between(3, 5)),
    (M3, &["smlal", "umlal"], Between(4, 7)),
    (LARGE, &["sdiv", "udiv"], Between(2, 12)),
    // 3-1 of the Cortex-M4: the DSP instructions.
    (
        M4,
        &["smlad", "smlawb", "smlabb", "smulbb", "smmul", "smmla"],
        Always(1),
    ),
    (
        M4,
        &["sxtb16", "uxtb16", "sxtab", "sxtah", "uxtab", "uxtah"],
        Always(1),
    ),
    (
        M4,
        &[
            "pkhbt", "pkhtb", "sel", "uadd8", "smuad", "smlabt", "smlatb", "smlatt",
        ],
        Always(1),
    ),
    // 3-1: load and store.
    (ALL, &["ldr", "ldrb", "ldrh", "ldrsb", "ldrsh"], Load),
    (ALL, &["str", "strb", "strh"], Store),
    (LARGE, &["ldrd", "strd"], Always(3)),
    (
        ALL,
        &["ldm", "ldmia", "stm", "stmia", "push", "pop"],
        Listed(1),
    ),
    (LARGE, &["ldmdb", "stmdb"], Listed(1)),
    // 3-1: branches that are not taken; `refill` has the rest.
    (ALL, &["b", "bl", "bx", "blx"], Always(1)),
    (LARGE, &["cbz", "cbnz"], Always(1)),
    (LARGE, &["tbb", "tbh"], Always(2)),
    // 7-1.
    (
        M4,
        &[
            "vabs", "vadd", "vcvt", "vcvtb", "vcvtt", "vmul", "vneg", "vnmul", "vsub",
        ],
        Float(1),
    ),
    (
        M4,
        &[
            "vmla", "vmls", "vnmla", "vnmls", "vfma", "vfms", "vfnma", "vfnms",
        ],
        Float(3),
    ),
    (M4, &["vdiv", "vsqrt"], Always(14)),
    (M4, &["vcmp", "vcmpe", "vmrs", "vmsr"], Always(1)),
    (M4, &["vmov"], Always(1)),
    (M4, &["vldr", "vstr"], Always(2)),
    (
        M4,
        &[
            "vldm", "vldmia", "vldmdb", "vstm", "vstmia", "vstmdb", "vpush", "vpop",
        ],
        Listed(1),
    ),
];

/// What an instruction of this name takes; `None` if the processor's table lacks it.
#[must_use]
pub fn cost(core: Core, name: &str) -> Option<Cost> {
    let row = ROWS
        .iter()
        .find(|(cores, names, _)| cores.contains(&core) && names.contains(&name));
    row.map(|&(_, _, cost)| cost)
}

/// The refill of the pipeline after an instruction that did not go on to the next: P, at least and at most.
#[must_use]
pub fn refill(core: Core, name: &str) -> [u64; 2] {
    match (core, name) {
        (CortexM4 | CortexM3, _) => [1, 3],
        // `bl` takes 3, `pop` with the program counter 3 and one for each register, all others 2.
        (CortexM0Plus, "bl" | "pop") => [2, 2],
        (CortexM0Plus, _) => [1, 1],
    }
}

/// Cortex-M0+ has no pipelining of loads; its table is all there is.
#[must_use]
pub fn pipelines_loads(core: Core) -> bool {
    !SMALL.contains(&core)
}
