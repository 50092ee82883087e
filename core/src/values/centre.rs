//! Centring of a drawn digit as MNIST does it, so that a network trained on MNIST knows it again.
//!
//! The page of MNIST says of its images: "size normalized to fit in a 20x20 pixel box while preserving their
//! aspect ratio", grey by "anti-aliasing", then "centered in a 28x28 image by computing the center of mass of the
//! pixels". All sums are of integers, so every target gives the same bytes.
//!
//! MNIST's pens were thick, two pixels of 28. The book's network reads 81 % of its test images redrawn with a line as
//! thin as a hair, and 91 % when such a drawing is blurred; a thick one is left as it is, since blurring costs it 1 %.

use super::image::{Image, PIXELS, SIDE};

/// Side of the square that a digit is fitted into.
const BOX: usize = 20;

/// A digit no larger than the box, at the top left.
struct Fitted {
    pixels: [[u8; BOX]; BOX],
    width: usize,
    height: usize,
}

/// Where the ink is along one axis of a picture.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
}

/// A drawing of any size made into an image: its ink cut out, fitted into 20 × 20, its centre of mass put at the centre.
///
/// | argument | shape              | meaning                                                            |
/// |----------|--------------------|--------------------------------------------------------------------|
/// | `ink`    | `[height · width]` | row by row from the top left, 0 is paper, 255 full ink             |
/// | `width`  |                    | pixels in a row; a last row that is not full is left out           |
///
/// The darkest pixel becomes 255, and thin strokes are made thicker. `None` if there is no ink, or no row. Time: about two looks at every byte; memory:
/// some 1.5 KB of stack.
///
/// ```
/// use smidgen_core::{centre, image::SIDE};
/// let mut drawing = [0; 50 * 40];
/// for y in 5..45 {
///     drawing[y * 40 + 7..y * 40 + 11].fill(200); // a stroke of 4 × 40, far to the left
/// }
/// let image = centre(&drawing, 40).unwrap();
/// assert_eq!(image[14 * SIDE + 14..14 * SIDE + 16], [255, 255]); // now 2 × 20, in the middle
/// assert!(centre(&[0; 2000], 40).is_none());
/// ```
#[must_use]
pub fn centre(ink: &[u8], width: usize) -> Option<Image> {
    let (columns, rows) = bounding_box(ink, width)?;
    let mut fitted = fit(ink, width, columns, rows);
    stretch(&mut fitted);
    let image = place(&fitted);
    Some(if is_thin(&image) { blur(&image) } else { image })
}

/// The columns and the rows between which all ink lies.
fn bounding_box(ink: &[u8], width: usize) -> Option<(Span, Span)> {
    if width == 0 {
        return None;
    }
    let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
    for (y, row) in ink.chunks_exact(width).enumerate() {
        let inked = |&value: &u8| value != 0;
        let (Some(first), Some(last)) = (row.iter().position(inked), row.iter().rposition(inked))
        else {
            continue;
        };
        (left, right) = (left.min(first), right.max(last));
        (top, bottom) = (top.min(y), y);
    }
    Some((span(left, right)?, span(top, bottom)?))
}

fn span(first: usize, last: usize) -> Option<Span> {
    Some(Span {
        start: first,
        length: last.checked_sub(first)? + 1,
    })
}

/// Makes the ink as large as the box allows, each pixel the mean of the area it comes from.
fn fit(ink: &[u8], stride: usize, columns: Span, rows: Span) -> Fitted {
    let longest = columns.length.max(rows.length);
    let (width, height) = (
        fitted_length(columns.length, longest),
        fitted_length(rows.length, longest),
    );
    let mut pixels = [[0; BOX]; BOX];
    for (y, row) in pixels.iter_mut().take(height).enumerate() {
        for (x, pixel) in row.iter_mut().take(width).enumerate() {
            let mut sum = 0;
            for (source_y, share_y) in sources(y, height, rows) {
                for (source_x, share_x) in sources(x, width, columns) {
                    let value = ink.get(source_y * stride + source_x).copied().unwrap_or(0);
                    sum += share_y * share_x * u64::from(value);
                }
            }
            let area = columns.length as u64 * rows.length as u64;
            *pixel = rounded_quotient(sum, area) as u8;
        }
    }
    Fitted {
        pixels,
        width,
        height,
    }
}

