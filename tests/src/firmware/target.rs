//! The kinds of processor, and the board that QEMU gives each.

use super::cycles::table::Core;

/// A target and its board.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As rustc calls it.
    pub triple: &'static str,
    /// The emulator.
    pub qemu: &'static str,
    /// The emulator's arguments that name the board.
    pub board: &'static [&'static str],
    /// What people call the processor.
    pub processor: &'static str,
    /// Whose published table of cycles is laid over what is counted; none where there is no such table.
    pub core: Option<Core>,
    /// Images over which accuracy is measured; fewer where there is no floating-point unit, which takes its time.
    pub images: usize,
    /// Whether `learn` has a network of [784, 30, 10] there, or memory is too small for it.
    pub learns_digits: bool,
}

/// All targets; the first is that of the figures that must be reached.
pub const TARGETS: [Target; 5] = [
    Target {
        triple: "thumbv7em-none-eabihf",
        qemu: "qemu-system-arm",
        board: &["-M", "mps2-an386"],
        processor: "Cortex-M4F",
        core: Some(Core::CortexM4),
        images: 10_000,
        learns_digits: true,
    },
    Target {
        triple: "thumbv8m.main-none-eabihf",
        qemu: "qemu-system-arm",
        board: &["-M", "mps2-an505"],
        processor: "Cortex-M33",
        core: None,
        images: 10_000,
        learns_digits: true,
    },
    Target {
        triple: "thumbv7m-none-eabi",
        qemu: "qemu-system-arm",
        board: &["-M", "lm3s6965evb"],
        processor: "Cortex-M3",
        core: Some(Core::CortexM3),
        images: 1_000,
        learns_digits: false,
    },
    Target {
        triple: "thumbv6m-none-eabi",
        qemu: "qemu-system-arm",
        board: &["-M", "microbit"],
        processor: "Cortex-M0",
        core: Some(Core::CortexM0Plus),
        images: 1_000,
        learns_digits: false,
    },
    Target {
        triple: "riscv32imac-unknown-none-elf",
        qemu: "qemu-system-riscv32",
        board: &["-M", "virt", "-bios", "none"],
        processor: "RV32IMAC",
        core: None,
        images: 1_000,
        learns_digits: true,
    },
];
