//! What a program says: `defmt` frames, decoded with the strings that are in its ELF file.

use std::path::Path;

use defmt_decoder::{DecodeError, Table};

/// One line of a program's log, or of the host's in its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Instructions of a loop and the ticks of the clock that it took.
    Clock {
        /// Counted in the source.
        instructions: u32,
        /// Read from the board.
        ticks: u32,
    },
    /// What a step cost; a host never says so.
    Cost {
        /// Which.
        step: String,
        /// Ticks of the clock.
        ticks: u32,
        /// Bytes of stack at the deepest point, below the frame of the program.
        stack: usize,
    },
    /// Right answers over images that the host gave.
    Accuracy {
        /// Right answers.
        correct: u32,
        /// All images.
        total: u32,
    },
    /// A weight of a network after a step, as bits.
    Dump {
        /// Which step.
        step: String,
        /// The weight.
        bits: u32,
    },
    /// What must be equal on every target: a step, and what came of it.
    Result(String),
}

impl Fact {
    /// The line of a result.
    fn result(&self) -> Option<&str> {
        match self {
            Self::Result(line) => Some(line),
            _ => None,
        }
    }
}

/// The facts in what a program wrote.
///
/// # Errors
///
/// As [`lines`], and for a line that means nothing.
pub fn decode(elf: &Path, output: &[u8]) -> Result<Vec<Fact>, String> {
    let lines = lines(elf, output)?;
    let facts = lines
        .iter()
        .map(|line| parse(line).ok_or_else(|| format!("a line of no meaning: {line}")));
    facts.collect()
}

/// The lines that a program wrote.
///
/// # Errors
///
/// In words, for a file without strings, or a frame that is none.
pub fn lines(elf: &Path, output: &[u8]) -> Result<Vec<String>, String> {
    let bytes = std::fs::read(elf).map_err(|error| format!("{}: {error}", elf.display()))?;
    let table = Table::parse(&bytes)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| format!("{} has no strings of defmt", elf.display()))?;
    let mut decoder = table.new_stream_decoder();
    decoder.received(output);
    let mut lines = Vec::new();
    loop {
        match decoder.decode() {
            Ok(frame) => lines.push(frame.display_message().to_string()),
            Err(DecodeError::UnexpectedEof) => return Ok(lines),
            Err(DecodeError::Malformed) => {
                return Err(format!("a broken frame after {} lines", lines.len()));
            }
        }
    }
}

fn parse(line: &str) -> Option<Fact> {
    let (kind, rest) = line.split_once(' ')?;
    let words: Vec<&str> = rest.split(' ').collect();
    Some(match (kind, words.as_slice()) {
        ("clock", [instructions, ticks]) => Fact::Clock {
            instructions: instructions.parse().ok()?,
            ticks: ticks.parse().ok()?,
        },
        ("cost", [step, ticks, stack]) => Fact::Cost {
            step: (*step).into(),
            ticks: ticks.parse().ok()?,
            stack: stack.parse().ok()?,
        },
        ("accuracy", [correct, total]) => Fact::Accuracy {
            correct: correct.parse().ok()?,
            total: total.parse().ok()?,
        },
        ("dump", [step, bits]) => Fact::Dump {
            step: (*step).into(),
            bits: u32::from_str_radix(bits, 16).ok()?,
        },
        ("value" | "output" | "weights", _) => Fact::Result(line.into()),
        _ => return None,
    })
}

/// What must be equal on every target.
#[must_use]
pub fn results(facts: &[Fact]) -> Vec<&str> {
    facts.iter().filter_map(Fact::result).collect()
}

/// Instructions in a tick: 40 where the clock has 25 MHz; to the nearest half.
///
/// # Errors
///
/// If the program did not start its log with its clock.
pub fn instructions_per_tick(facts: &[Fact]) -> Result<f64, String> {
    match facts.first() {
        Some(&Fact::Clock {
            instructions,
            ticks,
        }) if ticks > 0 => Ok((2.0 * f64::from(instructions) / f64::from(ticks)).round() / 2.0),
        _ => Err("the log does not start with the clock".into()),
    }
}

/// Instructions and bytes of stack of every time a step was done.
///
/// # Errors
///
/// As [`instructions_per_tick`], and if the step was never done.
pub fn costs(facts: &[Fact], wanted: &str) -> Result<Vec<(f64, usize)>, String> {
    let per_tick = instructions_per_tick(facts)?;
    let cost = |fact: &Fact| match fact {
        Fact::Cost { step, ticks, stack } if step == wanted => {
            Some((f64::from(*ticks) * per_tick, *stack))
        }
        _ => None,
    };
    let costs: Vec<_> = facts.iter().filter_map(cost).collect();
    if costs.is_empty() {
        return Err(format!("no step {wanted} in the log"));
    }
    Ok(costs)
}
