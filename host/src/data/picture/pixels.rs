//! `Pixels`: a picture as its file has it, whatever the colours and the depth.

/// Weights of red, green and blue in a grey value: the second row of the matrix from sRGB to XYZ, which the primaries and
/// the white point of IEC 61966-2-1 give (ITU-T H.273, (39) and (40)).
const LUMA: [f32; 3] = [0.212_639, 0.715_168_7, 0.072_192_3];

/// A picture of samples of one or two bytes, row by row from the top left.
#[derive(Clone, Debug)]
pub struct Pixels {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The samples: grey, grey and opacity, red green and blue, or those and opacity.
    pub bytes: Vec<u8>,
    /// Samples of a pixel, 1 to 4.
    pub channels: usize,
    /// Whether a sample is two bytes, the higher one first.
    pub wide: bool,
    /// How it lies, 1 to 8 as eXIf has it: 1 upright.
    pub orientation: u16,
}

impl Pixels {
    /// Grey, 0 black to the most that a sample can be, and opacity, 0 to 1.
    pub fn grey_alpha(&self, x: usize, y: usize) -> [f32; 2] {
        let first = (y * self.width + x) * self.channels;
        let sample = |i: usize| self.sample(first + i);
        let luma = || {
            let parts = LUMA.iter().enumerate();
            parts.map(|(i, weight)| weight * sample(i)).sum::<f32>()
        };
        let opacity = |i: usize| sample(i) / self.most();
        match self.channels {
            1 => [sample(0), 1.0],
            2 => [sample(0), opacity(1)],
            3 => [luma(), 1.0],
            _ => [luma(), opacity(3)],
        }
    }

    fn sample(&self, i: usize) -> f32 {
        let byte = |i: usize| f32::from(self.bytes.get(i).copied().unwrap_or(0));
        if self.wide {
            256.0 * byte(2 * i) + byte(2 * i + 1)
        } else {
            byte(i)
        }
    }

    /// The most that a sample can be by its depth.
    fn most(&self) -> f32 {
        if self.wide { 65_535.0 } else { 255.0 }
    }

    /// What counts as white: cameras put 8, 10 or 12 bits into two bytes, and masks 0 and 1 into one.
    pub fn white(&self) -> f32 {
        let colours = if self.channels > 2 { 3 } else { 1 };
        let samples = self.bytes.len() / if self.wide { 2 } else { 1 };
        let (mut least, mut largest, mut between) = (f32::INFINITY, 0.0_f32, false);
        for i in (0..samples).filter(|i| i % self.channels.max(1) < colours) {
            let value = self.sample(i);
            between |= value > least && value < largest;
            (least, largest) = (least.min(value), largest.max(value));
        }
        let is_mask = !between && largest > least && largest < 8.0;
        if is_mask {
            return largest;
        }
        let used = (8..=16).map(|bits| (1_u32 << bits) as f32 - 1.0);
        used.into_iter()
            .find(|&white| largest <= white)
            .unwrap_or(self.most())
    }
}
