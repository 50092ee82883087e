//! `Sheet`: a picture made small and grey, upright, laid over a sheet of one grey.

use super::pixels::Pixels;

/// Pixels along the longer side at most: enough for a digit among other things.
const MOST_SIDE: usize = 320;

/// Grey values from 0, black, to 1, row by row.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Pixels in a row.
    pub width: usize,
    /// The values.
    pub grey: Vec<f32>,
}

impl Sheet {
    /// Each pixel the mean of the square it comes from, what shows through in the grey of `backing`.
    pub fn of(pixels: &Pixels, backing: f32) -> Self {
        let (width, height) = (pixels.width, pixels.height);
        let side = width.max(height).div_ceil(MOST_SIDE).max(1);
        let white = pixels.white();
        let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
        let mut grey = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let (mut sum, mut count) = (0.0, 0.0_f32);
                for y in row * side..((row + 1) * side).min(height) {
                    for x in column * side..((column + 1) * side).min(width) {
                        let [grey, alpha] = pixels.grey_alpha(x, y);
                        sum += (grey / white).min(1.0) * alpha + backing * (1.0 - alpha);
                        count += 1.0;
                    }
                }
                grey.push(sum / count.max(1.0));
            }
        }
        Self {
            width: columns,
            grey,
        }
        .turned(pixels.orientation)
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.grey.len() / self.width.max(1)
    }

    /// A part of it.
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let rows = self
            .grey
            .chunks_exact(self.width.max(1))
            .skip(top)
            .take(height);
        let grey = rows
            .flat_map(|row| row.iter().skip(left).take(width))
            .copied();
        Self {
            width,
            grey: grey.collect(),
        }
    }

    /// Upright, if the camera was held as `orientation` says.
    fn turned(self, orientation: u16) -> Self {
        let (width, height) = (self.width, self.height());
        let (new_width, new_height) = if orientation > 4 {
            (height, width)
        } else {
            (width, height)
        };
        let mut grey = Vec::with_capacity(self.grey.len());
        for y in 0..new_height {
            for x in 0..new_width {
                let (left, top) = (new_width - 1 - x, new_height - 1 - y);
                let (from_x, from_y) = match orientation {
                    2 => (left, y),
                    3 => (left, top),
                    4 => (x, top),
                    5 => (y, x),
                    6 => (y, left),
                    7 => (top, left),
                    8 => (top, x),
                    _ => (x, y),
                };
                grey.push(
                    self.grey
                        .get(from_y * width + from_x)
                        .copied()
                        .unwrap_or(0.0),
                );
            }
        }
        Self {
            width: new_width,
            grey,
        }
    }
}
