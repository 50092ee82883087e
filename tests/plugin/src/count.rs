//! The counts, and the file they go to.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};

/// What is known of an instruction.
struct Counted {
    address: u64,
    size: usize,
    text: String,
    memory: u64,
    /// The numbers of those that it came after, and how often.
    after: Vec<(usize, u64)>,
}

/// Everything that is counted.
pub struct Counts {
    start: u64,
    most: u64,
    out: String,
    calls: u64,
    /// Where the call that runs returns to.
    back: Option<u64>,
    /// The number of the last instruction.
    last: Option<usize>,
    instructions: Vec<Counted>,
    numbers: HashMap<u64, usize>,
}

impl Counts {
    /// Reads the arguments.
    pub fn new(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut start, mut most, mut out) = (None, u64::MAX, None);
        for argument in arguments {
            let bad = || format!("cannot read {argument}");
            let (name, value) = argument.split_once('=').ok_or_else(bad)?;
            match name {
                "start" => {
                    let digits = value.trim_start_matches("0x");
                    // The lowest bit of an Arm function's address says Thumb.
                    start = Some(u64::from_str_radix(digits, 16).map_err(|_| bad())? & !1);
                }
                "calls" => most = value.parse().map_err(|_| bad())?,
                "out" => out = Some(value.to_owned()),
                _ => return Err(bad()),
            }
        }
        Ok(Self {
            start: start.ok_or("no start=ADDRESS")?,
            most,
            out: out.ok_or("no out=FILE")?,
            calls: 0,
            back: None,
            last: None,
            instructions: Vec::new(),
            numbers: HashMap::new(),
        })
    }

    /// The number of an instruction; a block may be translated more than once.
    pub fn number(&mut self, address: u64, size: usize, text: &str) -> usize {
        let next = self.instructions.len();
        let number = *self.numbers.entry(address).or_insert(next);
        if number == next {
            self.instructions.push(Counted {
                address,
                size,
                text: text.to_owned(),
                memory: 0,
                after: Vec::new(),
            });
        }
        number
    }

    /// An instruction is about to be executed.
    pub fn executed(&mut self, number: usize) {
        let address = self.instructions[number].address;
        if let Some(last) = self.last {
            if self.back.is_none() && address == self.start && self.calls < self.most {
                let caller = &self.instructions[last];
                self.back = Some(caller.address + caller.size as u64);
                self.calls += 1;
            } else if self.back == Some(address) {
                self.back = None;
            }
            if self.back.is_some() {
                let after = &mut self.instructions[number].after;
                match after.iter_mut().find(|(from, _)| *from == last) {
                    Some((_, count)) => *count += 1,
                    None => after.push((last, 1)),
                }
            }
        }
        self.last = Some(number);
    }

    /// An instruction went to memory.
    pub fn accessed(&mut self, number: usize) {
        if self.back.is_some() {
            self.instructions[number].memory += 1;
        }
    }

    /// Writes the file.
    pub fn write(&self) -> std::io::Result<()> {
        let mut file = BufWriter::new(File::create(&self.out)?);
        writeln!(file, "calls {}", self.calls)?;
        for counted in &self.instructions {
            writeln!(
                file,
                "insn {:x} {} {}",
                counted.address, counted.size, counted.text
            )?;
            for &(from, count) in &counted.after {
                let from = self.instructions[from].address;
                writeln!(file, "edge {from:x} {:x} {count}", counted.address)?;
            }
            if counted.memory > 0 {
                writeln!(file, "memory {:x} {}", counted.address, counted.memory)?;
            }
        }
        file.flush()
    }
}
