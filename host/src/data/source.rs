//! `Source`: where data are, as it was typed or as a model remembers it, and loading all parts from there.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::about::{About, Origin};
use super::dataset::Dataset;
use super::error::DataError;
use super::parts::Parts;
use super::table::split::{Part, stratified};
use super::table::{
    ClassColumn, Expected, Fitted, Method, Rows, Split, Table, TableParts, distribute,
};

/// The checksums of MNIST's training and test images.
pub const MNIST: (u32, u32) = (0xe90b_4b3a, 0xdeae_9198);

/// Where data are and how to take them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// A CSV file or a folder of IDX files; the program's own MNIST if there is none.
    pub data: Option<PathBuf>,
    /// A CSV file of the test part.
    pub test: Option<PathBuf>,
    /// The column of the class; the last if there is none.
    pub class: Option<String>,
    /// How to split a table; the usual shares if there is none.
    pub split: Option<Split>,
    /// The seed of the split.
    pub seed: u64,
    /// What the scaling of a table is fitted to.
    pub scaling: Method,
}

/// A data set that is ready to be learned or judged.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The examples.
    pub parts: Parts,
    /// What is known of them.
    pub about: About,
    /// The readings of the test part as they were measured; none for pictures.
    pub test_readings: Option<Rows>,
    /// What a user should know, a line each.
    pub warnings: Vec<String>,
}

impl Source {
    /// Loads all parts, and fits the scaling to the training part.
    ///
    /// # Errors
    ///
    /// [`DataError`] for what cannot be read or is not as it should be.
    pub fn load(&self) -> Result<Loaded, DataError> {
        match &self.data {
            Some(path) if !path.is_dir() => self.load_table(path, None),
            Some(path) => self.load_pictures(path),
            None => Ok(Loaded {
                parts: Parts::embedded()?,
                ..Loaded::default()
            }),
        }
    }

    /// Loads all parts for a model: with its columns, its classes and its scaling.
    ///
    /// # Errors
    ///
    /// As [`Source::load`].
    pub fn load_for(&self, model: &About) -> Result<Loaded, DataError> {
        match &self.data {
            Some(path) if !path.is_dir() => self.load_table(path, Some(model)),
            _ => self.load(),
        }
    }

    fn load_pictures(&self, folder: &Path) -> Result<Loaded, DataError> {
        let (parts, mut about, warnings) = Parts::with_about(folder)?;
        about.origin = Some(Origin {
            name: folder.display().to_string(),
            training_crc32: parts.training.crc32(),
            test_crc32: parts.test.crc32(),
            ..Origin::default()
        });
        if about.origin.as_ref().is_some_and(is_mnist) {
            about = About::default();
        }
        Ok(Loaded {
            parts,
            about,
            test_readings: None,
            warnings,
        })
    }

    fn load_table(&self, path: &Path, model: Option<&About>) -> Result<Loaded, DataError> {
        let mut about = model.cloned().unwrap_or_default();
        let class = self.class.as_deref();
        let class = class.map_or(ClassColumn::Last, ClassColumn::Named);
        let table = read_table(path, &expected(&about, class))?;
        if model.is_none() {
            let checked = table.expect_classes();
            checked.map_err(|source| DataError::table(path, source))?;
        }
        about.classes.clone_from(&table.classes);
        about.columns.clone_from(&table.columns);
        let class = table.class_column.clone().unwrap_or_default();
        let test = match &self.test {
            Some(test) => Some(read_table(
                test,
                &expected(&about, ClassColumn::Named(&class)),
            )?),
            None => None,
        };
        let warnings = constants(&table);
        let integers = table.integers && test.as_ref().is_none_or(|test| test.integers);
        let split = self.split_beside(test.is_some());
        let rows = self.share(table, test, about.classes.len(), split);
        about.origin = Some(Origin {
            name: path.display().to_string(),
            test: self.test.as_ref().map(|test| test.display().to_string()),
            class: Some(class),
            split: Some(split),
            seed: self.seed,
            training_crc32: rows.training.crc32(),
            test_crc32: rows.test.crc32(),
        });
        if model.is_none() && self.scaling != Method::None {
            about.scaling = Some(Fitted::of(&rows.training, self.scaling, integers));
        }
        loaded(path, rows, about, warnings)
    }

    fn split_beside(&self, a_test: bool) -> Split {
        self.split.unwrap_or(if a_test {
            Split::BESIDE_A_TEST
        } else {
            Split::OF_ONE
        })
    }

    /// Shares a table out; a test table is the test part as it is.
    fn share(&self, table: Table, test: Option<Table>, classes: usize, split: Split) -> TableParts {
        let labels: Vec<u8> = table.labels().collect();
        let parts = stratified(&labels, classes, split, self.seed);
        let mut rows = distribute(table, &parts);
        if let Some(test) = test {
            let parts = vec![Part::Test; test.rows];
            rows.test = distribute(test, &parts).test;
        }
        rows
    }
}

