//! `Run`: what a program of one network cost, a line of `fixtures/cost.tsv`.

use std::path::PathBuf;
use std::{fmt, fs};

use smidgen::cost::{Inputs, Path};

/// Inference or learning of one network by one path on one target, in the mean over some inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// As rustc calls it.
    pub target: String,
    /// From input to output.
    pub layers: Vec<usize>,
    /// Which way.
    pub path: Path,
    /// Whether the formulas are fitted to others, and must be right about this one.
    pub held_out: bool,
    /// What of the inputs is not zero.
    pub inputs: Inputs,
    /// Instructions of one example.
    pub instructions: f64,
    /// Cycles of one example at least and at most, where Arm has published what an instruction takes.
    pub cycles: Option<[f64; 2]>,
    /// Bytes of stack.
    pub stack: f64,
    /// Bytes of flash for code and constants, less those of a program that does nothing.
    pub code: f64,
    /// Bytes of flash for the weights.
    pub model: f64,
    /// Bytes of RAM for what learns.
    pub ram: f64,
}

/// The names of the columns.
const HEAD: &str = "target\tlayers\tpath\tuse\tnonzero\tpairs\tfours\tbatch\tinstructions\tleast\tmost\tstack\tcode\tmodel\tram";

/// Where the runs are kept.
#[must_use]
pub fn file() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cost.tsv"))
}

/// All runs that are kept.
///
/// # Errors
///
/// In words: no file, or the first line that cannot be read.
pub fn read() -> Result<Vec<Run>, String> {
    let text = fs::read_to_string(file()).map_err(|error| error.to_string())?;
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| Run::parse(line).ok_or_else(|| format!("a line of no meaning: {line}")))
        .collect()
}

/// Keeps these runs.
///
/// # Errors
///
/// In words, if the file cannot be written.
pub fn write(runs: &[Run]) -> Result<(), String> {
    let mut text = format!("{NOTE}{HEAD}\n");
    for run in runs {
        text += &format!("{run}\n");
    }
    fs::write(file(), text).map_err(|error| error.to_string())
}

const NOTE: &str = "# Runs in QEMU of the programs of tests/firmware/cost, by `cargo run -p smidgen-tests --bin cost -- measure`; means\n\
    # over ten inputs. code is less that of a program that does nothing; ram is that of what learns.\n";

/// The name of a network in the file, `24,12,4`.
#[must_use]
pub fn sizes(layers: &[usize]) -> String {
    let sizes: Vec<_> = layers.iter().map(ToString::to_string).collect();
    sizes.join(",")
}

impl Run {
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split('\t').collect();
        let [target, layers, path, used, numbers @ ..] = words.as_slice() else {
            return None;
        };
        let number = |i: usize| numbers.get(i)?.parse::<f64>().ok();
        let layers: Result<Vec<usize>, _> = layers.split(',').map(str::parse).collect();
        let layers = layers.ok()?;
        Some(Self {
            target: (*target).to_owned(),
            path: Path::named(path)?,
            held_out: *used == "held-out",
            inputs: Inputs {
                all: *layers.first()?,
                nonzero: number(0)?,
                pairs: number(1)?,
                fours: number(2)?,
                batch: number(3)?,
            },
            layers,
            instructions: number(4)?,
            cycles: number(5).zip(number(6)).map(|(least, most)| [least, most]),
            stack: number(7)?,
            code: number(8)?,
            model: number(9)?,
            ram: number(10)?,
        })
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inputs {
            nonzero,
            pairs,
            fours,
            batch,
            ..
        } = self.inputs;
        let cycles = match self.cycles {
            Some([least, most]) => format!("{least}\t{most}"),
            None => "-\t-".into(),
        };
        write!(
            f,
            "{}\t{}\t{}\t{}\t{nonzero}\t{pairs}\t{fours}\t{batch}\t{}\t{cycles}\t{}\t{}\t{}\t{}",
            self.target,
            sizes(&self.layers),
            self.path,
            if self.held_out { "held-out" } else { "fit" },
            self.instructions,
            self.stack,
            self.code,
            self.model,
            self.ram,
        )
    }
}
