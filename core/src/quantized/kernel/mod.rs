//! The loops of the integer network, over arrays: from a layer's inputs to the weighted inputs of its neurons, and on to
//! their activations.
//!
//! They are chosen here, and nowhere else, by the processor: `dsp` and `dsp_activations` where there are Arm's DSP
//! instructions, else `passes` and `activations`. The innermost loop of `passes` is `armv7m` on a Cortex-M3 and its like,
//! `armv6m` on a Cortex-M0 and its, `riscv32m` on RISC-V of 32 bits that multiplies, and `portable` everywhere else.

#[cfg(not(smidgen_dsp))]
mod pair;

#[cfg(smidgen_assembly)]
#[cfg_attr(smidgen_armv7m, path = "armv7m.rs")]
#[cfg_attr(smidgen_armv6m, path = "armv6m.rs")]
#[cfg_attr(smidgen_riscv32m, path = "riscv32m.rs")]
mod made;

#[cfg(not(smidgen_dsp))]
#[cfg_attr(smidgen_assembly, path = "assembly.rs")]
#[cfg_attr(not(smidgen_assembly), path = "portable.rs")]
mod listed;

#[cfg_attr(smidgen_dsp, path = "dsp.rs")]
#[cfg_attr(not(smidgen_dsp), path = "passes.rs")]
mod layer;

#[cfg_attr(smidgen_dsp, path = "dsp_activations.rs")]
#[cfg_attr(not(smidgen_dsp), path = "activations.rs")]
mod sigmoids;

pub use layer::with_weighted_inputs;
pub use sigmoids::{activations, room};