/// What a length becomes when the longest becomes that of the box; at least 1.
fn fitted_length(length: usize, longest: usize) -> usize {
    (rounded_quotient((length * BOX) as u64, longest as u64) as usize).clamp(1, BOX)
}

/// The source pixels along one axis that fitted pixel `t` of `fitted` covers, each with its share of it, in units of
/// which the fitted pixel has `source.length` and a source pixel `fitted`.
fn sources(t: usize, fitted: usize, source: Span) -> impl Iterator<Item = (usize, u64)> {
    let (from, to) = (t * source.length, (t + 1) * source.length);
    let first = from.checked_div(fitted).unwrap_or(0);
    (first..)
        .map(move |s| (s, (s * fitted).max(from), ((s + 1) * fitted).min(to)))
        .take_while(|&(_, start, end)| start < end)
        .map(move |(s, start, end)| (source.start + s, (end - start) as u64))
}

/// Makes the darkest pixel 255 and the others darker in proportion, so that a thin pen reads as a thick one does.
fn stretch(fitted: &mut Fitted) {
    let pixels = fitted.pixels.as_flattened_mut();
    let darkest = pixels.iter().copied().max().unwrap_or(0);
    for pixel in pixels {
        *pixel = rounded_quotient(u64::from(*pixel) * 255, u64::from(darkest)) as u8;
    }
}

/// Puts the digit into an image, its centre of mass at the centre or as near as the edges let it.
fn place(fitted: &Fitted) -> Image {
    let (mut mass, mut moment_x, mut moment_y) = (0, 0, 0);
    for (row, y) in fitted.pixels.iter().zip(0..) {
        for (&value, x) in row.iter().zip(0..) {
            let value = u64::from(value);
            mass += value;
            moment_x += value * x;
            moment_y += value * y;
        }
    }
    let left = offset(moment_x, mass, fitted.width);
    let top = offset(moment_y, mass, fitted.height);
    let mut image = [0; PIXELS];
    let rows = image.as_chunks_mut::<SIDE>().0.iter_mut().skip(top);
    for (to, from) in rows.zip(fitted.pixels.iter().take(fitted.height)) {
        let to = to.iter_mut().skip(left);
        to.zip(from.iter().take(fitted.width))
            .for_each(|(to, &from)| *to = from);
    }
    image
}

/// Where a digit of `length` starts so that its mean position comes to lie on pixel 14, as it does in MNIST.
fn offset(moment: u64, mass: u64, length: usize) -> usize {
    let centre = mass * SIDE as u64 / 2;
    let offset = rounded_quotient(centre.saturating_sub(moment), mass) as usize;
    offset.min(SIDE - length.min(SIDE))
}

/// Whether strokes are thinner than 1¼ pixels: a stroke has two sides, so its thickness is twice its ink over the sum of
/// all differences between neighbours.
fn is_thin(image: &Image) -> bool {
    let (mut ink, mut sides) = (0, 0);
    let rows = image.as_chunks::<SIDE>().0;
    for (row, below) in rows.iter().zip(rows.iter().skip(1).chain([&[0; SIDE]])) {
        for ((&pixel, &right), &below) in row.iter().zip(row.iter().skip(1).chain([&0])).zip(below)
        {
            ink += u32::from(pixel);
            sides += u32::from(pixel.abs_diff(right)) + u32::from(pixel.abs_diff(below));
        }
    }
    8 * ink < 5 * sides
}

/// Spreads every pixel over its neighbours, by 1 2 1 along both axes, and makes the darkest and all that is at least
/// two thirds as dark 255.
fn blur(image: &Image) -> Image {
    let at = |y: usize, x: usize| match image.as_chunks::<SIDE>().0.get(y) {
        Some(row) => u32::from(row.get(x).copied().unwrap_or(0)),
        None => 0,
    };
    // A coordinate of −1 wraps to one that is beyond the image too.
    let three = |y: usize, x: usize| at(y, x.wrapping_sub(1)) + 2 * at(y, x) + at(y, x + 1);
    let nine = |y: usize, x: usize| three(y.wrapping_sub(1), x) + 2 * three(y, x) + three(y + 1, x);
    let places = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (y, x)));
    let darkest = places.clone().map(|(y, x)| nine(y, x)).max().unwrap_or(0);
    let mut blurred = [0; PIXELS];
    for (pixel, (y, x)) in blurred.iter_mut().zip(places) {
        let value = rounded_quotient(u64::from(nine(y, x)) * 255 * 3, u64::from(darkest) * 2);
        *pixel = value.min(255) as u8;
    }
    blurred
}

