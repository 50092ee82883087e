//! `Formulas`: the coefficients of all formulas, a table that the program `cost` of the tests has fitted.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::path::Path;
use super::quantity::Quantity;
use super::terms::Term;

/// A sum of terms, each times its coefficient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formula {
    /// By name; a term that has none counts for nothing.
    pub coefficients: Vec<(String, f64)>,
    /// What the true value may be of the sum at most: the largest ratio that was seen, and a little more.
    pub margin: f64,
}

impl Formula {
    /// The sum.
    #[must_use]
    pub fn value(&self, terms: &[Term]) -> f64 {
        let of = |name: &str| {
            let found = self.coefficients.iter().find(|(known, _)| known == name);
            found.map_or(0.0, |(_, coefficient)| *coefficient)
        };
        terms.iter().map(|&(name, count)| of(name) * count).sum()
    }
}

/// The formulas of all targets and paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formulas(HashMap<(String, Path, Quantity), Formula>);

impl Formulas {
    /// Those that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static TABLE: LazyLock<Formulas> =
            LazyLock::new(|| Formulas::parse(include_str!("table.tsv")).unwrap_or_default());
        &TABLE
    }

    /// Reads a table: target, path, quantity, margin, and the coefficients as `name=value`, apart by tabs. `None` if a line
    /// means nothing.
    #[must_use]
    pub fn parse(table: &str) -> Option<Self> {
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        lines.map(line).collect::<Option<_>>().map(Self)
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, target: &str, path: Path, quantity: Quantity) -> Option<&Formula> {
        self.0.get(&(target.to_owned(), path, quantity))
    }
}

fn line(line: &str) -> Option<((String, Path, Quantity), Formula)> {
    let mut words = line.split('\t');
    let target = words.next()?.to_owned();
    let path = Path::named(words.next()?)?;
    let name = words.next()?;
    let quantity = Quantity::ALL
        .into_iter()
        .find(|quantity| quantity.name() == name)?;
    let margin = words.next()?.parse().ok()?;
    let coefficient = |word: &str| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    let coefficients = words.map(coefficient).collect::<Option<_>>()?;
    let formula = Formula {
        coefficients,
        margin,
    };
    Some(((target, path, quantity), formula))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_formula() {
        let formulas = Formulas::built_in();
        let targets: std::collections::HashSet<_> =
            formulas.0.keys().map(|(target, _, _)| target).collect();
        assert_eq!(targets.len(), 5);
        for target in targets {
            for path in Path::ALL {
                for quantity in [Quantity::Instructions, Quantity::Stack, Quantity::Code] {
                    let formula = formulas.get(target, path, quantity);
                    assert!(formula.is_some(), "{target} {path} {quantity:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_of_no_meaning_is_none() {
        let line = "a\tfloats\tcode\t1.1\tone=2\tlayers=3.5";
        let formulas = Formulas::parse(line).unwrap();
        let formula = formulas.get("a", Path::Floats, Quantity::Code).unwrap();
        assert_eq!(
            formula
                .value(&[("one", 1.0), ("layers", 2.0), ("else", 9.0)])
                .to_bits(),
            9.0_f64.to_bits()
        );
        for wrong in [
            "a\tfloats\tcode",
            "a\tother\tcode\t1",
            "a\tfloats\tcode\t1\tone",
        ] {
            assert_eq!(Formulas::parse(wrong), None, "{wrong}");
        }
    }
}