/// A table as a test part alone, for a model that names its columns and its classes.
///
/// # Errors
///
/// [`DataError`] for what cannot be read or is not as it should be.
pub fn load_test_table(path: &Path, model: &About) -> Result<Rows, DataError> {
    let class = model
        .origin
        .as_ref()
        .and_then(|origin| origin.class.as_deref());
    let class = class.map_or(ClassColumn::Last, ClassColumn::Named);
    let table = read_table(path, &expected(model, class))?;
    let parts = vec![Part::Test; table.rows];
    Ok(distribute(table, &parts).test)
}

/// Rows without classes, for a model that names its columns; the class is given where the file has it.
///
/// # Errors
///
/// As [`load_test_table`].
pub fn read_rows(
    name: &Path,
    file: impl std::io::BufRead,
    model: &About,
) -> Result<(Rows, bool), DataError> {
    let class = model
        .origin
        .as_ref()
        .and_then(|origin| origin.class.as_deref());
    let class = ClassColumn::Perhaps(class.unwrap_or_default());
    let table = Table::read(file, &expected(model, class));
    let table = table.map_err(|source| DataError::table(name, source))?;
    let (parts, labelled) = (vec![Part::Test; table.rows], table.class_column.is_some());
    Ok((distribute(table, &parts).test, labelled))
}

/// Rows as a data set: scaled, if that is needed.
///
/// # Errors
///
/// [`DataError::NotScaled`] for a reading outside of [0, 1] where nothing scales it.
pub fn scaled(path: &Path, rows: Rows, about: &About) -> Result<Dataset, DataError> {
    let (inputs, classes) = (rows.inputs(), about.classes.len());
    let (mut values, labels) = rows.into_parts();
    let mut outside = Vec::new();
    match &about.scaling {
        Some(scaling) => {
            outside.reserve_exact(labels.len());
            for row in values.chunks_mut(inputs.max(1)) {
                outside.push(scaling.outside(row));
                scaling.apply(row);
            }
        }
        None => expect_unit(path, &values, about)?,
    }
    Ok(Dataset::of_readings(inputs, classes, values, labels).with_outside(outside))
}

fn expect_unit(path: &Path, values: &[f32], about: &About) -> Result<(), DataError> {
    let inputs = about.columns.len().max(1);
    match values.iter().position(|x| !(0.0..=1.0).contains(x)) {
        Some(place) => Err(DataError::NotScaled {
            path: path.into(),
            column: about.column(place % inputs).into_owned(),
            reading: values.get(place).copied().unwrap_or_default(),
        }),
        None => Ok(()),
    }
}

fn loaded(
    path: &Path,
    rows: TableParts,
    about: About,
    warnings: Vec<String>,
) -> Result<Loaded, DataError> {
    for (part, rows) in [("training", &rows.training), ("test", &rows.test)] {
        if rows.is_empty() {
            return Err(DataError::EmptyPart {
                path: path.into(),
                part,
            });
        }
    }
    let test_readings = Some(rows.test.clone());
    let parts = Parts {
        training: scaled(path, rows.training, &about)?,
        validation: scaled(path, rows.validation, &about)?,
        test: scaled(path, rows.test, &about)?,
    };
    Ok(Loaded {
        parts,
        about,
        test_readings,
        warnings,
    })
}

fn expected<'a>(about: &'a About, class: ClassColumn<'a>) -> Expected<'a> {
    Expected {
        class,
        columns: &about.columns,
        classes: &about.classes,
    }
}

fn read_table(path: &Path, expected: &Expected<'_>) -> Result<Table, DataError> {
    let file = File::open(path).map_err(|source| DataError::read(path, source))?;
    let table = Table::read(BufReader::with_capacity(1 << 16, file), expected);
    table.map_err(|source| DataError::table(path, source))
}

/// A word on columns that say nothing.
fn constants(table: &Table) -> Vec<String> {
    let names = table.constant_columns();
    let warning = match names.as_slice() {
        [] => return Vec::new(),
        [name] => format!("column {name} is the same in every row, and says nothing"),
        names => format!(
            "columns {} are the same in every row, and say nothing",
            names.join(", ")
        ),
    };
    vec![warning]
}

/// Whether data are MNIST, wherever they are from.
fn is_mnist(origin: &Origin) -> bool {
    (origin.training_crc32, origin.test_crc32) == MNIST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mnist_is_known_by_its_checksums() {
        let parts = Parts::embedded().unwrap();
        assert_eq!((parts.training.crc32(), parts.test.crc32()), MNIST);
    }
}
