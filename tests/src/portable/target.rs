//! The kinds of processor on which the program runs, and who plays them.

/// A target and its emulator.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As rustc calls it.
    pub triple: &'static str,
    /// Instructions that the compiler may take besides those of every such processor, as rustc calls them.
    pub features: &'static str,
    /// The emulator, and its arguments before the program.
    pub emulator: (&'static str, &'static [&'static str]),
}

impl Target {
    const fn linux(triple: &'static str, emulator: &'static str) -> Self {
        Self {
            triple,
            features: "",
            emulator: (emulator, &[]),
        }
    }

    const fn wasm32(features: &'static str) -> Self {
        Self {
            triple: "wasm32-unknown-unknown",
            features,
            emulator: ("node", &["run.mjs"]),
        }
    }

    /// Whether it is a module that a host loads.
    #[must_use]
    pub fn is_wasm32(&self) -> bool {
        self.triple.starts_with("wasm32")
    }
}

/// 64 bits, whatever the machine of the test.
pub const X86_64: Target = Target::linux("x86_64-unknown-linux-gnu", "qemu-x86_64");
/// 32 bits, with SSE2.
pub const I686: Target = Target::linux("i686-unknown-linux-gnu", "qemu-i386");
/// Arm of 64 bits.
pub const AARCH64: Target = Target::linux("aarch64-unknown-linux-gnu", "qemu-aarch64");
/// RISC-V of 64 bits with a floating-point unit.
pub const RISCV64: Target = Target::linux("riscv64gc-unknown-linux-gnu", "qemu-riscv64");
/// A mainframe, the one whose numbers start with the highest byte.
pub const S390X: Target = Target::linux("s390x-unknown-linux-gnu", "qemu-s390x");
/// What browsers run.
pub const WASM32: Target = Target::wasm32("");
/// The same with vectors.
pub const WASM32_SIMD: Target = Target::wasm32("+simd128");

/// Processors of 32 bits with x87 alone, which the core refuses; nothing is run there.
pub const I586: Target = Target::linux("i586-unknown-linux-gnu", "qemu-i386");
