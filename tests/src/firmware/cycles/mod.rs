//! Cycles of a function, by Arm's tables and the counts of a plugin of QEMU's: no silicon, and no wait states.
//!
//! The plugin says how often each instruction came after which. Arm's tables say what an instruction takes, and what it takes
//! less or more after a neighbour; where they leave room there are a least and a most.

pub mod counts;
pub mod instruction;
pub mod table;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use counts::Counts;
use instruction::Instruction;
use table::{Core, Cost, cost, pipelines_loads, refill};

use super::image::Image;
use super::target::Target;
use super::toolchain::{self, Build};
use super::{TIMEOUT, qemu};

/// What one call of a function takes, in the mean over some.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycles {
    /// Instructions.
    pub instructions: f64,
    /// Cycles at least.
    pub least: f64,
    /// Cycles at most.
    pub most: f64,
}

/// Counts the first `calls` of a function of a program with instruments; `None` where the processor has no table.
///
/// # Errors
///
/// In words: what could not be built or run, a function that is not there, and an instruction that the table lacks.
pub fn cycles(
    target: &Target,
    program: &str,
    function: &str,
    calls: u64,
) -> Result<Option<Cycles>, String> {
    let Some(core) = target.core else {
        return Ok(None);
    };
    let elf = toolchain::build(target, Build::Instruments)?.join(program);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (counts, _) = count(target, &elf, function, calls, folder.path())?;
    of(&counts, core).map(Some)
}

/// Counts the first `calls` of a function of a program, which finds its files in a folder; and what it wrote.
///
/// # Errors
///
/// In words: a function that is not there, and how the program or the plugin failed.
pub fn count(
    target: &Target,
    elf: &Path,
    function: &str,
    calls: u64,
    folder: &Path,
) -> Result<(Counts, Vec<u8>), String> {
    let start = Image::read(elf)?.address(function)?;
    let plugin = format!(
        "{},start={start:x},calls={calls},out=counts",
        plugin()?.display()
    );
    let more = ["-plugin".into(), plugin];
    let output = qemu::run(target, elf, folder, TIMEOUT, &more)?;
    let text = std::fs::read_to_string(folder.join("counts"))
        .map_err(|error| format!("QEMU took the plugin, but there are no counts: {error}"))?;
    Ok((Counts::parse(&text)?, output))
}

/// Builds the plugin, once for a test program.
fn plugin() -> Result<PathBuf, String> {
    static DONE: LazyLock<Result<PathBuf, String>> = LazyLock::new(build_plugin);
    DONE.clone()
}

fn build_plugin() -> Result<PathBuf, String> {
    let folder = super::folder().join("../plugin");
    let target = toolchain::target_folder().join("plugin");
    let output = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--locked"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the plugin does not build: {error}"));
    }
    let file = target.join("release/libsmidgen_plugin.so");
    std::path::absolute(file).map_err(|error| error.to_string())
}

/// Lays a processor's table over counts.
///
/// # Errors
///
/// An instruction that the table lacks, and counts of nothing.
pub fn of(counts: &Counts, core: Core) -> Result<Cycles, String> {
    let mut parsed = HashMap::new();
    for &(from, to, _) in &counts.edges {
        for (address, is_counted) in [(from, false), (to, true)] {
            let text = &counts
                .lines
                .get(&address)
                .ok_or("an edge without lines")?
                .text;
            let instruction = Instruction::parse(text, |name| cost(core, name).is_some());
            match instruction {
                Ok(instruction) => _ = parsed.insert(address, instruction),
                // What called the function is not part of it.
                Err(error) if is_counted => return Err(error),
                Err(_) => {}
            }
        }
    }
    let (mut instructions, mut least, mut most) = (0, 0.0, 0.0);
    for &(from, to, count) in &counts.edges {
        let [low, high] = edge(counts, core, &parsed, from, to);
        instructions += count;
        least += low * count as f64;
        most += high * count as f64;
    }
    if counts.calls == 0 {
        return Err("the function was never called".into());
    }
    let calls = counts.calls as f64;
    Ok(Cycles {
        instructions: instructions as f64 / calls,
        least: least / calls,
        most: most / calls,
    })
}

/// What the instruction at `to` takes right after the one at `from`, the refill between them with it.
fn edge(
    counts: &Counts,
    core: Core,
    parsed: &HashMap<u64, Instruction>,
    from: u64,
    to: u64,
) -> [f64; 2] {
    let (last, this) = (parsed.get(&from), &parsed[&to]);
    let follows = counts
        .lines
        .get(&from)
        .is_some_and(|line| from + line.size == to);
    let own = own(core, last.filter(|_| follows), this);
    // One that was left out by its condition takes a cycle.
    let done = if this.conditional && counts.memory.contains_key(&to) {
        let accesses = if this.name.ends_with('d') { 2 } else { 1 };
        counts.memory[&to] as f64 / (accesses * counts.executed(to)) as f64
    } else {
        1.0
    };
    let refill = match last {
        _ if follows => [0, 0],
        Some(last) => refill(core, &last.name),
        None => [0, 0],
    };
    let with = |own: u64, refill: u64| 1.0 + (own as f64 - 1.0) * done + refill as f64;
    [with(own[0], refill[0]), with(own[1], refill[1])]
}

