//! The ink of a picture: what is darker or lighter than the paper, less the frames, lines and specks around it.

use super::light::{Contrast, contrast, spread};
use super::sheet::Sheet;
use super::strokes::Stroke;

/// The least contrast that counts as a drawing.
const LEAST: f32 = 8.0 / 255.0;
/// Noise is multiplied by this; what differs from the paper by less is paper.
const NOISE: f32 = 4.5;
/// Shares of the contrast of the ink that are tried one after another as its least: lines fainter than it fall away.
const SHARES: [f32; 3] = [0.3, 0.5, 0.7];
/// A sheet fills more than this share of the box around it, between its edges; heavy digits, even a 0, do not.
const BOXED: f32 = 0.82;
/// A stroke smaller than this share of all ink is a speck.
const SPECK: f32 = 0.03;

/// What makes an answer doubtful whatever the network says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// There may be more than one digit.
    Several,
    /// It cannot be told what is ink.
    Unclear,
}

/// The ink of a picture, 0 to 255.
#[derive(Clone, Debug)]
pub struct Ink {
    /// Pixels in a row.
    pub width: usize,
    /// The values.
    pub values: Vec<u8>,
    /// What is doubtful.
    pub doubt: Option<Doubt>,
}

/// Finds the ink; `None` if there is paper only.
pub fn find(sheet: &Sheet) -> Option<Ink> {
    let found = on_sheet(sheet)?;
    // A sheet on a larger table is what stands out first.
    let inner = found
        .solid
        .and_then(|(left, top, width, height)| on_sheet(&sheet.part(left, top, width, height)));
    Some(
        inner
            .filter(|inner| inner.ink.doubt.is_none())
            .unwrap_or(found)
            .ink,
    )
}

struct Found {
    ink: Ink,
    /// Left, top, width and height of what is no stroke but an area, somewhat within its bounds.
    solid: Option<(usize, usize, usize, usize)>,
}

fn on_sheet(sheet: &Sheet) -> Option<Found> {
    let size = (sheet.width, sheet.height());
    let contrast = quiet(contrast(sheet), size);
    let full = full_contrast(&contrast)?;
    let mut best: Option<(Vec<Stroke>, f32)> = None;
    for share in SHARES {
        let least = (share * full).max(NOISE * contrast.noise);
        let mask: Vec<bool> = contrast.values.iter().map(|&value| value > least).collect();
        let strokes = clean(Stroke::all(&mask, size.0), size);
        if strokes.is_empty() {
            continue;
        }
        let clear = is_clear(&strokes, size);
        if clear || best.is_none() {
            best = Some((strokes, least));
        }
        if clear {
            break;
        }
    }
    let (strokes, least) = best?;
    let doubt = if !is_clear(&strokes, size) {
        Some(Doubt::Unclear)
    } else if are_several(&strokes) {
        Some(Doubt::Several)
    } else {
        None
    };
    let mut values = vec![0; contrast.values.len()];
    for &i in strokes.iter().flat_map(|stroke| &stroke.pixels) {
        let (Some(to), Some(value)) = (values.get_mut(i), contrast.values.get(i)) else {
            continue;
        };
        let floor = 0.5 * least;
        *to = (255.0 * ((value - floor) / (0.9 * full - floor)).clamp(0.0, 1.0)).round() as u8;
    }
    Some(Found {
        solid: solid(&strokes, size),
        ink: Ink {
            width: size.0,
            values,
            doubt,
        },
    })
}

/// The contrast with each pixel the mean of its neighbours where noise would hide the ink otherwise.
fn quiet(contrast: Contrast, (width, height): (usize, usize)) -> Contrast {
    let largest = contrast.values.iter().copied().fold(0.0, f32::max);
    if width < 24 || height < 24 || NOISE * contrast.noise < SHARES[0] * 0.5 * largest {
        return contrast;
    }
    let mut values = Vec::with_capacity(contrast.values.len());
    for y in 0..height {
        for x in 0..width {
            let (mut sum, mut count) = (0.0, 0.0);
            for near_y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for near_x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    sum += contrast
                        .values
                        .get(near_y * width + near_x)
                        .copied()
                        .unwrap_or(0.0);
                    count += 1.0;
                }
            }
            values.push(sum / count);
        }
    }
    let noise = spread(&values);
    Contrast { values, noise }
}

