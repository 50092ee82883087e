//! Strokes of a pen made into an image.
//!
//! The pen is as thick as MNIST's in relation to the digit, not to the paper: a small digit is drawn with a fine pen.
//! All of it is made of single IEEE 754 operations, so the same strokes give the same bytes everywhere.

use libm::{ceilf, roundf, sqrtf};
use smidgen_core::centre;
use smidgen_core::image::{Image, SIDE};

/// A place on the paper, x to the right and y down, in the page's units.
pub type Point = [f32; 2];

/// How far from the origin a point may be.
pub const FARTHEST: f32 = 10_000.0;

/// Pixels of the longer side between the middles of the outermost strokes; four for each of the image that comes of it.
const LONGER: f32 = 80.0;
/// Half the thickness of the pen in those pixels: 2½ pixels of the image, MNIST's thickness, are 10 of these.
const RADIUS: f32 = 5.0;
/// The largest side of a frame: the pen and its soft edge reach beyond the outermost points, and the last pixel is whole.
const MOST: usize = 93;
/// A drawing smaller than this, in the page's units, is a dot and not made larger.
pub const SMALLEST: f32 = 10.0;
/// The thickness of the pen as the page shows it, which asks for it here, in the page's units: a gap that is wider can be seen.
pub const PEN: f32 = 18.0;

/// The strokes as the image that a network sees; `None` if there is no point, or one that is no number or far away.
pub fn image<'a>(strokes: impl Iterator<Item = &'a [Point]> + Clone) -> Option<Image> {
    let frame = Frame::around(strokes.clone().flatten())?;
    let mut ink = [0; MOST * MOST];
    let ink = ink.get_mut(..frame.width * frame.height)?;
    for stroke in strokes {
        if let [point] = stroke {
            let point = frame.place(point);
            frame.draw(ink, point, point);
        }
        for piece in stroke.windows(2) {
            if let [from, to] = piece {
                frame.draw(ink, frame.place(from), frame.place(to));
            }
        }
    }
    centre(ink, frame.width)
}

/// How many digits the strokes may be: groups of them side by side, none above another, each at least half as high as
/// all of the drawing. At least 1.
pub fn side_by_side<'a>(strokes: impl Iterator<Item = &'a [Point]> + Clone) -> usize {
    let all = Bounds::of(strokes.clone().flatten());
    let Some(height) = all.map(|all| all.bottom - all.top) else {
        return 1;
    };
    let (mut groups, mut after) = (0, f32::NEG_INFINITY);
    // From left to right: the group that starts next, and all that overlaps it.
    while let Some(mut group) = next_to(strokes.clone(), after) {
        loop {
            let wider = strokes
                .clone()
                .filter_map(|stroke| Bounds::of(stroke.iter()))
                .filter(|b| b.left <= group.right + PEN && b.right >= group.left)
                .fold(group, Bounds::with);
            if wider == group {
                break;
            }
            group = wider;
        }
        groups += usize::from(group.bottom - group.top >= height / 2.0);
        after = group.right + PEN;
    }
    groups.max(1)
}

/// The stroke that starts leftmost beyond a line.
fn next_to<'a>(strokes: impl Iterator<Item = &'a [Point]>, after: f32) -> Option<Bounds> {
    strokes
        .filter_map(|stroke| Bounds::of(stroke.iter()))
        .filter(|bounds| bounds.left > after)
        .reduce(|a, b| if b.left < a.left { b } else { a })
}

/// An image in another number of pixels, each the mean of the area it comes from, rounded.
///
/// `out` has rows of `width` pixels; for 28 × 28 it is the image itself.
pub fn resize(image: &Image, width: usize, out: &mut [u8]) {
    let height = out.len().checked_div(width).unwrap_or(0);
    for (y, row) in out.chunks_exact_mut(width.max(1)).enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            let mut sum = 0;
            for (source_y, share_y) in shares(y, height) {
                for (source_x, share_x) in shares(x, width) {
                    let value = image.get(source_y * SIDE + source_x).copied().unwrap_or(0);
                    sum += share_x * share_y * usize::from(value);
                }
            }
            *pixel = ((sum + SIDE * SIDE / 2) / (SIDE * SIDE)) as u8;
        }
    }
}

