//! Chooses the loops that are made for a processor: `smidgen_vfp` where an Arm microcontroller has a floating-point unit
//! of single precision, `smidgen_dsp` where it has Arm's DSP instructions for certain, and `smidgen_armv6m` where it has
//! but the few instructions of a Cortex-M0.
//!
//! Rust names the feature in `cfg(target_feature)` on nightly only. A Cortex-M33 or M55 may have the instructions, too:
//! `RUSTFLAGS="-C target-cpu=cortex-m33 --cfg smidgen_dsp"` says that it has.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(smidgen_vfp, smidgen_dsp, smidgen_armv6m)");
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").unwrap_or_default();
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "arm")
        && is("CARGO_CFG_TARGET_OS", "none")
        && is("CARGO_CFG_TARGET_ABI", "eabihf")
    {
        println!("cargo::rustc-cfg=smidgen_vfp");
    }
    if target.starts_with("thumbv7em-") {
        println!("cargo::rustc-cfg=smidgen_dsp");
    }
    if target.starts_with("thumbv6m-") || target.starts_with("thumbv8m.base-") {
        println!("cargo::rustc-cfg=smidgen_armv6m");
    }
}
