//! Builds programs of one network each, runs them over inputs of several kinds in QEMU, and counts.

use std::fs;

use smidgen::cost::{Inputs, MINI_BATCH, Path};

use super::run::Run;
use crate::firmware::cycles;
use crate::firmware::image::Image;
use crate::firmware::log::{self, Fact};
use crate::firmware::target::Target;
use crate::firmware::toolchain::{Build, build_sizes};
use crate::random::{below, rng, unit};

/// Networks that the formulas are fitted to: shallow and deep, narrow and wide, of all remainders that loops have.
pub const FITTED: [&[usize]; 12] = [
    &[784, 30, 10],
    &[24, 12, 4],
    &[13, 8, 3],
    &[8, 5, 2],
    &[64, 16, 8],
    &[196, 20, 10],
    &[100, 45, 5],
    &[40, 24, 13, 6],
    &[50, 17, 9, 7, 3],
    &[20, 64, 2],
    &[300, 7, 26],
    &[64, 10],
];

/// Networks that they must be right about unseen.
pub const HELD_OUT: [&[usize]; 5] = [
    &[600, 16, 4],
    &[28, 14, 11, 5],
    &[90, 36, 7],
    &[150, 25, 8],
    &[33, 18, 6, 3],
];

/// How the zeros of an input lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// There are none.
    Dense,
    /// Every other, by chance.
    Scattered,
    /// Four of five, together, as paper and ink.
    Ink,
}

impl Kind {
    /// The kinds that tell something of a path.
    fn of(path: Path) -> &'static [Self] {
        match path {
            Path::ConstantTime => &[Self::Dense],
            path if path.scales() => &[Self::Dense, Self::Scattered],
            _ => &[Self::Dense, Self::Scattered, Self::Ink],
        }
    }

    /// As many inputs as a mini-batch has examples.
    fn inputs(self, all: usize) -> Vec<Vec<u8>> {
        let mut rng = rng(2026);
        let example = |_| {
            let mut ink = false;
            let value = |_| {
                let is_zero = match self {
                    Self::Dense => false,
                    Self::Scattered => below(&mut rng, 2) == 0,
                    Self::Ink => {
                        // Runs of 6 and of 24 in the mean.
                        let ends = if ink { 1.0 / 6.0 } else { 1.0 / 24.0 };
                        ink ^= unit(&mut rng) < ends;
                        !ink
                    }
                };
                if is_zero {
                    0
                } else {
                    1 + below(&mut rng, 255) as u8
                }
            };
            (0..all).map(value).collect()
        };
        (0..MINI_BATCH).map(example).collect()
    }
}

/// Every run of a network on a target: all paths that its memory has room for, all kinds of input.
///
/// # Errors
///
/// In words: what could not be built or run.
pub fn measure(target: &Target, layers: &[usize]) -> Result<Vec<Run>, String> {
    measure_paths(target, layers, &paths(target, layers))
}

/// The runs of some paths.
///
/// # Errors
///
/// As [`measure`].
pub fn measure_paths(
    target: &Target,
    layers: &[usize],
    paths: &[Path],
) -> Result<Vec<Run>, String> {
    let mut programs: Vec<_> = paths.iter().map(|path| path.name()).collect();
    let instruments = build_sizes(target, Build::Instruments, layers, &programs)?;
    programs.push("nothing");
    let bare = build_sizes(target, Build::Bare, layers, &programs)?;
    let nothing = Image::read(&bare.join("nothing"))?;
    let mut runs = Vec::new();
    for &path in paths {
        let image = Image::read(&bare.join(path.name()))?;
        for kind in Kind::of(path) {
            let inputs = kind.inputs(layers[0]);
            let (instructions, cycles, stack) =
                count(target, &instruments.join(path.name()), &inputs)?;
            let nonzero = |input: &Vec<u8>| {
                let bytes: Vec<_> = input.iter().copied().enumerate().collect();
                bytes
                    .into_iter()
                    .filter(|&(_, byte)| byte != 0)
                    .map(|(k, _)| k)
            };
            runs.push(Run {
                target: target.triple.into(),
                layers: layers.to_vec(),
                path,
                held_out: HELD_OUT.contains(&layers),
                inputs: Inputs::counted(layers[0], inputs.iter().map(nonzero)),
                instructions,
                cycles,
                stack,
                code: (image.code - nothing.code) as f64,
                model: image.model as f64,
                ram: (image.ram() - nothing.ram()) as f64,
            });
        }
    }
    Ok(runs)
}

/// Instructions, cycles and stack of one call.
fn count(
    target: &Target,
    elf: &std::path::Path,
    inputs: &[Vec<u8>],
) -> Result<(f64, Option<[f64; 2]>, f64), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    fs::write(folder.path().join("inputs"), inputs.concat()).map_err(|error| error.to_string())?;
    let calls = inputs.len() as u64;
    let (counts, output) = cycles::count(target, elf, "step", calls, folder.path())?;
    let facts = log::decode(elf, &output)?;
    let stack = facts.iter().filter_map(|fact| match fact {
        Fact::Cost { stack, .. } => Some(*stack),
        _ => None,
    });
    let stack = stack.max().ok_or("no step in the log")? as f64;
    let instructions = counts.edges.iter().map(|&(_, _, count)| count).sum::<u64>();
    let cycles = match target.core {
        None => None,
        Some(core) => {
            let cycles = cycles::of(&counts, core)?;
            Some([cycles.least, cycles.most])
        }
    };
    Ok((instructions as f64 / counts.calls as f64, cycles, stack))
}

/// The paths that a board has the memory for.
fn paths(target: &Target, layers: &[usize]) -> Vec<Path> {
    let (flash, ram) = memory(target);
    let parameters: usize = layers.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
    let neurons: usize = layers[1..].iter().sum();
    let fits = |path: &Path| {
        let weights = 4 * parameters;
        let learning = match path {
            Path::MiniBatch => weights + MINI_BATCH * (layers[0] + 8 * neurons),
            Path::InPlace => weights,
            Path::OutputLayer if layers.len() == 2 => return false,
            _ => 0,
        };
        // A good deal for code, and for the stack.
        weights + 24_000 < flash && learning + 16 * neurons + 4 * layers[0] + 3000 < ram
    };
    Path::ALL.into_iter().filter(fits).collect()
}

/// Bytes of flash and of RAM of a board, as its `memory.x` has them.
fn memory(target: &Target) -> (usize, usize) {
    match target.triple {
        "thumbv6m-none-eabi" => (256 << 10, 16 << 10),
        "thumbv7m-none-eabi" => (256 << 10, 64 << 10),
        _ => (4 << 20, 4 << 20),
    }
}
