//! `Path`: a way of inferring or of learning.

use std::fmt;

/// A way of inferring or of learning, for one kind of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Path {
    /// Inference of a network of floats from bytes, which leaves out zeros.
    Floats,
    /// The same from readings, which are scaled first.
    FloatsReadings,
    /// Inference of a network of 16-bit floats from bytes, which leaves out zeros.
    Halves,
    /// The same from readings, which are scaled first.
    HalvesReadings,
    /// Inference of a network of integers from bytes, which leaves out zeros.
    Integers,
    /// The same from readings, which are scaled first.
    IntegersReadings,
    /// Inference of a network of integers from bytes, by the same instructions for all.
    ConstantTime,
    /// Learning of all layers by mini-batches of [`MINI_BATCH`](super::MINI_BATCH), for one example.
    MiniBatch,
    /// Learning of all layers, example by example.
    InPlace,
    /// Learning of the last layer alone, example by example.
    OutputLayer,
}

impl Path {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Floats,
        Self::FloatsReadings,
        Self::Halves,
        Self::HalvesReadings,
        Self::Integers,
        Self::IntegersReadings,
        Self::ConstantTime,
        Self::MiniBatch,
        Self::InPlace,
        Self::OutputLayer,
    ];

    /// A name in tables; that of the program that measures it, in `tests/firmware/cost`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Floats => "floats",
            Self::FloatsReadings => "floats_readings",
            Self::Halves => "halves",
            Self::HalvesReadings => "halves_readings",
            Self::Integers => "integers",
            Self::IntegersReadings => "integers_readings",
            Self::ConstantTime => "constant_time",
            Self::MiniBatch => "mini_batch",
            Self::InPlace => "in_place",
            Self::OutputLayer => "output_layer",
        }
    }

    /// The path of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.name() == name)
    }

    /// Whether it learns.
    #[must_use]
    pub const fn learns(self) -> bool {
        matches!(self, Self::MiniBatch | Self::InPlace | Self::OutputLayer)
    }

    /// Whether it begins with readings.
    #[must_use]
    pub const fn scales(self) -> bool {
        matches!(
            self,
            Self::FloatsReadings | Self::HalvesReadings | Self::IntegersReadings
        )
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
