//! The loops of the integer network, over arrays: from a layer's inputs to the weighted inputs of its neurons.
//!
//! They are chosen here, and nowhere else, by the processor: `dsp` where there are Arm's DSP instructions, else `passes`,
//! whose innermost loop is `armv6m` on a Cortex-M0 and `portable` everywhere else.

#[cfg(not(smidgen_dsp))]
mod pair;

#[cfg(not(smidgen_dsp))]
#[cfg_attr(smidgen_armv6m, path = "armv6m.rs")]
#[cfg_attr(not(smidgen_armv6m), path = "portable.rs")]
mod listed;

#[cfg_attr(smidgen_dsp, path = "dsp.rs")]
#[cfg_attr(not(smidgen_dsp), path = "passes.rs")]
mod layer;

pub use layer::weighted_inputs;
