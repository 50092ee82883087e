//! `TableParts`: the rows of a table, shared out to training, validation and test.

use super::csv::Table;
use super::rows::Rows;
use super::split::Part;

/// The rows of a table by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableParts {
    /// For training.
    pub training: Rows,
    /// For choosing among networks.
    pub validation: Rows,
    /// For the last judgement.
    pub test: Rows,
}

/// Shares the rows of a table out; the memory of the table is given back on the way.
#[must_use]
pub fn distribute(table: Table, parts: &[Part]) -> TableParts {
    let inputs = table.columns.len();
    let room = |part| {
        let count = parts.iter().filter(|&&other| other == part).count();
        Rows::with_capacity(inputs, count)
    };
    let mut rows = TableParts {
        training: room(Part::Training),
        validation: room(Part::Validation),
        test: room(Part::Test),
    };
    let mut parts = parts.iter();
    for block in table.into_blocks() {
        for ((row, &label), part) in block
            .values
            .chunks(inputs.max(1))
            .zip(&block.labels)
            .zip(&mut parts)
        {
            match part {
                Part::Training => rows.training.push(row, label),
                Part::Validation => rows.validation.push(row, label),
                Part::Test => rows.test.push(row, label),
            }
        }
    }
    rows
}