/// What an instruction takes by itself, after the one before it in memory if it comes after that.
fn own(core: Core, last: Option<&Instruction>, this: &Instruction) -> [u64; 2] {
    // `Instruction::parse` has seen that there is one.
    let of = |instruction: &Instruction| cost(core, &instruction.name).unwrap_or(Cost::Always(0));
    let is_double = this.name == "vmov" && this.operands.len() == 3
        || ["vldr", "vstr"].contains(&&*this.name) && this.written().starts_with('d');
    let cycles = match of(this) {
        Cost::Between(least, most) => return [least, most],
        Cost::Always(cycles) | Cost::Float(cycles) => cycles + u64::from(is_double),
        Cost::Listed(cycles) => cycles + this.listed(),
        // M4 and M3, 3.3.3: a store with an immediate offset takes one cycle always; a load or store right after a load
        // one less, if the address does not wait for it.
        Cost::Store if pipelines_loads(core) && this.has_immediate_address() => 1,
        Cost::Load | Cost::Store => {
            let after = last.filter(|last| pipelines_loads(core) && of(last) == Cost::Load);
            2 - u64::from(after.is_some_and(|last| !this.addresses_by(last.written())))
        }
    };
    // M4, 7-1: a result that the next instruction uses comes one cycle late.
    let waits =
        last.is_some_and(|last| matches!(of(last), Cost::Float(_)) && this.reads(last.written()));
    [cycles + u64::from(waits); 2]
}

#[cfg(test)]
mod tests {
    use super::{Core, Counts, of};

    /// Counts of instructions of two bytes that follow each other once.
    fn once(lines: &[&str]) -> Counts {
        let mut text = "calls 1\ninsn fe 2 bl #0x100\n".to_owned();
        for (i, line) in lines.iter().enumerate() {
            let address = 0x100 + 2 * i;
            text += &format!("insn {address:x} 2 {line}\n");
            text += &format!("edge {:x} {address:x} 1\n", address - 2);
        }
        Counts::parse(&text).unwrap()
    }

    #[track_caller]
    fn takes(core: Core, lines: &[&str], least: f64, most: f64) {
        let found = of(&once(lines), core).unwrap();
        assert!((found.least - least).abs() < 1e-9, "{lines:?}: {found:?}");
        assert!((found.most - most).abs() < 1e-9, "{lines:?}: {found:?}");
        assert!((found.instructions - lines.len() as f64).abs() < 1e-9);
    }

    #[test]
    fn the_tables_are_read_as_they_are_meant() {
        use Core::{CortexM0Plus, CortexM3, CortexM4};
        takes(
            CortexM4,
            &["vmla.f32 s0, s1, s2", "vmul.f32 s3, s4, s5"],
            4.0,
            4.0,
        );
        takes(
            CortexM4,
            &["vmul.f32 s3, s4, s5", "vadd.f32 s0, s0, s3"],
            3.0,
            3.0,
        );
        takes(
            CortexM4,
            &["ldr r0, [r1]", "ldr r2, [r3, r4]", "ldr r5, [r2]"],
            5.0,
            5.0,
        );
        takes(
            CortexM4,
            &["str r0, [r1, #4]", "str r0, [r1, r2]"],
            3.0,
            3.0,
        );
        takes(
            CortexM4,
            &["sdiv r0, r1, r2", "it hs", "movhs r0, #1"],
            3.0,
            14.0,
        );
        takes(
            CortexM4,
            &["vldmia r0!, {s0, s1, s2}", "push {r4, lr}"],
            7.0,
            7.0,
        );
        takes(
            CortexM3,
            &["mla r0, r1, r2, r3", "umull r0, r1, r2, r3"],
            5.0,
            7.0,
        );
        takes(
            CortexM0Plus,
            &["ldr r0, [r1]", "ldr r2, [r3]", "muls r0, r1, r0"],
            5.0,
            5.0,
        );
    }

    #[test]
    fn a_branch_that_is_taken_refills_the_pipeline() {
        let mut text = "calls 1\ninsn 100 2 b #0x110\ninsn 110 2 nop\n".to_owned();
        text += "edge fe 100 1\nedge 100 110 1\ninsn fe 2 nop\n";
        let counts = Counts::parse(&text).unwrap();
        let found = of(&counts, Core::CortexM4).unwrap();
        assert!((found.least - 3.0).abs() < 1e-9 && (found.most - 5.0).abs() < 1e-9);
        let found = of(&counts, Core::CortexM0Plus).unwrap();
        assert!((found.most - 3.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_the_table_lacks_is_an_error() {
        let error = of(&once(&["smlad r0, r1, r2, r3"]), Core::CortexM3).unwrap_err();
        assert!(error.contains("smlad r0, r1, r2, r3"), "{error}");
    }

    #[test]
    fn a_store_that_is_left_out_by_its_condition_takes_a_cycle() {
        let mut counts = once(&["strdne r0, r1, [r2]"]);
        counts.memory.insert(0x100, 1);
        let found = of(&counts, Core::CortexM4).unwrap();
        assert!((found.most - 2.0).abs() < 1e-9, "{found:?}");
    }
}