/// The pixels along an axis that pixel `t` of `length` covers, each with its share, of 28 in all.
fn shares(t: usize, length: usize) -> impl Iterator<Item = (usize, usize)> {
    let (from, to) = (t * SIDE, (t + 1) * SIDE);
    (from / length.max(1)..SIDE)
        .map(move |s| (s, (s * length).max(from), ((s + 1) * length).min(to)))
        .take_while(|&(_, start, end)| start < end)
        .map(|(s, start, end)| (s, end - start))
}

/// Between which lines points lie.
#[derive(Clone, Copy, PartialEq)]
struct Bounds {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Bounds {
    /// `None` if there is no point, or one that is no number or far away.
    fn of<'a>(mut points: impl Iterator<Item = &'a Point>) -> Option<Self> {
        let around = |&[x, y]: &Point| {
            let near = x.abs() <= FARTHEST && y.abs() <= FARTHEST;
            near.then_some(Self {
                left: x,
                right: x,
                top: y,
                bottom: y,
            })
        };
        let first = around(points.next()?)?;
        points.try_fold(first, |bounds, point| Some(bounds.with(around(point)?)))
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }
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
    fn around<'a>(points: impl Iterator<Item = &'a Point>) -> Option<Self> {
        let Bounds {
            left,
            right,
            top,
            bottom,
        } = Bounds::of(points)?;
        let scale = LONGER / (right - left).max(bottom - top).max(SMALLEST);
        let pixels = |length: f32| ceilf(length * scale + 2.0 * (RADIUS + 1.0)) as usize;
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
            let row = ink.get_mut(y * self.width..).unwrap_or_default();
            let row = row.iter_mut().enumerate();
            for (x, pixel) in row.take(columns.end).skip(columns.start) {
                if *pixel != u8::MAX {
                    let middle = [x as f32 + 0.5, y as f32 + 0.5];
                    *pixel = (*pixel).max(cover(square_distance(middle, from, to)));
                }
            }
        }
    }
}

/// How much of a pixel the pen covers whose path is as far away as this squared.
fn cover(square: f32) -> u8 {
    const INSIDE: f32 = (RADIUS - 0.5) * (RADIUS - 0.5);
    const OUTSIDE: f32 = (RADIUS + 0.5) * (RADIUS + 0.5);
    if square <= INSIDE {
        u8::MAX
    } else if square >= OUTSIDE {
        0
    } else {
        roundf((RADIUS + 0.5 - sqrtf(square)) * 255.0) as u8
    }
}