/// The contrast of ink that is fully ink: of what is no paper, the upper tenth's least; `None` if there is paper only.
fn full_contrast(contrast: &Contrast) -> Option<f32> {
    let least = LEAST.max(NOISE * contrast.noise);
    let mut inked: Vec<f32> = contrast
        .values
        .iter()
        .copied()
        .filter(|&value| value >= least)
        .collect();
    let upper = inked.len() * 9 / 10;
    (!inked.is_empty()).then(|| *inked.select_nth_unstable_by(upper, f32::total_cmp).1)
}

/// Without frames, lines and specks, as long as anything is left.
fn clean(strokes: Vec<Stroke>, size: (usize, usize)) -> Vec<Stroke> {
    let others = |i: usize| -> Vec<Stroke> {
        let others = strokes.iter().enumerate().filter(|&(j, _)| j != i);
        others.map(|(_, stroke)| stroke.clone()).collect()
    };
    let large: Vec<usize> = (0..strokes.len())
        .filter(|&i| {
            strokes
                .get(i)
                .is_some_and(|stroke| stroke.size().0.max(stroke.size().1) * 5 > size.0.min(size.1))
        })
        .collect();
    let frames: Vec<usize> = large
        .into_iter()
        .filter(|&i| {
            strokes.len() > 1
                && strokes
                    .get(i)
                    .is_some_and(|stroke| stroke.is_frame(size, &others(i)))
        })
        .collect();
    let kept: Vec<Stroke> = strokes
        .iter()
        .enumerate()
        .filter(|(i, _)| !frames.contains(i))
        .map(|(_, stroke)| stroke.clone())
        .collect();
    let kept = if kept.is_empty() { strokes } else { kept };
    let all: usize = kept.iter().map(|stroke| stroke.pixels.len()).sum();
    kept.into_iter()
        .filter(|stroke| stroke.pixels.len() as f32 >= SPECK * all as f32)
        .collect()
}

/// Whether what is left can be a digit: it does not run out of the picture, and is not most of it.
fn is_clear(strokes: &[Stroke], size: (usize, usize)) -> bool {
    let ink: usize = strokes.iter().map(|stroke| stroke.pixels.len()).sum();
    let runs_out = |stroke: &Stroke| stroke.edges(size) >= 3;
    strokes.len() < 12 && 2 * ink < size.0 * size.1 && !strokes.iter().any(runs_out)
}

/// Whether a gap parts the ink into two of about one size, side by side or one below the other.
fn are_several(strokes: &[Stroke]) -> bool {
    let apart = |along: fn(&Stroke) -> (usize, usize), across: fn(&Stroke) -> (usize, usize)| {
        let mut sorted: Vec<&Stroke> = strokes.iter().collect();
        sorted.sort_by_key(|stroke| along(stroke).0);
        (1..sorted.len()).any(|cut| {
            let (first, second) = sorted.split_at(cut);
            let end = first
                .iter()
                .map(|stroke| along(stroke).1)
                .max()
                .unwrap_or(0);
            let start = second
                .iter()
                .map(|stroke| along(stroke).0)
                .min()
                .unwrap_or(0);
            let extent = |part: &[&Stroke]| {
                let low = part
                    .iter()
                    .map(|stroke| across(stroke).0)
                    .min()
                    .unwrap_or(0);
                let high = part
                    .iter()
                    .map(|stroke| across(stroke).1)
                    .max()
                    .unwrap_or(0);
                high - low + 1
            };
            let (one, other) = (extent(first), extent(second));
            start > end + 1 && 3 * one.min(other) > 2 * one.max(other)
        })
    };
    apart(|stroke| stroke.columns, |stroke| stroke.rows)
}

/// The inside of a single large area.
fn solid(strokes: &[Stroke], size: (usize, usize)) -> Option<(usize, usize, usize, usize)> {
    let stroke = strokes.iter().max_by_key(|stroke| stroke.pixels.len())?;
    let (width, height) = stroke.size();
    let is_area = 5 * stroke.pixels.len() > 3 * width * height && stroke.boxed(size.0) > BOXED;
    let is_large =
        4 * width > size.0 && 4 * height > size.1 && width < 3 * height && height < 3 * width;
    let inset = width.min(height) / 12 + 1;
    (is_area && is_large && width > 2 * inset && height > 2 * inset).then(|| {
        (
            stroke.columns.0 + inset,
            stroke.rows.0 + inset,
            width - 2 * inset,
            height - 2 * inset,
        )
    })
}
