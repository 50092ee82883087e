//! Predictions for the rows of a table.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::open;

use crate::commands::data::class;
use crate::commands::drawing::Style;
use crate::commands::error::Error;
use crate::commands::model::Model;
use crate::commands::output::{print, print_json};
use crate::data::source::{read_rows, scaled};
use crate::data::{About, Dataset};
use crate::files::FileError;
use crate::network::{Answer, AnyNetwork};

/// What stands for standard input.
const STDIN: &str = "-";
/// Rows that are printed together.
const TOGETHER: usize = 1000;

/// A row and its answer as one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// From 0.
    row: usize,
    predicted: &'a str,
    class: usize,
    /// By class, each in [0, 1].
    activations: &'a [f32],
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'a str>,
    /// Why the answer is left open.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'a str>,
}

/// Rows of one file, scaled, and whether they have classes.
pub struct Table {
    path: Option<String>,
    data: Dataset,
    /// The number of the first row.
    first: usize,
    labelled: bool,
}

impl Table {
    /// The rows of a file, or of standard input.
    ///
    /// # Errors
    ///
    /// [`Error`] for a file that cannot be read or whose columns are not the model's.
    pub fn read(path: &Path, model: &Model) -> Result<Self, Error> {
        let about = model.file.about();
        let (rows, labelled) = if path == Path::new(STDIN) {
            read_rows(Path::new("standard input"), io::stdin().lock(), about)?
        } else {
            let file = File::open(path).map_err(|source| FileError::read(path, source))?;
            read_rows(path, BufReader::new(file), about)?
        };
        Ok(Self {
            path: Some(path.display().to_string()),
            data: scaled(path, rows, about)?,
            first: 0,
            labelled,
        })
    }

    /// One row of a model's test part, by its number.
    pub fn of(data: &Dataset, index: usize) -> Self {
        let row = data.readings(index).to_vec();
        let labels = vec![u8::try_from(data.label(index)).unwrap_or(u8::MAX)];
        Self {
            path: None,
            data: Dataset::of_readings(data.inputs(), data.classes(), row, labels)
                .with_outside(vec![data.amount(index) as u16]),
            first: index,
            labelled: true,
        }
    }

    /// Prints the answer for every row.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn answer(&self, network: &dyn AnyNetwork, about: &About, json: bool) -> Result<(), Error> {
        let names: Vec<_> = (0..self.classes(network))
            .map(|i| class(about, i))
            .collect();
        let width = names.iter().map(|name| name.chars().count()).max();
        let mut text = String::new();
        for i in 0..self.data.len() {
            let answer = self.data.with(i, |input| network.infer(input));
            let actual = self
                .labelled
                .then(|| names.get(self.data.label(i)))
                .flatten();
            let name = names.get(answer.class).map_or("", String::as_str);
            let doubt = open(&answer, self.data.amount(i), about);
            if json {
                print_json(&Line {
                    path: self.path.as_deref(),
                    row: self.first + i,
                    predicted: name,
                    class: answer.class,
                    activations: &answer.activations,
                    actual: actual.map(String::as_str),
                    doubt,
                })?;
                continue;
            }
            self.push(
                &mut text,
                i,
                (&answer, name, doubt),
                actual,
                width.unwrap_or(0),
            );
            if i % TOGETHER == TOGETHER - 1 {
                print(&std::mem::take(&mut text))?;
            }
        }
        print(&text)
    }

    fn classes(&self, network: &dyn AnyNetwork) -> usize {
        network.sizes().last().copied().unwrap_or(0)
    }

    /// Row, class, how sure, and what is true where that is known.
    fn push(
        &self,
        text: &mut String,
        i: usize,
        (answer, name, doubt): (&Answer, &str, Option<&str>),
        actual: Option<&String>,
        width: usize,
    ) {
        let row = self.first + i;
        let sure = answer
            .activations
            .get(answer.class)
            .copied()
            .unwrap_or_default();
        let name = format!("{name:<width$}");
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{row:>6}  {}  {sure:.3}",
            Style::of_stdout().bold(&name)
        );
        if let Some(actual) = actual {
            let right = name.trim_end() == actual;
            let _ = write!(text, "  {}", if right { "right" } else { "wrong" });
            if !right {
                let _ = write!(text, ", is {actual}");
            }
        }
        if let Some(doubt) = doubt {
            let _ = write!(text, "  {doubt}");
        }
        text.push('\n');
    }
}

/// The tables of all files, or the row of a model's test part.
///
/// # Errors
///
/// As [`Table::read`].
pub fn tables(paths: &[PathBuf], model: &Model) -> Result<Vec<Table>, Error> {
    paths.iter().map(|path| Table::read(path, model)).collect()
}