/// From a point to the nearest of the points between two others, squared.
fn square_distance([x, y]: Point, [from_x, from_y]: Point, [to_x, to_y]: Point) -> f32 {
    let (along_x, along_y) = (to_x - from_x, to_y - from_y);
    let square = along_x * along_x + along_y * along_y;
    let share = if square > 0.0 {
        ((x - from_x) * along_x + (y - from_y) * along_y) / square
    } else {
        0.0
    };
    let share = share.clamp(0.0, 1.0);
    let (x, y) = (x - from_x - share * along_x, y - from_y - share * along_y);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::image::PIXELS;

    fn drawn(strokes: &[&[Point]]) -> Option<Image> {
        image(strokes.iter().copied())
    }

    fn ink(image: &Image) -> u32 {
        image.iter().map(|&pixel| u32::from(pixel)).sum()
    }

    #[test]
    fn nothing_is_no_image() {
        assert_eq!(drawn(&[]), None);
        assert_eq!(drawn(&[&[], &[]]), None);
    }

    #[test]
    fn a_vertical_line_is_twenty_pixels_high_and_two_or_three_wide() {
        let image = drawn(&[&[[40.0, 10.0], [40.0, 250.0]]]).unwrap();
        let rows = image.as_chunks::<28>().0;
        let inked = rows.iter().filter(|row| row.iter().any(|&p| p > 0));
        assert_eq!(inked.count(), 20);
        let full = rows[14].iter().filter(|&&pixel| pixel > 100).count();
        assert!((2..=3).contains(&full), "{:?}", rows[14]);
    }

    #[test]
    fn size_and_place_on_the_paper_do_not_matter() {
        let large = [[10.0, 10.0], [250.0, 10.0], [90.0, 250.0]];
        let small = [[105.0, 105.0], [165.0, 105.0], [125.0, 165.0]];
        assert_eq!(drawn(&[&large]), drawn(&[&small]));
    }

    #[test]
    fn a_dot_is_an_image_too() {
        assert!(ink(&drawn(&[&[[5.0, 5.0]]]).unwrap()) > 0);
    }

    #[test]
    fn the_second_stroke_is_drawn_too() {
        let bar: &[Point] = &[[0.0, 0.0], [100.0, 0.0]];
        let one = drawn(&[bar, &[[0.0, 100.0]]]).unwrap();
        let two = drawn(&[bar, &[[0.0, 100.0], [100.0, 100.0]]]).unwrap();
        assert!(ink(&two) > ink(&one) * 3 / 2);
    }

    #[test]
    fn what_is_no_drawing_is_none_and_the_largest_is_one() {
        for bad in [f32::NAN, f32::INFINITY, -f32::INFINITY, 10_001.0, -10_001.0] {
            assert_eq!(drawn(&[&[], &[[0.0, 0.0], [1.0, bad]]]), None);
            assert_eq!(drawn(&[&[[bad, 0.0]]]), None);
        }
        assert!(drawn(&[&[[-FARTHEST, FARTHEST], [FARTHEST, -FARTHEST]]]).is_some());
    }

    #[test]
    fn any_size_fits_the_frame() {
        for i in 1..4000 {
            let side = 0.37 * i as f32;
            assert!(
                drawn(&[&[[0.1, 0.7], [0.1 + side, 0.7 + side]]]).is_some(),
                "{side}"
            );
        }
    }

    #[test]
    fn digits_side_by_side_are_counted_and_parts_of_one_are_not() {
        let count = |strokes: &[&[Point]]| side_by_side(strokes.iter().copied());
        let bar = |x: f32| [[x, 20.0], [x, 220.0]];
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&[&bar(50.0)]), 1);
        assert_eq!(count(&[&bar(50.0), &bar(150.0)]), 2);
        assert_eq!(count(&[&bar(250.0), &bar(150.0), &bar(50.0)]), 3);
        // Joined by a stroke; a dot beside a digit; two strokes above one another.
        let joint = [[45.0, 120.0], [155.0, 120.0]];
        assert_eq!(count(&[&bar(50.0), &bar(150.0), &joint]), 1);
        assert_eq!(count(&[&bar(50.0), &[[150.0, 200.0]]]), 1);
        assert_eq!(
            count(&[&[[10.0, 0.0], [90.0, 0.0]], &[[20.0, 100.0], [80.0, 100.0]]]),
            1
        );
    }

    #[test]
    fn another_size_keeps_the_ink_and_the_same_size_is_a_copy() {
        let image = drawn(&[&[[40.0, 10.0], [40.0, 250.0]]]).unwrap();
        let mut same = [0; PIXELS];
        resize(&image, 28, &mut same);
        assert_eq!(same, image);
        for (width, height) in [(14, 14), (8, 8), (32, 32), (10, 20)] {
            let mut out = vec![0; width * height];
            resize(&image, width, &mut out);
            let sum: u32 = out.iter().map(|&p| u32::from(p)).sum();
            let (mean, whole) = (
                f64::from(sum) / (width * height) as f64,
                f64::from(ink(&image)) / 784.0,
            );
            assert!(
                (mean - whole).abs() < 1.0,
                "{width} × {height}: {mean} {whole}"
            );
        }
    }
}
