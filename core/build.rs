//! Chooses the loops that are made for a processor, by what its target says it has.
//!
//! | cfg                | where                                                                            |
//! |--------------------|----------------------------------------------------------------------------------|
//! | `smidgen_vfp`      | an Arm microcontroller with a floating-point unit of single precision            |
//! | `smidgen_soft`     | a microcontroller of 32 bits without a floating-point unit                        |
//! | `smidgen_dsp`      | Arm's DSP instructions for certain: Cortex-M4 and M7                              |
//! | `smidgen_armv7m`   | the rest of Arm's larger instruction set: Cortex-M3, M33 and M55                  |
//! | `smidgen_armv6m`   | but the few instructions of a Cortex-M0, M0+ or M23                               |
//! | `smidgen_riscv32m` | RISC-V of 32 bits without an operating system, with multiplication               |
//! | `smidgen_assembly` | one of the last three, which have a loop of their own for integers                |
//!
//! Rust names Arm's features in `cfg(target_feature)` on nightly only. A Cortex-M33 or M55 may have the DSP instructions,
//! too: `RUSTFLAGS="-C target-cpu=cortex-m33 --cfg smidgen_dsp"` says that it has.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = var("TARGET").unwrap_or_default();
    let is = |name: &str, value: &str| var(name).is_ok_and(|found| found == value);
    let bare = is("CARGO_CFG_TARGET_OS", "none");
    let arm = bare && is("CARGO_CFG_TARGET_ARCH", "arm");
    let starts = |names: &[&str]| names.iter().any(|name| target.starts_with(name));
    let told = var("CARGO_CFG_SMIDGEN_DSP").is_ok();
    let features = var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let has = |name: &str| features.split(',').any(|feature| feature == name);
    let riscv32 = bare && is("CARGO_CFG_TARGET_ARCH", "riscv32");
    let armv7m = !told && starts(&["thumbv7m-", "thumbv8m.main-"]);
    let armv6m = starts(&["thumbv6m-", "thumbv8m.base-"]);
    let riscv32m = riscv32 && has("m");
    let vfp = arm && is("CARGO_CFG_TARGET_ABI", "eabihf");
    let soft = arm && !vfp || riscv32 && !has("f");
    let choices = [
        ("vfp", vfp),
        ("soft", soft),
        ("dsp", starts(&["thumbv7em-"])),
        ("armv7m", armv7m),
        ("armv6m", armv6m),
        ("riscv32m", riscv32m),
        ("assembly", armv7m || armv6m || riscv32m),
    ];
    for (name, chosen) in choices {
        println!("cargo::rustc-check-cfg=cfg(smidgen_{name})");
        if chosen {
            println!("cargo::rustc-cfg=smidgen_{name}");
        }
    }
}
