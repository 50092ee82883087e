//! `Counts`: what the plugin of `tests/plugin` has written.

use std::collections::HashMap;

/// An instruction of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bytes.
    pub size: u64,
    /// As QEMU's disassembler has it.
    pub text: String,
}

/// How often each instruction came after which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that were counted.
    pub calls: u64,
    /// By address.
    pub lines: HashMap<u64, Line>,
    /// From, to, how often.
    pub edges: Vec<(u64, u64, u64)>,
    /// Accesses to memory, by the address of the instruction.
    pub memory: HashMap<u64, u64>,
}

impl Counts {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut counts = Self::default();
        for line in text.lines() {
            counts
                .add(line)
                .ok_or_else(|| format!("the plugin wrote a line of no meaning: {line}"))?;
        }
        Ok(counts)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let address = |word| u64::from_str_radix(word, 16).ok();
        let (kind, rest) = line.split_once(' ')?;
        let words: Vec<&str> = rest.splitn(3, ' ').collect();
        match (kind, words.as_slice()) {
            ("calls", [calls]) => self.calls = calls.parse().ok()?,
            ("insn", [at, size, text]) => {
                let (size, text) = (size.parse().ok()?, text.trim().to_owned());
                self.lines.insert(address(at)?, Line { size, text });
            }
            ("edge", [from, to, count]) => {
                self.edges
                    .push((address(from)?, address(to)?, count.parse().ok()?));
            }
            ("memory", [at, count]) => {
                self.memory.insert(address(at)?, count.parse().ok()?);
            }
            _ => return None,
        }
        Some(())
    }

    /// How often an instruction was executed.
    #[must_use]
    pub fn executed(&self, address: u64) -> u64 {
        let edges = self.edges.iter().filter(|&&(_, to, _)| to == address);
        edges.map(|&(_, _, count)| count).sum()
    }
}
