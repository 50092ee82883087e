//! The processors that firmware is written for, each with the board that QEMU plays for it.

/// A kind of processor.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// As rustc calls it.
    pub triple: &'static str,
    /// What people call the processor.
    pub processor: &'static str,
    /// Whether it computes with floats; where it does not, the network is one of integers.
    pub floats: bool,
    /// QEMU and its board.
    pub qemu: &'static str,
    /// Where flash begins, and its length, in the words of a linker script.
    pub flash: &'static str,
    /// The same of RAM.
    pub ram: &'static str,
    /// A chip, as probe-rs calls it.
    pub chip: &'static str,
    /// Who starts the program.
    pub runtime: &'static Runtime,
}

/// What starts a program on a family of processors.
#[derive(Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Its lines in the manifest.
    pub dependencies: &'static str,
    /// The attribute of `main`.
    pub entry: &'static str,
    /// The crate with the critical section.
    pub critical_section: &'static str,
    /// What the linker is told.
    pub link_arguments: &'static [&'static str],
    /// What its linker script asks of `memory.x` besides the memory.
    pub regions: &'static str,
}

const CORTEX_M: Runtime = Runtime {
    dependencies: r#"cortex-m = { version = "0.7", features = ["critical-section-single-core"] }
cortex-m-rt = "0.7""#,
    entry: "cortex_m_rt::entry",
    critical_section: "cortex_m",
    // Without --nmagic a flash that does not begin at a whole page would get the headers of the file, too.
    link_arguments: &["--nmagic", "-Tlink.x", "-Tdefmt.x"],
    regions: "",
};

const RISC_V: Runtime = Runtime {
    dependencies: r#"riscv = { version = "0.16", features = ["critical-section-single-hart"] }
riscv-rt = { version = "0.18", features = ["memory", "single-hart"] }"#,
    entry: "riscv_rt::entry",
    critical_section: "riscv",
    link_arguments: &["-Tlink.x", "-Tdefmt.x"],
    regions: r#"REGION_ALIAS("REGION_TEXT", FLASH);
REGION_ALIAS("REGION_RODATA", FLASH);
REGION_ALIAS("REGION_DATA", RAM);
REGION_ALIAS("REGION_BSS", RAM);
REGION_ALIAS("REGION_HEAP", RAM);
REGION_ALIAS("REGION_STACK", RAM);
"#,
};

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target {
        triple: "thumbv7em-none-eabihf",
        processor: "Cortex-M4F",
        floats: true,
        qemu: "qemu-system-arm -M mps2-an386",
        flash: "0x00000000, LENGTH = 4M",
        ram: "0x20000000, LENGTH = 4M",
        chip: "nRF52840_xxAA",
        runtime: &CORTEX_M,
    },
    Target {
        triple: "thumbv8m.main-none-eabihf",
        processor: "Cortex-M33",
        floats: true,
        qemu: "qemu-system-arm -M mps2-an505",
        flash: "0x10000000, LENGTH = 4M",
        ram: "0x38000000, LENGTH = 4M",
        chip: "nRF9160_xxAA",
        runtime: &CORTEX_M,
    },
    Target {
        triple: "thumbv7m-none-eabi",
        processor: "Cortex-M3",
        floats: false,
        qemu: "qemu-system-arm -M lm3s6965evb",
        flash: "0x00000000, LENGTH = 256K",
        ram: "0x20000000, LENGTH = 64K",
        chip: "STM32F103C8",
        runtime: &CORTEX_M,
    },
    Target {
        triple: "thumbv6m-none-eabi",
        processor: "Cortex-M0",
        floats: false,
        qemu: "qemu-system-arm -M microbit",
        flash: "0x00000000, LENGTH = 256K",
        ram: "0x20000000, LENGTH = 16K",
        chip: "nRF51822_xxAA",
        runtime: &CORTEX_M,
    },
    Target {
        triple: "riscv32imac-unknown-none-elf",
        processor: "RISC-V RV32IMAC",
        floats: false,
        qemu: "qemu-system-riscv32 -M virt -bios none",
        flash: "0x80000000, LENGTH = 4M",
        ram: "0x80400000, LENGTH = 4M",
        chip: "FE310-G002",
        runtime: &RISC_V,
    },
];

/// The target of a name.
pub fn target(name: &str) -> Result<&'static Target, String> {
    let found = TARGETS.iter().find(|target| target.triple == name);
    found.ok_or_else(|| {
        let names: Vec<_> = TARGETS.iter().map(|target| target.triple).collect();
        format!("there are {}", names.join(", "))
    })
}
