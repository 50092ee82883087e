//! The light on the paper: what each pixel would be if nothing were drawn there, and how far it is from that.

use super::sheet::Sheet;

/// Terms of a surface: 1, x, y, xy, x², y².
const TERMS: usize = 6;
/// Those of a plane.
const PLANE: usize = 3;
/// Rounds of each fit.
const ROUNDS: usize = 10;
/// Standard deviations from which on a pixel has no weight, with 95 % of the efficiency of least squares.
const BIWEIGHT: f32 = 4.685;
/// Pixels that the fit looks at, about.
const SAMPLES: usize = 4000;
/// Grey of the darkest paper whose ink is measured by what it takes of the light.
const DARKEST: f32 = 0.1;

type Surface = [f32; TERMS];

/// How far each pixel is from its paper, ink positive.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// By pixel.
    pub values: Vec<f32>,
    /// The spread of the paper: its standard deviation, if that is Gaussian.
    pub noise: f32,
}

/// The contrast of every pixel: the share of the light that ink takes, or, on a dark board, the light that chalk gives.
///
/// The paper is a surface of second degree through most of the picture, by iterated weights: first least absolute
/// differences (Schlossmacher, *JASA* 68 (1973), 857), then Tukey's biweight (Beaton and Tukey, *Technometrics* 16 (1974),
/// 147), for which what is drawn has no weight at all as long as it is the smaller part.
pub fn contrast(sheet: &Sheet) -> Contrast {
    let surface = fit(sheet);
    let papers = (0..sheet.grey.len()).map(|i| at(&surface, &terms(sheet, i)));
    let pairs: Vec<(f32, f32)> = sheet.grey.iter().copied().zip(papers).collect();
    let mut differences: Vec<f32> = pairs
        .iter()
        .map(|(grey, paper)| (grey - paper).abs())
        .collect();
    let noise = 4.0 * median(&mut differences);
    let sum = |sign: f32| -> f32 {
        let differences = pairs
            .iter()
            .map(|(grey, paper)| sign * (grey - paper) - noise);
        differences.map(|difference| difference.max(0.0)).sum()
    };
    let dark = sum(-1.0) >= sum(1.0);
    let contrast = |&(grey, paper): &(f32, f32)| {
        if dark {
            (paper - grey) / paper.max(DARKEST)
        } else {
            grey - paper
        }
    };
    let values: Vec<f32> = pairs.iter().map(contrast).collect();
    let noise = spread(&values);
    Contrast { values, noise }
}

/// The spread of values most of which are near 0: 2.5953 times the magnitude that three tenths of them do not reach, which
/// is the standard deviation of Gaussian ones, and stays nearly that where two fifths are others.
pub fn spread(values: &[f32]) -> f32 {
    let mut magnitudes: Vec<f32> = values.iter().map(|value| value.abs()).collect();
    2.5953 * quantile(&mut magnitudes, 0.3)
}

/// The middle value; `values` are left in another order.
fn median(values: &mut [f32]) -> f32 {
    quantile(values, 0.5)
}

/// The value that this share of the `values` does not reach; they are left in another order.
fn quantile(values: &mut [f32], share: f32) -> f32 {
    let place = (share * values.len() as f32) as usize;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(place, f32::total_cmp).1
}

/// The surface of the paper: a plane first, which a digit in the middle cannot bend as it bends a bowl, and from there the
/// surface of second degree through what is near.
fn fit(sheet: &Sheet) -> Surface {
    let step = sheet.grey.len().div_ceil(SAMPLES).max(1);
    let samples: Vec<Sample> = (0..sheet.grey.len())
        .step_by(step)
        .filter_map(|i| Some((terms(sheet, i), *sheet.grey.get(i)?)))
        .collect();
    let mut greys: Vec<f32> = samples.iter().map(|sample| sample.1).collect();
    let mut surface = [0.0; TERMS];
    surface[0] = median(&mut greys);
    for _ in 0..ROUNDS {
        let weight = |residual: f32| 1.0 / (residual.abs() + 1e-3);
        surface = weighted(&samples, &surface, PLANE, weight).unwrap_or(surface);
    }
    for _ in 0..ROUNDS {
        let residuals: Vec<f32> = samples
            .iter()
            .map(|(terms, grey)| grey - at(&surface, terms))
            .collect();
        let reach = BIWEIGHT * spread(&residuals).max(1e-3);
        let weight = |residual: f32| (1.0 - (residual / reach).powi(2)).max(0.0).powi(2);
        surface = weighted(&samples, &surface, TERMS, weight).unwrap_or(surface);
    }
    surface
}

/// The terms of a pixel and its grey.
type Sample = (Surface, f32);

/// The surface of the first `used` terms by least squares, each sample with a weight by its distance from the last one.
fn weighted(
    samples: &[Sample],
    last: &Surface,
    used: usize,
    weight: impl Fn(f32) -> f32,
) -> Option<Surface> {
    let (mut matrix, mut right) = ([[0.0; TERMS]; TERMS], [0.0; TERMS]);
    for (terms, grey) in samples {
        let weight = weight(grey - at(last, terms));
        for (row, (sum, a)) in matrix
            .iter_mut()
            .zip(right.iter_mut().zip(terms))
            .take(used)
        {
            *sum += f64::from(weight * a * grey);
            for (cell, b) in row.iter_mut().zip(terms).take(used) {
                *cell += f64::from(weight * a * b);
            }
        }
    }
    // What is not used is 0.
    for (i, row) in matrix.iter_mut().enumerate().skip(used) {
        row[i] = 1.0;
    }
    solve(matrix, right)
}

/// The terms of a pixel, x and y from −1 to 1.
fn terms(sheet: &Sheet, i: usize) -> Surface {
    let along =
        |position: usize, length: usize| 2.0 * position as f32 / (length.max(2) - 1) as f32 - 1.0;
    let x = along(i % sheet.width.max(1), sheet.width);
    let y = along(i / sheet.width.max(1), sheet.height());
    [1.0, x, y, x * y, x * x, y * y]
}

fn at(surface: &Surface, terms: &Surface) -> f32 {
    surface.iter().zip(terms).map(|(a, b)| a * b).sum()
}

/// Gaussian elimination with pivots; `None` if the matrix has no inverse, as for a picture of one row.
fn solve(mut matrix: [[f64; TERMS]; TERMS], mut right: [f64; TERMS]) -> Option<Surface> {
    for column in 0..TERMS {
        let pivot = (column..TERMS)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-9 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in 0..TERMS {
            if row != column {
                let factor = matrix[row][column] / matrix[column][column];
                let above = matrix[column];
                for (value, above) in matrix[row].iter_mut().zip(above).skip(column) {
                    *value -= factor * above;
                }
                right[row] -= factor * right[column];
            }
        }
    }
    let mut surface = [0.0; TERMS];
    for (i, term) in surface.iter_mut().enumerate() {
        *term = (right[i] / matrix[i][i]) as f32;
    }
    Some(surface)
}
