//! `TableError`: what can be wrong with a table of readings, by line and column.

use std::io;

/// What is wrong. Lines are counted from 1, the header included.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The system cannot read the file.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// Not a byte, or no line with anything in it.
    #[error("an empty file: a line of column names and rows of readings are expected")]
    Empty,
    /// A header and nothing below it.
    #[error("no row below the header")]
    NoRows,
    /// What the reader of CSV says, of a line that is no text for one.
    #[error("line {line}: {message}")]
    Line {
        /// Where.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// More or fewer cells than the header has.
    #[error("line {line} has {found} cells, the header has {expected}")]
    Ragged {
        /// Where.
        line: u64,
        /// Cells of the header.
        expected: usize,
        /// Cells of the line.
        found: usize,
    },
    /// A cell with nothing in it.
    #[error("line {line}, column {column}: the reading is missing")]
    Missing {
        /// Where.
        line: u64,
        /// The column's name.
        column: String,
    },
    /// A cell that is no number.
    #[error("line {line}, column {column}: {cell:?} is not a number{hint}")]
    NotANumber {
        /// Where.
        line: u64,
        /// The column's name.
        column: String,
        /// What stands there.
        cell: String,
        /// What it may be meant as.
        hint: &'static str,
    },
    /// A row whose class is missing.
    #[error("line {line}, column {column}: the class is missing")]
    NoClass {
        /// Where.
        line: u64,
        /// The column's name.
        column: String,
    },
    /// A class that the model does not have.
    #[error("line {line}, column {column}: {class:?} is none of the classes {known}")]
    UnknownClass {
        /// Where.
        line: u64,
        /// The column's name.
        column: String,
        /// What stands there.
        class: String,
        /// Those there are.
        known: String,
    },
    /// A class that has one row, so that it cannot be both trained and tested.
    #[error(
        "line {line}: {class:?} is a class of this one row; at least two are needed (is {column} the column of the class?)"
    )]
    Single {
        /// Where.
        line: u64,
        /// Its name.
        class: String,
        /// The column of the classes.
        column: String,
    },
    /// Nothing to tell apart.
    #[error(
        "all rows are of the class {class:?}, and there is nothing to tell apart (is {column} the column of the class?)"
    )]
    OneClass {
        /// The class.
        class: String,
        /// The column of the classes.
        column: String,
    },
    /// More classes than a network may have.
    #[error("line {line}: more than {most} classes (is {column} the column of the class?)")]
    TooManyClasses {
        /// Where one too many begins.
        line: u64,
        /// How many there may be.
        most: usize,
        /// The column of the classes.
        column: String,
    },
    /// More columns than a network may have inputs.
    #[error("{found} columns of readings, at most {most} are taken")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A name that no column has.
    #[error("no column {name:?}; the columns are {columns}")]
    NoColumn {
        /// What was asked for.
        name: String,
        /// Those there are.
        columns: String,
    },
    /// A name that two columns have.
    #[error("two columns are called {name:?}")]
    SameColumns {
        /// The name.
        name: String,
    },
    /// A table without a column of readings.
    #[error("no column of readings beside the class")]
    NoReadings,
    /// Another number of readings than the model has inputs.
    #[error("{found} columns of readings, and the model takes {expected}")]
    OtherColumns {
        /// The model's.
        expected: usize,
        /// The file's.
        found: usize,
    },
}
