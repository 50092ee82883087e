//! The answer: what is estimated of each path, as one JSON object or as a table.

use std::fmt::Write;

use serde::Serialize;

use super::memory::Lack;
use super::nonzero::From;
use super::way::Way;
use crate::cost::{Bytes, Estimate};

/// What a model costs on a processor.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    pub path: String,
    pub layers: &'a [usize],
    /// `f32`, `f16` or `i8`.
    pub element: &'static str,
    /// As rustc calls it.
    pub target: &'static str,
    pub processor: &'static str,
    pub clock_hz: Option<f64>,
    /// The share of inputs that are not zero.
    pub nonzero: f64,
    pub nonzero_from: From,
    /// Whether readings are scaled before inference.
    pub scales: bool,
    /// Whether they may be integers of 16 bits, and the network's arithmetic with them.
    #[serde(skip)]
    pub integers: bool,
    pub ways: Vec<Line>,
}

/// From so much to so much.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Span {
    pub least: f64,
    /// None where it is not known.
    pub most: Option<f64>,
}

/// What a path costs: bytes, and for one example instructions, cycles and seconds.
#[derive(Debug, Serialize)]
pub struct Line {
    #[serde(serialize_with = "name")]
    pub way: Way,
    pub code: Bytes,
    pub model: usize,
    pub flash_at_most: usize,
    pub data: usize,
    pub stack: Bytes,
    pub ram_at_most: usize,
    pub instructions: f64,
    pub cycles: Option<Span>,
    pub seconds: Option<Span>,
    /// What memory does not suffice; null if it was not said how much there is.
    pub lacks: Option<Vec<Lack>>,
}

fn name<S: serde::Serializer>(way: &Way, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(way.name())
}

impl Line {
    /// An estimate at a clock, if there is one.
    pub fn new(
        way: Way,
        estimate: &Estimate,
        clock: Option<f64>,
        lacks: Option<Vec<Lack>>,
    ) -> Self {
        let cycles = estimate.cycles.map(|[least, most]| Span {
            least: least.round(),
            most: Some(most.round()),
        });
        // One instruction a cycle, where nobody has published better.
        let all = cycles.unwrap_or(Span {
            least: estimate.instructions,
            most: None,
        });
        Self {
            way,
            code: estimate.code,
            model: estimate.model,
            flash_at_most: estimate.flash_at_most(),
            data: estimate.ram,
            stack: estimate.stack,
            ram_at_most: estimate.ram_at_most(),
            instructions: estimate.instructions.round(),
            cycles,
            seconds: clock.map(|clock| Span {
                least: all.least / clock,
                most: all.most.map(|most| most / clock),
            }),
            lacks,
        }
    }
}

impl Report<'_> {
    /// What it is about, a table, whether each path fits, and what is not counted.
    pub fn text(&self) -> String {
        let mut text = self.head();
        self.push_table(&mut text);
        self.push_verdicts(&mut text);
        text.push('\n');
        text + &self.notes()
    }

    fn head(&self) -> String {
        let sizes: Vec<_> = self.layers.iter().map(ToString::to_string).collect();
        let clock = match self.clock_hz {
            Some(clock) => format!(" at {} MHz", clock / 1e6),
            None => String::new(),
        };
        format!(
            "{}: [{}] of {} on {} ({}){clock}\n{:.1}% of the inputs are not zero, {}\n\n",
            self.path,
            sizes.join(", "),
            self.element,
            self.target,
            self.processor,
            100.0 * self.nonzero,
            self.nonzero_from.words(),
        )
    }

    fn push_table(&self, text: &mut String) {
        // Writing to a string does not fail, here and below.
        let _ = writeln!(
            text,
            "{:28}{:>24}{:>25}    one example\n{:28}{:>8}{:>8}{:>9}{:>8}{:>8}{:>9}{:>14}{:>17}{}",
            "bytes of",
            "flash",
            "RAM",
            "",
            "code",
            "model",
            "at most",
            "data",
            "stack",
            "at most",
            "instructions",
            "cycles",
            if self.clock_hz.is_some() {
                "            time"
            } else {
                ""
            },
        );
        for line in &self.ways {
            let cycles = line
                .cycles
                .map_or("not known".into(), |cycles| span(&cycles, 1.0, 0));
            let _ = write!(
                text,
                "{:<28}{:>8}{:>8}{:>9}{:>8}{:>8}{:>9}{:>14}{cycles:>17}",
                line.way.words(),
                line.code.expected,
                line.model,
                line.flash_at_most,
                line.data,
                line.stack.expected,
                line.ram_at_most,
                line.instructions,
            );
            if let Some(seconds) = line.seconds {
                let _ = write!(text, "{:>16}", time(&seconds));
            }
            text.push('\n');
        }
    }

    fn push_verdicts(&self, text: &mut String) {
        for (i, line) in self.ways.iter().enumerate() {
            let Some(lacks) = &line.lacks else { continue };
            if i == 0 {
                text.push('\n');
            }
            let words: Vec<_> = lacks
                .iter()
                .map(|lack| {
                    format!(
                        "{} bytes of {} at most, and there are {}",
                        lack.needs, lack.memory, lack.has
                    )
                })
                .collect();
            let _ = match words.is_empty() {
                true => writeln!(text, "{:<28}fits", line.way.words()),
                false => writeln!(
                    text,
                    "{:<28}does not fit: {}",
                    line.way.words(),
                    words.join("; ")
                ),
            };
        }
    }

    fn notes(&self) -> String {
        let mut notes = vec![
            "Of the network alone; start-up and the rest of the program come on top, and so do wait states of flash.",
        ];
        if self.ways.iter().any(|line| line.cycles.is_none()) {
            notes.push("Cycles of this processor are not published; a time is that of one cycle for each instruction, and most take more.");
        }
        if self.scales
            && self
                .ways
                .iter()
                .any(|line| !matches!(line.way, Way::Inference))
        {
            notes.push("Inference is from readings, and scales them; all else is from bytes, and scaling comes on top.");
        }
        if self.integers {
            notes.push("Readings count as 32-bit floats; 16-bit integers, which this model takes too, were not measured.");
        }
        notes.join("\n") + "\n"
    }
}

/// Numbers in a unit, with so many decimals; one where both ends are the same.
fn span(span: &Span, unit: f64, decimals: usize) -> String {
    let number = |value: f64| format!("{:.decimals$}", value / unit);
    let least = number(span.least);
    match span.most.map(number) {
        Some(most) if most != least => format!("{least}–{most}"),
        _ => least,
    }
}

fn time(seconds: &Span) -> String {
    let most = seconds.most.unwrap_or(seconds.least);
    let (unit, name) = match most {
        most if most < 1e-3 => (1e-6, "µs"),
        most if most < 1.0 => (1e-3, "ms"),
        _ => (1.0, "s"),
    };
    let decimals = match most / unit {
        most if most < 10.0 => 2,
        most if most < 100.0 => 1,
        _ => 0,
    };
    format!("{} {name}", span(seconds, unit, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let words = |least, most| time(&Span { least, most });
        assert_eq!(words(83.4e-6, Some(91.0e-6)), "83.4–91.0 µs");
        assert_eq!(words(0.9e-3, Some(1.1e-3)), "0.90–1.10 ms");
        assert_eq!(words(2.5, Some(2.5)), "2.50 s");
        assert_eq!(words(0.12, None), "120 ms");
    }
}
