//! `Quantity`: what is estimated by a formula; the bytes of weights are counted.

/// What an example costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// Instructions of one example.
    Instructions,
    /// Cycles of one example at least, by Arm's tables.
    CyclesLeast,
    /// Cycles at most.
    CyclesMost,
    /// Bytes of stack.
    Stack,
    /// Bytes of flash for code and constants.
    Code,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Instructions,
        Self::CyclesLeast,
        Self::CyclesMost,
        Self::Stack,
        Self::Code,
    ];

    /// A name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::CyclesLeast => "cycles_least",
            Self::CyclesMost => "cycles_most",
            Self::Stack => "stack",
            Self::Code => "code",
        }
    }
}
