//! `Input`: one example as a network takes it, whether it is a picture or a row of readings.

/// What goes into a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input<'a> {
    /// Bytes, as pixels: x = p / 255.
    Pixels(&'a [u8]),
    /// Readings that are scaled already, each in [0, 1].
    Readings(&'a [f32]),
}

impl Input<'_> {
    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Pixels(pixels) => pixels.len(),
            Self::Readings(readings) => readings.len(),
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(pixels: &'a [u8]) -> Self {
        Self::Pixels(pixels)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Input<'a> {
    fn from(pixels: &'a [u8; N]) -> Self {
        Self::Pixels(pixels)
    }
}

impl<'a> From<&'a Vec<u8>> for Input<'a> {
    fn from(pixels: &'a Vec<u8>) -> Self {
        Self::Pixels(pixels)
    }
}

impl<'a> From<&'a [f32]> for Input<'a> {
    fn from(readings: &'a [f32]) -> Self {
        Self::Readings(readings)
    }
}

impl<'a> From<&'a Vec<f32>> for Input<'a> {
    fn from(readings: &'a Vec<f32>) -> Self {
        Self::Readings(readings)
    }
}
