//! `Layout`: which columns of a table are readings, and which is the class.

use csv::ByteRecord;

use super::error::TableError;
use super::number::number;
use crate::data::dataset::MOST_INPUTS;

/// Names of columns that an error tells.
const TOLD: usize = 20;

/// Where the class of a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassColumn<'a> {
    /// In the last column.
    #[default]
    Last,
    /// In the column of this name.
    Named(&'a str),
    /// In the column of this name, if there is one.
    Perhaps(&'a str),
}

/// Where what stands in a line.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Cells of a line.
    pub cells: usize,
    /// The places of the readings.
    pub inputs: Vec<usize>,
    /// Their names.
    pub columns: Vec<String>,
    /// The place of the class.
    pub class: Option<usize>,
    /// Its name.
    pub class_name: String,
    /// Whether the first line is a row already; the columns then have numbers for names, from 1.
    pub no_header: bool,
}

impl Layout {
    /// The layout by the first line; of the columns of readings those that a model takes, in its order, if it names any.
    ///
    /// # Errors
    ///
    /// [`TableError`] for names that are not there or there twice, and for no or too many columns of readings.
    pub fn of(
        first: &ByteRecord,
        class: ClassColumn,
        wanted: &[String],
    ) -> Result<Self, TableError> {
        let cells: Vec<&[u8]> = first.iter().map(<[u8]>::trim_ascii).collect();
        // A name is no number, but the class of a row may be a text.
        let numbers = cells.iter().filter(|cell| number(cell).is_some()).count();
        let no_header = numbers + 1 >= cells.len().max(2);
        let names: Vec<String> = if no_header {
            (1..=cells.len()).map(|number| number.to_string()).collect()
        } else {
            let texts = cells.iter().map(|cell| String::from_utf8_lossy(cell));
            texts.map(|text| text.into_owned()).collect()
        };
        let find = |name: &str| names.iter().position(|other| other == name);
        let class = match class {
            // Where a model names all columns there need not be a class.
            ClassColumn::Last if names.len() == wanted.len() => None,
            ClassColumn::Last => cells.len().checked_sub(1),
            ClassColumn::Named(name) => Some(find(name).ok_or_else(|| no_column(name, &names))?),
            ClassColumn::Perhaps(name) => find(name)
                .or_else(|| (no_header && names.len() == wanted.len() + 1).then_some(wanted.len())),
        };
        let others = || (0..names.len()).filter(|&place| Some(place) != class);
        let inputs: Vec<usize> = if wanted.is_empty() || no_header {
            others().collect()
        } else {
            let places = wanted
                .iter()
                .map(|name| find(name).ok_or_else(|| no_column(name, &names)));
            places.collect::<Result<_, _>>()?
        };
        let layout = Self {
            cells: cells.len(),
            columns: inputs
                .iter()
                .filter_map(|&place| names.get(place).cloned())
                .collect(),
            inputs,
            class_name: class
                .and_then(|place| names.get(place).cloned())
                .unwrap_or_default(),
            class,
            no_header,
        };
        layout.check(wanted)?;
        Ok(layout)
    }

    fn check(&self, wanted: &[String]) -> Result<(), TableError> {
        let found = self.inputs.len();
        if found == 0 {
            return Err(TableError::NoReadings);
        }
        // An index has 16 bits.
        let most = MOST_INPUTS - 1;
        if found > most {
            return Err(TableError::TooManyColumns { found, most });
        }
        if !wanted.is_empty() && found != wanted.len() {
            return Err(TableError::OtherColumns {
                expected: wanted.len(),
                found,
            });
        }
        let mut sorted: Vec<_> = self.columns.iter().chain([&self.class_name]).collect();
        sorted.sort_unstable();
        match sorted
            .windows(2)
            .find(|pair| pair[0] == pair[1] && !pair[0].is_empty())
        {
            Some(pair) => Err(TableError::SameColumns {
                name: pair[0].clone(),
            }),
            None => Ok(()),
        }
    }
}

fn no_column(name: &str, names: &[String]) -> TableError {
    let mut columns = names
        .iter()
        .take(TOLD)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > TOLD {
        columns += ", …";
    }
    TableError::NoColumn {
        name: name.into(),
        columns,
    }
}