/// a / b to the nearest integer, half up; 0 if b is 0.
fn rounded_quotient(a: u64, b: u64) -> u64 {
    (a + b / 2).checked_div(b).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring with a tail, so that no axis is symmetric, in a picture of `width` × `height`, `zoom` bytes to a unit.
    fn drawing(width: usize, height: usize, zoom: usize) -> [u8; 120 * 120] {
        let mut ink = [0; 120 * 120];
        for y in 0..12 {
            for x in 0..20 {
                let ring =
                    (1..11).contains(&y) && x < 10 && !((3..9).contains(&y) && (2..8).contains(&x));
                if ring || y < 2 {
                    for dy in 0..zoom {
                        let start = ((y + height) * zoom + dy) * 120 + (x + width) * zoom;
                        ink[start..start + zoom].fill(180);
                    }
                }
            }
        }
        ink
    }

    #[test]
    fn place_and_scale_do_not_matter() {
        let image = centre(&drawing(0, 0, 1), 120).unwrap();
        assert_eq!(
            image.iter().filter(|&&pixel| pixel == 255).count(),
            2 * 20 + 9 * 10 - 6 * 6
        );
        for (left, top, zoom) in [(7, 3, 1), (90, 100, 1), (1, 2, 4), (0, 0, 6)] {
            assert_eq!(centre(&drawing(left, top, zoom), 120), Some(image));
        }
    }

    #[test]
    fn the_centre_of_mass_comes_to_lie_on_pixel_14() {
        let image = centre(&drawing(3, 5, 4), 120).unwrap();
        let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
        for (i, &pixel) in image.iter().enumerate() {
            mass += f32::from(pixel);
            x += f32::from(pixel) * (i % SIDE) as f32;
            y += f32::from(pixel) * (i / SIDE) as f32;
        }
        assert!((x / mass - 14.0).abs() <= 0.5 && (y / mass - 14.0).abs() <= 0.5);
    }

    #[test]
    fn lopsided_ink_stays_within_the_image() {
        let mut ink = [0; 400];
        ink[..40].fill(255); // a heavy top
        ink[40..400]
            .chunks_exact_mut(20)
            .for_each(|row| row[19] = 1);
        let image = centre(&ink, 20).unwrap();
        let pixels = |value| image.iter().filter(|&&pixel| pixel == value).count();
        assert_eq!((pixels(255), pixels(1)), (40, 18));
    }

    #[test]
    fn no_ink_or_no_row_is_none() {
        assert!(centre(&[0; 100], 10).is_none());
        assert!(centre(&[], 10).is_none());
        assert!(centre(&[255; 9], 10).is_none());
        assert!(centre(&[255; 9], 0).is_none());
        assert!(centre(&[255; 9], usize::MAX).is_none());
    }

    #[test]
    fn any_shape_gives_an_image() {
        let ink = [255; 4096];
        for width in 1..=ink.len() {
            assert!(centre(&ink, width).is_some(), "{width}");
        }
        assert_eq!(
            centre(&[1], 1)
                .unwrap()
                .iter()
                .filter(|&&pixel| pixel == 255)
                .count(),
            400
        );
    }

    #[test]
    fn a_thin_stroke_is_made_thicker_and_a_thick_one_is_not() {
        let width_of_stroke = |pen: usize| {
            let mut ink = [0; 10_000];
            ink.chunks_exact_mut(100)
                .for_each(|row| row[40..40 + pen].fill(255));
            let image = centre(&ink, 100).unwrap();
            image[14 * SIDE..15 * SIDE]
                .iter()
                .filter(|&&pixel| pixel != 0)
                .count()
        };
        assert_eq!([1, 5, 10, 20].map(width_of_stroke), [3, 3, 2, 4]);
    }

    #[test]
    fn a_faint_drawing_is_made_dark() {
        let faint = drawing(0, 0, 4).map(|pixel| pixel / 90);
        assert_eq!(centre(&faint, 120), centre(&drawing(0, 0, 4), 120));
    }
}
