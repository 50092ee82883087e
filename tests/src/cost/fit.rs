//! Fits the formulas to the runs: least squares over relative errors, no coefficient below 0, for nothing takes less time or
//! room by being done.

use smidgen::cost::{Estimate, Formula, Path, Quantity, processor, terms};

use super::run::Run;

/// What the margin is above the largest ratio of a true value and its estimate that was seen.
const MORE: f64 = 1.05;

/// A table of all formulas, as `smidgen::cost::Formulas` reads it.
#[must_use]
pub fn table(runs: &[Run]) -> String {
    let mut targets: Vec<&str> = runs.iter().map(|run| &*run.target).collect();
    targets.dedup();
    let mut table = NOTE.to_owned();
    for target in targets {
        for path in Path::ALL {
            let of = |run: &&Run| run.target == target && run.path == path;
            let runs: Vec<&Run> = runs.iter().filter(of).collect();
            for quantity in Quantity::ALL {
                if let Some(formula) = formula(&runs, quantity) {
                    table += &line(target, path, quantity, &formula);
                }
            }
        }
    }
    table
}

const NOTE: &str = "# Fitted by `cargo run -p smidgen-tests --bin cost -- fit` to the runs in tests/fixtures/cost.tsv. Target, path, quantity,\n\
    # what the true value may be of the estimate at most, coefficients of the terms in terms.rs.\n";

fn line(target: &str, path: Path, quantity: Quantity, formula: &Formula) -> String {
    let mut line = format!(
        "{target}\t{path}\t{}\t{:.3}",
        quantity.name(),
        formula.margin
    );
    for (name, coefficient) in &formula.coefficients {
        line += &format!("\t{name}={coefficient}");
    }
    line + "\n"
}

/// What a run has measured.
#[must_use]
pub fn measured(run: &Run, quantity: Quantity) -> Option<f64> {
    match quantity {
        Quantity::Instructions => Some(run.instructions),
        Quantity::CyclesLeast => run.cycles.map(|[least, _]| least),
        Quantity::CyclesMost => run.cycles.map(|[_, most]| most),
        Quantity::Stack => Some(run.stack),
        Quantity::Code => Some(run.code),
    }
}

/// How far the estimate of `smidgen::cost` is above what a run has measured, as a share of that; `None` where there is none.
#[must_use]
pub fn error(run: &Run, quantity: Quantity) -> Option<f64> {
    let estimate = Estimate::new(&run.target, run.path, &run.layers, &run.inputs)?;
    let expected = match quantity {
        Quantity::Instructions => estimate.instructions,
        Quantity::CyclesLeast => estimate.cycles?[0],
        Quantity::CyclesMost => estimate.cycles?[1],
        Quantity::Stack => estimate.stack.expected as f64,
        Quantity::Code => estimate.code.expected as f64,
    };
    Some(expected / measured(run, quantity)? - 1.0)
}

/// The formula of one target and path; `None` if nothing was measured.
fn formula(runs: &[&Run], quantity: Quantity) -> Option<Formula> {
    let terms = |run: &Run| {
        let floats = processor::has_floats(&run.target);
        terms(quantity, run.path, floats, &run.layers, &run.inputs)
    };
    let fitted: Vec<&Run> = runs.iter().copied().filter(|run| !run.held_out).collect();
    let shares = |run: &&Run| {
        let value = measured(run, quantity)?;
        Some(terms(run).iter().map(|(_, count)| count / value).collect())
    };
    let rows: Vec<Vec<f64>> = fitted.iter().map(shares).collect::<Option<_>>()?;
    let names = terms(fitted.first()?).into_iter().map(|(name, _)| name);
    let found = names
        .zip(not_negative(&rows))
        .filter(|&(_, value)| value > 0.0);
    let mut formula = Formula {
        coefficients: found
            .map(|(name, value)| (name.to_owned(), rounded(value)))
            .collect(),
        margin: 1.0,
    };
    for run in runs {
        let ratio = measured(run, quantity)? / formula.value(&terms(run));
        formula.margin = formula.margin.max(ratio * MORE);
    }
    Some(formula)
}

