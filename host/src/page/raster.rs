//! Strokes of a pen made into an image.
//!
//! The pen is as thick as MNIST's in relation to the digit, not to the paper: a small digit is drawn with a fine pen.

use smidgen_core::{Image, centre};

/// A place on the paper, x to the right and y down, in the page's units.
pub type Point = [f32; 2];

/// Points that a drawing may have; a minute of scribbling has some 4,000.
pub const MOST_POINTS: usize = 5_000;
/// How far from the origin a point may be.
pub const FARTHEST: f32 = 10_000.0;

/// Pixels of the longer side between the middles of the outermost strokes; four for each of the image that comes of it.
const SIDE: f32 = 80.0;
/// Half the thickness of the pen in those pixels: 2½ pixels of the image, MNIST's thickness, are 10 of these.
const RADIUS: f32 = 5.0;
/// A drawing smaller than this, in the page's units, is a dot and not made larger.
const SMALLEST: f32 = 10.0;

/// Why strokes are no drawing.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StrokesError {
    /// More points than [`MOST_POINTS`].
    #[error("too many points: {found}, and {MOST_POINTS} are allowed")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A point that is no number or far away.
    #[error(
        "stroke {stroke}, point {point}: coordinates must be numbers from -{FARTHEST} to {FARTHEST}"
    )]
    Coordinate {
        /// The stroke, from 0.
        stroke: usize,
        /// The point in it, from 0.
        point: usize,
    },
}

/// The strokes as the image that a network sees, `None` if there is no point.
///
/// # Errors
///
/// [`StrokesError`] for too many points, and for coordinates that are not finite or huge.
pub fn image(strokes: &[Vec<Point>]) -> Result<Option<Image>, StrokesError> {
    check(strokes)?;
    let Some(frame) = Frame::around(strokes) else {
        return Ok(None);
    };
    let mut ink = vec![0; frame.width * frame.height];
    for stroke in strokes {
        let points: Vec<Point> = stroke.iter().map(|point| frame.place(point)).collect();
        if let [point] = points.as_slice() {
            frame.draw(&mut ink, *point, *point);
        }
        for (&from, &to) in points.iter().zip(points.iter().skip(1)) {
            frame.draw(&mut ink, from, to);
        }
    }
    Ok(centre(&ink, frame.width))
}

fn check(strokes: &[Vec<Point>]) -> Result<(), StrokesError> {
    let found = strokes.iter().map(Vec::len).sum();
    if found > MOST_POINTS {
        return Err(StrokesError::TooMany { found });
    }
    for (stroke, points) in strokes.iter().enumerate() {
        let near = |point: &Point| point.iter().all(|x| x.is_finite() && x.abs() <= FARTHEST);
        if let Some(point) = points.iter().position(|point| !near(point)) {
            return Err(StrokesError::Coordinate { stroke, point });
        }
    }
    Ok(())
}

/// The part of the paper with ink on it, and how it becomes pixels.
struct Frame {
    left: f32,
    top: f32,
    scale: f32,
    width: usize,
    height: usize,
}

