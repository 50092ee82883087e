//! What memory there is, and whether a path finds room in it.

use serde::Serialize;

use crate::commands::numbers::bytes;
use crate::cost::Estimate;

/// What the microcontroller has.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct MemoryArgs {
    /// Flash that there is for the network, such as 64K
    #[arg(long, value_parser = bytes, value_name = "SIZE")]
    flash: Option<usize>,
    /// RAM that there is for what learns and for the stack, such as 16K
    #[arg(long, value_parser = bytes, value_name = "SIZE")]
    ram: Option<usize>,
}

/// What does not suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// `flash` or `RAM`.
    pub memory: &'static str,
    /// Bytes that may be needed.
    pub needs: usize,
    /// Bytes that there are.
    pub has: usize,
}

impl MemoryArgs {
    /// What a path lacks; nothing if it fits. None if it was not asked.
    pub fn lacks(&self, estimate: &Estimate) -> Option<Vec<Lack>> {
        let both = [
            ("flash", estimate.flash_at_most(), self.flash),
            ("RAM", estimate.ram_at_most(), self.ram),
        ];
        let known = both.into_iter().filter_map(|(memory, needs, has)| {
            let has = has?;
            Some(Lack { memory, needs, has })
        });
        let known: Vec<_> = known.collect();
        let lacking = known.iter().filter(|lack| lack.needs > lack.has);
        (!known.is_empty()).then(|| lacking.copied().collect())
    }
}
