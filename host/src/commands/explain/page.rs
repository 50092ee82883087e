//! What `smidgen explain` prints. One file though it is long: it is one page, read from top to bottom.

use std::fmt::Write;

use smidgen_core::Cost;

use crate::commands::data::class;
use crate::commands::drawing::{self, Style};
use crate::data::{About, Input};
use crate::evaluation::explain::{Walk, leads_to, weighted_input};

/// Terms of a sum that are written out.
const TERMS: usize = 4;
/// Readings of a row that are written out.
const READINGS: usize = 24;
/// Numbers in a line.
const ACROSS: usize = 10;

/// What is printed.
pub struct Page<'a> {
    /// The numbers.
    pub walk: &'a Walk,
    /// What the network was walked through with.
    pub input: Input<'a>,
    /// What its inputs and classes are called.
    pub about: &'a About,
    /// What was walked through with.
    pub cost: Cost,
    /// Whether the model says that it was trained with that cost.
    pub cost_known: bool,
    /// Its class.
    pub label: usize,
    /// η of the step at the end.
    pub learning_rate: f32,
    /// What the place where this goes can show.
    pub style: Style,
}

impl Page<'_> {
    /// The page of test image `index`; `origin` says where the network comes from.
    pub fn text(&self, index: usize, origin: &str) -> String {
        let mut text = String::new();
        self.network(&mut text, origin);
        self.image(&mut text, index);
        for l in 0..self.walk.layers.len() {
            self.forward(&mut text, l);
        }
        self.output(&mut text);
        self.backward(&mut text);
        self.gradient(&mut text);
        self.check(&mut text);
        self.step(&mut text);
        text
    }

    // Writing to a string does not fail, here and below.

    fn heading(&self, text: &mut String, words: &str) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", self.style.heading(words));
    }

    fn network(&self, text: &mut String, origin: &str) {
        self.heading(text, "The network");
        let layers = &self.walk.layers;
        let inputs = layers.first().map_or(0, |layer| layer.inputs);
        let sizes: Vec<_> = std::iter::once(inputs)
            .chain(layers.iter().map(|layer| layer.neurons))
            .map(|size| size.to_string())
            .collect();
        let _ = writeln!(text, "  {}, {origin}", sizes.join(" → "));
        let mut total = 0;
        for (layer, l) in layers.iter().zip(1..) {
            let count = layer.inputs * layer.neurons;
            total += count + layer.neurons;
            let shape = format!("{} × {}", layer.neurons, layer.inputs);
            let up = superscript(l);
            let count = grouped(count);
            let _ = writeln!(
                text,
                "  W{up}  {shape:<10} {count:>7} weights     b{up}  {:>4} biases",
                layer.neurons
            );
        }
        let _ = writeln!(text, "  {} parameters together", grouped(total));
    }

    fn image(&self, text: &mut String, index: usize) {
        let label = class(self.about, self.label);
        let (active, all) = (self.walk.inputs.len(), self.input.len());
        match self.input {
            Input::Pixels(image) => {
                self.heading(
                    text,
                    &format!("The input x: test image {index}, which shows a {label}"),
                );
                if let Some(size) = self.about.picture(all) {
                    for line in drawing::image(image, size, self.style).lines() {
                        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
                    }
                }
                let _ = writeln!(
                    text,
                    "  x = pixel / 255; {active} of the {all} are not 0, and only those add to a sum"
                );
            }
            Input::Readings(readings) => {
                self.heading(
                    text,
                    &format!("The input x: test row {index}, which is of the class {label}"),
                );
                for (k, &x) in readings.iter().enumerate().take(READINGS) {
                    let name = self.about.column(k).replace(char::is_control, " ");
                    let line = format!("  {name:<24} {x:.4}  {}", drawing::bar(x));
                    let _ = writeln!(text, "{}", line.trim_end());
                }
                if all > READINGS {
                    let _ = writeln!(text, "  … and {} more", all - READINGS);
                }
                let _ = writeln!(
                    text,
                    "  x = the reading, scaled to [0, 1]; {active} of the {all} are not 0"
                );
            }
        }
    }

    /// What a layer gets: the pixels, or what the layer before says.
    fn inputs(&self, l: usize) -> Vec<(usize, f32)> {
        match l
            .checked_sub(1)
            .and_then(|before| self.walk.activations.get(before))
        {
            Some(row) => row.iter().copied().enumerate().collect(),
            None => self.walk.inputs.clone(),
        }
    }

    /// The neuron that a layer is followed by: the label's in the output, else the one to which most error goes back.
    fn neuron(&self, l: usize) -> usize {
        if l + 1 == self.walk.layers.len() {
            return self.label;
        }
        let deltas = self
            .walk
            .deltas
            .get(l)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let steepest = deltas
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        steepest.map_or(0, |(j, _)| j)
    }

    fn forward(&self, text: &mut String, l: usize) {
        let Some(activations) = self.walk.activations.get(l) else {
            return;
        };
        let (up, input) = (superscript(l + 1), self.input_name(l));
        self.heading(
            text,
            &format!(
                "Forward, layer {}: z{up} = W{up}{input} + b{up}, a{up} = σ(z{up})",
                l + 1
            ),
        );
        let j = self.neuron(l);
        let z = self.sum(text, l, j);
        let a = activations.get(j).copied().unwrap_or_default();
        let same = if leads_to(z, a) {
            "the network's own, to the bit"
        } else {
            "not the network's own"
        };
        let _ = writeln!(
            text,
            "    a{up}{} = 1 / (1 + e^{:.4}) = {a:.4}, {same}",
            subscript(j),
            -z
        );
        let _ = writeln!(text, "  a{up}, all {}:", activations.len());
        push_numbers(text, activations, |a| format!("{a:7.3}"));
    }

    /// Writes out the weighted input of neuron `j` of layer `l`, and gives it.
    fn sum(&self, text: &mut String, l: usize, j: usize) -> f32 {
        let Some(layer) = self.walk.layers.get(l) else {
            return 0.0;
        };
        let (up, input, here) = (superscript(l + 1), self.input_name(l), subscript(j));
        let (mut terms, z) = weighted_input(layer, j, &self.inputs(l));
        let _ = writeln!(
            text,
            "  Neuron {j}, written out; its largest terms of {}:",
            terms.len()
        );
        terms.sort_by(|a, b| (b.1 * b.2).abs().total_cmp(&(a.1 * a.2).abs()));
        let bias = layer.biases.get(j).copied().unwrap_or_default();
        let mut rest = f64::from(z) - f64::from(bias);
        for &(k, w, x) in terms.iter().take(TERMS) {
            rest -= f64::from(w) * f64::from(x);
            let name = format!("w{up}{here},{from} · {input}{from}", from = subscript(k));
            let _ = writeln!(text, "    {name:<24}{w:>9.4} · {x:.4} = {:>9.4}", w * x);
        }
        let mut part = |name: String, value: f64| {
            let _ = writeln!(text, "    {name:<24}{:>18} = {value:>9.4}", "");
        };
        if terms.len() > TERMS {
            part(format!("the other {} terms", terms.len() - TERMS), rest);
        }
        part(format!("b{up}{here}"), bias.into());
        part(format!("z{up}{here}, their sum"), z.into());
        z
    }

    fn input_name(&self, l: usize) -> String {
        if l == 0 {
            "x".into()
        } else {
            format!("a{}", superscript(l))
        }
    }

    fn output(&self, text: &mut String) {
        self.heading(text, "The output and its cost");
        let label = self.label;
        let output = self
            .walk
            .activations
            .last()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let names: Vec<_> = (0..output.len()).map(|j| class(self.about, j)).collect();
        let width = names.iter().map(|name| name.chars().count()).max();
        let width = width.unwrap_or(1);
        for ((j, &a), name) in output.iter().enumerate().zip(&names) {
            let y = u8::from(j == label);
            let line = format!("  {name:<width$}  a = {a:.4}  y = {y}  {}", drawing::bar(a));
            let line = line.trim_end();
            let line = if j == self.walk.predicted {
                self.style.bold(line)
            } else {
                line.into()
            };
            let _ = writeln!(text, "{line}");
        }
        let verdict = if self.walk.predicted == label {
            "right"
        } else {
            "wrong"
        };
        let _ = writeln!(
            text,
            "  The network says {}: {verdict}.",
            class(self.about, self.walk.predicted)
        );
        let (name, formula) = match self.cost == Cost::CrossEntropy {
            false => ("the quadratic cost", "½ Σ (a - y)²"),
            true => ("the cross-entropy", "-Σ [y ln a + (1 - y) ln (1 - a)]"),
        };
        let trained = if self.cost_known {
            ", which the model was trained with"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  C = {formula} = {:.6}\n  This is {name}{trained}.",
            self.walk.cost
        );
    }

    fn backward(&self, text: &mut String) {
        self.heading(text, "Backward: the errors δ = ∂C/∂z");
        let last = self.walk.layers.len().saturating_sub(1);
        for l in (0..=last).rev() {
            if l == last {
                self.output_error(text, l);
            } else {
                self.hidden_error(text, l);
            }
            if let Some(deltas) = self.walk.deltas.get(l) {
                push_numbers(text, deltas, |delta| format!("{delta:11.2e}"));
            }
        }
    }

    fn value(rows: &[Vec<f32>], l: usize, j: usize) -> f32 {
        rows.get(l)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or_default()
    }

    fn output_error(&self, text: &mut String, l: usize) {
        let (j, up) = (self.neuron(l), superscript(l + 1));
        let (a, delta) = (
            Self::value(&self.walk.activations, l, j),
            Self::value(&self.walk.deltas, l, j),
        );
        let (formula, product) = match self.cost == Cost::CrossEntropy {
            false => (
                format!("(a{up} - y) ⊙ σ′(z{up}), where σ′(z) = a (1 - a)"),
                format!("({a:.4} - 1) · {a:.4} · (1 - {a:.4})"),
            ),
            true => (
                format!("a{up} - y, for σ′(z{up}) cancels out"),
                format!("{a:.4} - 1"),
            ),
        };
        let _ = writeln!(text, "  (BP1)  δ{up} = {formula}");
        let _ = writeln!(text, "    δ{up}{} = {product} = {delta:.4e}", subscript(j));
    }

    fn hidden_error(&self, text: &mut String, l: usize) {
        let (j, up, next) = (self.neuron(l), superscript(l + 1), superscript(l + 2));
        let (a, delta) = (
            Self::value(&self.walk.activations, l, j),
            Self::value(&self.walk.deltas, l, j),
        );
        let sum: f32 = self.walk.layers.get(l + 1).map_or(0.0, |layer| {
            (0..layer.neurons)
                .map(|i| layer.weight(i, j) * Self::value(&self.walk.deltas, l + 1, i))
                .sum()
        });
        let _ = writeln!(text, "  (BP2)  δ{up} = ((W{next})ᵀ δ{next}) ⊙ σ′(z{up})");
        let _ = writeln!(
            text,
            "    δ{up}{} = {sum:.4e} · {a:.4} · (1 - {a:.4}) = {delta:.4e}",
            subscript(j)
        );
    }

    fn gradient(&self, text: &mut String) {
        self.heading(
            text,
            "The gradient: how the cost answers to every parameter",
        );
        let _ = writeln!(text, "  (BP3)  ∂C/∂b = δ");
        let _ = writeln!(
            text,
            "  (BP4)  ∂C/∂w = δ of the neuron · a of what comes in"
        );
        for (l, gradient) in self.walk.gradient.iter().enumerate() {
            let (j, up) = (self.neuron(l), superscript(l + 1));
            let inputs = self.inputs(l);
            let Some(&(k, x)) = inputs.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
                continue;
            };
            let delta = Self::value(&self.walk.deltas, l, j);
            let bias = gradient.biases.get(j).copied().unwrap_or_default();
            let (here, from) = (subscript(j), subscript(k));
            let _ = writeln!(text, "    ∂C/∂b{up}{here} = {bias:.4e}");
            let _ = writeln!(
                text,
                "    ∂C/∂w{up}{here},{from} = {delta:.4e} · {x:.4} = {:.4e}",
                gradient.weight(j, k)
            );
        }
        let _ = writeln!(
            text,
            "  ‖∇C‖ = {:.4e}, its length over all parameters",
            self.walk.slope.backpropagation
        );
    }

    fn check(&self, text: &mut String) {
        self.heading(
            text,
            "The gradient checked: the cost tried a little to either side",
        );
        let _ = writeln!(
            text,
            "    {:<16}{:>15}{:>16}{:>16}",
            "parameter", "backprop", "differences", "rel. error"
        );
        let mut row = |name: String, derivative: &crate::evaluation::explain::Difference| {
            let _ = writeln!(
                text,
                "    {name:<16}{:>15.5e}{:>16.5e}{:>16.1e}",
                derivative.backpropagation,
                derivative.differences,
                derivative.relative_error()
            );
        };
        for check in &self.walk.checks {
            let (up, here) = (superscript(check.layer + 1), subscript(check.j));
            let name = match check.k {
                Some(k) => format!("w{up}{here},{}", subscript(k)),
                None => format!("b{up}{here}"),
            };
            row(name, &check.derivative);
        }
        row("all, along ∇C".into(), &self.walk.slope);
    }

    fn step(&self, text: &mut String) {
        let (label, eta) = (self.label, self.learning_rate);
        let name = class(self.about, label);
        self.heading(
            text,
            &format!("One step: w ← w - η ∂C/∂w, b ← b - η ∂C/∂b, with η = {eta}"),
        );
        let after = &self.walk.after;
        let last = self.walk.layers.len().saturating_sub(1);
        let before = Self::value(&self.walk.activations, last, label);
        let now = after.output.get(label).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "  cost            {:.6} → {:.6}",
            self.walk.cost, after.cost
        );
        let _ = writeln!(text, "  activation of {name} {before:.6} → {now:.6}");
        let _ = writeln!(
            text,
            "  the network says {} → {}",
            class(self.about, self.walk.predicted),
            class(self.about, after.predicted)
        );
    }
}