impl Frame {
    fn around(strokes: &[Vec<Point>]) -> Option<Self> {
        let mut points = strokes.iter().flatten();
        let &[x, y] = points.next()?;
        let (mut left, mut right, mut top, mut bottom) = (x, x, y, y);
        for &[x, y] in points {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        let scale = SIDE / (right - left).max(bottom - top).max(SMALLEST);
        // The pen and its soft edge reach beyond the outermost points.
        let pixels = |length: f32| (length * scale + 2.0 * (RADIUS + 1.0)).ceil() as usize;
        Some(Self {
            left,
            top,
            scale,
            width: pixels(right - left),
            height: pixels(bottom - top),
        })
    }

    fn place(&self, [x, y]: &Point) -> Point {
        let place = |x: f32, origin: f32| (x - origin) * self.scale + RADIUS + 1.0;
        [place(*x, self.left), place(*y, self.top)]
    }

    /// Draws a straight piece of a stroke with round ends, its edge one pixel soft.
    fn draw(&self, ink: &mut [u8], from: Point, to: Point) {
        let reach = |a: f32, b: f32, end: usize| {
            let first = (a.min(b) - RADIUS - 1.0).max(0.0) as usize;
            first..((a.max(b) + RADIUS + 1.0) as usize + 1).min(end)
        };
        let columns = reach(from[0], to[0], self.width);
        for y in reach(from[1], to[1], self.height) {
            let row = ink.iter_mut().skip(y * self.width);
            let row = row.enumerate().take(columns.end).skip(columns.start);
            for (x, pixel) in row {
                let middle = [x as f32 + 0.5, y as f32 + 0.5];
                let cover = (RADIUS + 0.5 - distance(middle, from, to)).clamp(0.0, 1.0);
                *pixel = (*pixel).max((cover * 255.0).round() as u8);
            }
        }
    }
}

/// From a point to the nearest of the points between two others.
fn distance([x, y]: Point, [from_x, from_y]: Point, [to_x, to_y]: Point) -> f32 {
    let (along_x, along_y) = (to_x - from_x, to_y - from_y);
    let square = along_x * along_x + along_y * along_y;
    let share = if square > 0.0 {
        ((x - from_x) * along_x + (y - from_y) * along_y) / square
    } else {
        0.0
    };
    let share = share.clamp(0.0, 1.0);
    (x - from_x - share * along_x).hypot(y - from_y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strokes(points: &[Point]) -> Vec<Vec<Point>> {
        vec![points.to_vec()]
    }

    fn ink(image: &Image) -> u32 {
        image.iter().map(|&pixel| u32::from(pixel)).sum()
    }

    #[test]
    fn nothing_is_no_image() {
        assert_eq!(image(&[]), Ok(None));
        assert_eq!(image(&[vec![], vec![]]), Ok(None));
    }

    #[test]
    fn a_vertical_line_is_twenty_pixels_high_and_two_or_three_wide() {
        let image = image(&strokes(&[[40.0, 10.0], [40.0, 250.0]]))
            .unwrap()
            .unwrap();
        let rows = image.as_chunks::<28>().0;
        assert_eq!(
            rows.iter().filter(|row| row.iter().any(|&p| p > 0)).count(),
            20
        );
        let full = rows[14].iter().filter(|&&pixel| pixel > 100).count();
        assert!((2..=3).contains(&full), "{:?}", rows[14]);
    }

    #[test]
    fn size_and_place_on_the_paper_do_not_matter() {
        let large = strokes(&[[10.0, 10.0], [250.0, 10.0], [90.0, 250.0]]);
        let small = strokes(&[[105.0, 105.0], [165.0, 105.0], [125.0, 165.0]]);
        assert_eq!(image(&large), image(&small));
    }

    #[test]
    fn a_dot_is_an_image_too() {
        let image = image(&strokes(&[[5.0, 5.0]])).unwrap().unwrap();
        assert!(ink(&image) > 0);
    }

    #[test]
    fn the_second_stroke_is_drawn_too() {
        let bar = vec![[0.0, 0.0], [100.0, 0.0]];
        let one = image(&[bar.clone(), vec![[0.0, 100.0]]]).unwrap().unwrap();
        let two = image(&[bar, vec![[0.0, 100.0], [100.0, 100.0]]])
            .unwrap()
            .unwrap();
        assert!(ink(&two) > ink(&one) * 3 / 2);
    }

    #[test]
    fn what_is_no_drawing_is_refused_by_name() {
        let many = strokes(&[[0.0, 0.0]; MOST_POINTS + 1]);
        assert_eq!(
            image(&many),
            Err(StrokesError::TooMany {
                found: MOST_POINTS + 1
            })
        );
        for bad in [f32::NAN, f32::INFINITY, -f32::INFINITY, 10_001.0, -10_001.0] {
            let error = image(&[vec![], vec![[0.0, 0.0], [1.0, bad]]]).unwrap_err();
            assert_eq!(
                error,
                StrokesError::Coordinate {
                    stroke: 1,
                    point: 1
                }
            );
        }
        assert!(image(&strokes(&[[-FARTHEST, FARTHEST], [FARTHEST, -FARTHEST]])).is_ok());
    }
}
