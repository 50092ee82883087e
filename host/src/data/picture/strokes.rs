//! `Stroke`: ink that hangs together, and whether it is a frame, a line or a speck and no part of a digit.

/// How near to an edge, in parts of a side, a frame is.
const NEAR: f32 = 0.12;

/// Ink that hangs together, by sides and corners.
#[derive(Clone, Debug)]
pub struct Stroke {
    /// Its pixels, by their place in the picture.
    pub pixels: Vec<usize>,
    /// The columns it reaches, first and last.
    pub columns: (usize, usize),
    /// The rows it reaches, first and last.
    pub rows: (usize, usize),
}

/// The first and the last pixel of a row or column.
type Ends = Option<(usize, usize)>;

fn reach(ends: &mut Ends, to: usize) {
    *ends = Some(ends.map_or((to, to), |(first, last)| (first.min(to), last.max(to))));
}

impl Stroke {
    /// All of a mask.
    pub fn all(mask: &[bool], width: usize) -> Vec<Self> {
        let mut seen = vec![false; mask.len()];
        let mut strokes = Vec::new();
        for start in 0..mask.len() {
            if mask.get(start) == Some(&true) && seen.get(start) == Some(&false) {
                strokes.push(Self::from(start, mask, width, &mut seen));
            }
        }
        strokes
    }

    /// The one that a pixel belongs to.
    fn from(start: usize, mask: &[bool], width: usize, seen: &mut [bool]) -> Self {
        let (x, y) = (start % width, start / width);
        let mut stroke = Self {
            pixels: Vec::new(),
            columns: (x, x),
            rows: (y, y),
        };
        let mut waiting = vec![start];
        if let Some(seen) = seen.get_mut(start) {
            *seen = true;
        }
        while let Some(i) = waiting.pop() {
            let (x, y) = (i % width, i / width);
            stroke.pixels.push(i);
            stroke.columns = (stroke.columns.0.min(x), stroke.columns.1.max(x));
            stroke.rows = (stroke.rows.0.min(y), stroke.rows.1.max(y));
            for near_y in y.saturating_sub(1)..=y + 1 {
                for near_x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let near = near_y * width + near_x;
                    if mask.get(near) == Some(&true)
                        && let Some(seen) = seen.get_mut(near)
                        && !*seen
                    {
                        *seen = true;
                        waiting.push(near);
                    }
                }
            }
        }
        stroke
    }

    /// Columns and rows that it reaches.
    pub fn size(&self) -> (usize, usize) {
        (
            self.columns.1 - self.columns.0 + 1,
            self.rows.1 - self.rows.0 + 1,
        )
    }

    /// The share of the box around it that lies between its ends in each row, or in each column if that is less: 1 for a
    /// rectangle, 0.86 for a square turned by 5°, π/4 for a disc, whatever is drawn within.
    pub fn boxed(&self, width: usize) -> f32 {
        let (columns, rows) = self.size();
        let (mut in_rows, mut in_columns) = (vec![None; rows], vec![None; columns]);
        for i in &self.pixels {
            let (x, y) = (i % width, i / width);
            if let Some(row) = in_rows.get_mut(y - self.rows.0) {
                reach(row, x);
            }
            if let Some(column) = in_columns.get_mut(x - self.columns.0) {
                reach(column, y);
            }
        }
        let area = |ends: &[Ends]| -> usize {
            let lengths = ends.iter().flatten().map(|(first, last)| last - first + 1);
            lengths.sum()
        };
        area(&in_rows).min(area(&in_columns)) as f32 / (columns * rows) as f32
    }

    /// Edges of a picture that it touches.
    pub fn edges(&self, (width, height): (usize, usize)) -> usize {
        [
            self.columns.0 == 0,
            self.rows.0 == 0,
            self.columns.1 + 1 >= width,
            self.rows.1 + 1 >= height,
        ]
        .into_iter()
        .map(usize::from)
        .sum()
    }

    /// Whether it is what surrounds a sheet, a line of a cell, a line across the picture, or a frame around the `others`.
    pub fn is_frame(&self, (width, height): (usize, usize), others: &[Self]) -> bool {
        let around =
            others.iter().map(|other| other.pixels.len()).sum::<usize>() > self.pixels.len();
        let (columns, rows) = self.size();
        let long = 2 * columns > width || 2 * rows > height;
        let touches = self.edges((width, height));
        let across = columns == width && 6 * rows < height || rows == height && 6 * columns < width;
        touches >= 3
            || across
            || long && self.share_near((0, 0), (width, height), width) > 0.97
            || 2 * columns > width
                && 2 * rows > height
                && !around
                && self.share_near((self.columns.0, self.rows.0), (columns, rows), width) > 0.85
                && self.surrounds(others)
    }

    /// The share of its pixels that are near the edges of a rectangle.
    fn share_near(
        &self,
        (left, top): (usize, usize),
        (width, height): (usize, usize),
        stride: usize,
    ) -> f32 {
        let margin = (NEAR * width.min(height) as f32).max(1.0) as usize;
        let near = |&&i: &&usize| {
            let (x, y) = (
                (i % stride).saturating_sub(left),
                (i / stride).saturating_sub(top),
            );
            x.min(width.saturating_sub(1 + x)) < margin
                || y.min(height.saturating_sub(1 + y)) < margin
        };
        self.pixels.iter().filter(near).count() as f32 / self.pixels.len().max(1) as f32
    }

    /// Whether there is something within it that is too large for a speck.
    fn surrounds(&self, others: &[Self]) -> bool {
        let within = |other: &&Self| {
            other.columns.0 > self.columns.0
                && other.columns.1 < self.columns.1
                && other.rows.0 > self.rows.0
                && other.rows.1 < self.rows.1
                && 2 * (other.size().0.max(other.size().1)) > self.size().0.min(self.size().1) / 2
        };
        others.iter().any(|other| within(&other))
    }
}