/// Numbers in lines of ten.
fn push_numbers(text: &mut String, numbers: &[f32], format: impl Fn(f32) -> String) {
    let width = numbers
        .first()
        .map_or(1, |&number| format(number).chars().count());
    let across = ACROSS.min((80 - 3) / width);
    for line in numbers.chunks(across) {
        let line: String = line.iter().map(|&number| format(number)).collect();
        let _ = writeln!(text, "   {line}");
    }
}

/// A number with a comma after every third digit from the right.
fn grouped(number: usize) -> String {
    match number.checked_div(1000) {
        Some(0) | None => number.to_string(),
        Some(thousands) => format!("{},{:03}", grouped(thousands), number % 1000),
    }
}

/// A number in small raised digits.
fn superscript(number: usize) -> String {
    digits(number, ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'])
}

/// A number in small lowered digits.
fn subscript(number: usize) -> String {
    digits(number, ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'])
}

fn digits(number: usize, characters: [char; 10]) -> String {
    let digits = number.to_string().into_bytes();
    digits
        .into_iter()
        .filter_map(|digit| characters.get(usize::from(digit.wrapping_sub(b'0'))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_digits_are_those_of_the_number() {
        assert_eq!(
            (superscript(12), subscript(780)),
            ("¹²".into(), "₇₈₀".into())
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [7, 999, 1000, 23_860, 1_000_005].map(grouped),
            ["7", "999", "1,000", "23,860", "1,000,005"]
        );
    }

    #[test]
    fn ten_numbers_at_most_are_in_a_line() {
        let mut text = String::new();
        push_numbers(&mut text, &[0.5; 21], |a| format!("{a:7.3}"));
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().all(|line| line.chars().count() <= 80));
    }
}