/// To six digits, so that the table does not depend on the last bits of a sum.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// The x ≥ 0 for which each row times x is as near to 1 as can be, by squares: Lawson and Hanson, *Solving Least Squares
/// Problems*, 1974, ch. 23, algorithm NNLS.
fn not_negative(rows: &[Vec<f64>]) -> Vec<f64> {
    let width = rows.first().map_or(0, Vec::len);
    let largest = |j: usize| rows.iter().map(|row| row[j].abs()).fold(0.0, f64::max);
    // Columns that are all zeros stay so.
    let scales: Vec<f64> = (0..width)
        .map(largest)
        .map(|most| if most > 0.0 { most } else { 1.0 })
        .collect();
    let scaled = |row: &Vec<f64>| {
        row.iter()
            .zip(&scales)
            .map(|(value, scale)| value / scale)
            .collect()
    };
    let rows: Vec<Vec<f64>> = rows.iter().map(scaled).collect();
    let (mut x, mut used) = (vec![0.0; width], Vec::new());
    // Each round the error becomes smaller, so there are but few; the bound is against rounding.
    for _ in 0..20 * width {
        let Some(next) = steepest(&rows, &x, &used) else {
            break;
        };
        used.push(next);
        while !used.is_empty() {
            let solution = least_squares(&rows, &used);
            if solution.iter().all(|&value| value > 0.0) {
                x.fill(0.0);
                used.iter()
                    .zip(solution)
                    .for_each(|(&j, value)| x[j] = value);
                break;
            }
            step_towards(&mut x, &used, &solution);
            used.retain(|&j| x[j] > 1e-12);
        }
    }
    x.iter()
        .zip(&scales)
        .map(|(value, scale)| value / scale)
        .collect()
}

/// The column that is not used and by which the error falls most.
fn steepest(rows: &[Vec<f64>], x: &[f64], used: &[usize]) -> Option<usize> {
    let rest: Vec<f64> = rows.iter().map(|row| 1.0 - product(row, x)).collect();
    let slope = |j: usize| {
        rows.iter()
            .zip(&rest)
            .map(|(row, rest)| row[j] * rest)
            .sum::<f64>()
    };
    let free = (0..x.len()).filter(|j| !used.contains(j));
    let falling = free
        .map(|j| (j, slope(j)))
        .filter(|&(_, slope)| slope > 1e-9 * rows.len() as f64);
    falling.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(j, _)| j)
}

/// From x towards a solution, until the first of the used columns is 0.
fn step_towards(x: &mut [f64], used: &[usize], solution: &[f64]) {
    let below = used
        .iter()
        .zip(solution)
        .filter(|&(_, &value)| value <= 0.0);
    let step = below
        .map(|(&j, value)| x[j] / (x[j] - value))
        .fold(1.0, f64::min);
    for (&j, value) in used.iter().zip(solution) {
        x[j] += step * (value - x[j]);
    }
}

fn product(row: &[f64], x: &[f64]) -> f64 {
    row.iter().zip(x).map(|(a, b)| a * b).sum()
}

/// The solution in some columns, by their normal equations and elimination; a little is added to the diagonal, for columns
/// that depend on each other.
fn least_squares(rows: &[Vec<f64>], columns: &[usize]) -> Vec<f64> {
    let size = columns.len();
    let dot = |i: usize, j: usize| rows.iter().map(|row| row[i] * row[j]).sum::<f64>();
    let equation = |i: usize| {
        let mut equation: Vec<f64> = columns.iter().map(|&j| dot(columns[i], j)).collect();
        equation[i] += 1e-12 * rows.len() as f64;
        equation.push(rows.iter().map(|row| row[columns[i]]).sum());
        equation
    };
    let mut matrix: Vec<Vec<f64>> = (0..size).map(equation).collect();
    for column in 0..size {
        let magnitude = |i: &usize| matrix[*i][column].abs();
        let pivot = (column..size).max_by(|a, b| magnitude(a).total_cmp(&magnitude(b)));
        matrix.swap(column, pivot.unwrap_or(column));
        let pivot = matrix[column].clone();
        for (i, equation) in matrix.iter_mut().enumerate() {
            let factor = equation[column] / pivot[column];
            if i != column && factor != 0.0 {
                equation
                    .iter_mut()
                    .zip(&pivot)
                    .for_each(|(a, b)| *a -= factor * b);
            }
        }
    }
    (0..size).map(|i| matrix[i][size] / matrix[i][i]).collect()
}

#[cfg(test)]
mod tests {
    use super::not_negative;

    #[test]
    fn what_is_a_sum_of_terms_is_found() {
        let rows: Vec<Vec<f64>> = [
            [1.0, 2.0, 3.0],
            [2.0, 1.0, 5.0],
            [1.0, 7.0, 2.0],
            [3.0, 3.0, 3.0],
        ]
        .iter()
        .map(|row| {
            let value = 2.0 * row[0] + 0.5 * row[1];
            row.iter().map(|count| count / value).collect()
        })
        .collect();
        let found = not_negative(&rows);
        let expected = [2.0, 0.5, 0.0];
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-6),
            "{found:?}"
        );
    }

    #[test]
    fn nothing_is_negative() {
        let rows = vec![vec![1.0, 1.0], vec![1.0, 2.0], vec![0.5, 3.0]];
        assert!(not_negative(&rows).iter().all(|&value| value >= 0.0));
    }
}
