//! Reading a table: CSV with a header, separated by commas, semicolons or tabs.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::error::TableError;
use super::layout::{ClassColumn, Layout};
use super::number::number;
use crate::data::dataset::MOST_CLASSES;

/// Rows that are kept together, so that they can be given back piece by piece.
const BLOCK: usize = 4096;
/// What programs write where there is no reading.
const MISSING: [&[u8]; 7] = [b"", b"NA", b"N/A", b"NaN", b"nan", b"null", b"?"];
/// The byte order mark that some programs put in front of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A table of readings as it was read.
#[derive(Debug, Default)]
pub struct Table {
    /// The names of the columns of readings.
    pub columns: Vec<String>,
    /// The name of the column of the class, if there is one.
    pub class_column: Option<String>,
    /// The classes by name, in order: numbers by their value, before texts by their letters.
    pub classes: Vec<String>,
    /// The first line of each class.
    lines: Vec<u64>,
    /// Readings, row by row, and classes.
    blocks: Vec<Block>,
    /// The number of rows.
    pub rows: usize,
    /// Whether every reading is an integer of 16 bits.
    pub integers: bool,
}

/// Some rows of a table.
#[derive(Debug, Default)]
pub struct Block {
    /// Readings, row by row.
    pub values: Vec<f32>,
    /// The class of every row; 0 where there is no column of classes.
    pub labels: Vec<u8>,
}

/// What is known of a table before it is read.
#[derive(Clone, Debug, Default)]
pub struct Expected<'a> {
    /// Where the class stands.
    pub class: ClassColumn<'a>,
    /// The columns of readings that a model takes, by name; any if there are none.
    pub columns: &'a [String],
    /// The classes that a model knows; any if there are none.
    pub classes: &'a [String],
}

impl Table {
    /// Reads all rows.
    ///
    /// # Errors
    ///
    /// [`TableError`] for the first line that is not as it should be.
    pub fn read(file: impl BufRead, expected: &Expected<'_>) -> Result<Self, TableError> {
        let mut file = file;
        let (separator, start) = first_line(&mut file)?;
        let whole = std::io::Cursor::new(start).chain(file);
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(whole);
        let mut record = ByteRecord::new();
        if !next(&mut reader, &mut record)? {
            return Err(TableError::Empty);
        }
        let layout = Layout::of(&record, expected.class, expected.columns)?;
        let mut table = Self {
            columns: layout.columns.clone(),
            class_column: layout.class.is_some().then(|| layout.class_name.clone()),
            integers: true,
            ..Self::default()
        };
        let mut classes = Classes::new(expected.classes);
        if layout.no_header {
            table.add(&record, &layout, &mut classes)?;
        }
        while next(&mut reader, &mut record)? {
            table.add(&record, &layout, &mut classes)?;
        }
        if table.rows == 0 {
            return Err(TableError::NoRows);
        }
        table.finish(classes, expected.classes);
        Ok(table)
    }

    /// Adds a line.
    fn add(
        &mut self,
        record: &ByteRecord,
        layout: &Layout,
        classes: &mut Classes,
    ) -> Result<(), TableError> {
        let line = line(record);
        if record.len() != layout.cells {
            return Err(TableError::Ragged {
                line,
                expected: layout.cells,
                found: record.len(),
            });
        }
        if self
            .blocks
            .last()
            .is_none_or(|block| block.labels.len() == BLOCK)
        {
            self.blocks.push(Block {
                values: Vec::with_capacity(BLOCK.min(self.rows.max(64)) * layout.inputs.len()),
                labels: Vec::new(),
            });
        }
        // There is a block now.
        let Some(block) = self.blocks.last_mut() else {
            return Ok(());
        };
        for (k, &place) in layout.inputs.iter().enumerate() {
            let cell = record.get(place).unwrap_or_default().trim_ascii();
            let Some(value) = number(cell) else {
                return Err(not_a_number(cell, line, self.columns.get(k)));
            };
            self.integers &= f32::from(value as i16).to_bits() == value.to_bits();
            block.values.push(value);
        }
        let label = match layout.class {
            None => 0,
            Some(place) => {
                let cell = record.get(place).unwrap_or_default().trim_ascii();
                classes.label(cell, line, &layout.class_name)?
            }
        };
        block.labels.push(label);
        self.rows += 1;
        Ok(())
    }

    /// Puts the classes in order.
    fn finish(&mut self, found: Classes, known: &[String]) {
        if !known.is_empty() {
            self.classes = known.to_vec();
            return;
        }
        let mut order: Vec<usize> = (0..found.names.len()).collect();
        order.sort_by(|&a, &b| by_value(&found.names[a], &found.names[b]));
        let mut places = [0; MOST_CLASSES];
        for (place, &old) in order.iter().enumerate() {
            // There are at most 256.
            places[old] = place as u8;
        }
        let labels = self.blocks.iter_mut().flat_map(|block| &mut block.labels);
        labels.for_each(|label| *label = places[usize::from(*label)]);
        self.classes = order.iter().map(|&i| found.names[i].clone()).collect();
        self.lines = order.iter().map(|&i| found.lines[i]).collect();
    }

    /// Checks that there are classes to be learned: two or more, each seen at least twice.
    ///
    /// # Errors
    ///
    /// [`TableError::OneClass`] or [`TableError::Single`].
    pub fn expect_classes(&self) -> Result<(), TableError> {
        let column = || self.class_column.clone().unwrap_or_default();
        let mut counts = vec![0_usize; self.classes.len()];
        for label in self.labels() {
            if let Some(count) = counts.get_mut(usize::from(label)) {
                *count += 1;
            }
        }
        let classes = self.classes.iter().zip(&self.lines).zip(counts);
        if let Some(((class, &line), _)) = classes.clone().find(|(_, count)| *count == 1) {
            let class = class.clone();
            return Err(TableError::Single {
                line,
                class,
                column: column(),
            });
        }
        match self.classes.as_slice() {
            [class] => Err(TableError::OneClass {
                class: class.clone(),
                column: column(),
            }),
            _ => Ok(()),
        }
    }

    /// The class of every row.
    pub fn labels(&self) -> impl Iterator<Item = u8> {
        self.blocks.iter().flat_map(|block| &block.labels).copied()
    }

    /// The names of the columns in which every row has the same reading.
    #[must_use]
    pub fn constant_columns(&self) -> Vec<&str> {
        let inputs = self.columns.len();
        let rows = || {
            self.blocks
                .iter()
                .flat_map(|block| block.values.chunks(inputs.max(1)))
        };
        let Some(first) = rows().next() else {
            return Vec::new();
        };
        let mut constant = vec![true; inputs];
        for row in rows() {
            for ((constant, value), first) in constant.iter_mut().zip(row).zip(first) {
                *constant &= value.to_bits() == first.to_bits();
            }
        }
        let names = self.columns.iter().zip(constant);
        names
            .filter(|(_, constant)| *constant)
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The rows in blocks, given away one after the other.
    pub fn into_blocks(self) -> impl Iterator<Item = Block> {
        self.blocks.into_iter()
    }
}

/// The classes as they are met.
struct Classes {
    places: HashMap<Vec<u8>, u8>,
    names: Vec<String>,
    lines: Vec<u64>,
    /// Whether there may be others than those known before.
    closed: bool,
    last: Option<(Vec<u8>, u8)>,
}

impl Classes {
    fn new(known: &[String]) -> Self {
        // A model has at most 256 classes.
        let known_at = known.iter().enumerate().take(MOST_CLASSES);
        let places = known_at.map(|(i, name)| (name.clone().into_bytes(), i as u8));
        Self {
            places: places.collect(),
            names: known.to_vec(),
            lines: vec![0; known.len()],
            closed: !known.is_empty(),
            last: None,
        }
    }

    fn label(&mut self, cell: &[u8], line: u64, column: &str) -> Result<u8, TableError> {
        // Rows of one class often follow each other.
        if let Some((name, label)) = &self.last
            && name == cell
        {
            return Ok(*label);
        }
        let label = match self.places.get(cell) {
            Some(&label) => label,
            None => self.add(cell, line, column)?,
        };
        self.last = Some((cell.to_vec(), label));
        Ok(label)
    }

    fn add(&mut self, cell: &[u8], line: u64, column: &str) -> Result<u8, TableError> {
        let column = column.to_owned();
        let class = String::from_utf8_lossy(cell).into_owned();
        if class.is_empty() {
            return Err(TableError::NoClass { line, column });
        }
        if self.closed {
            let known = self.names.join(", ");
            return Err(TableError::UnknownClass {
                line,
                column,
                class,
                known,
            });
        }
        let Ok(label) = u8::try_from(self.names.len()) else {
            return Err(TableError::TooManyClasses {
                line,
                most: MOST_CLASSES,
                column,
            });
        };
        self.places.insert(cell.to_vec(), label);
        self.names.push(class);
        self.lines.push(line);
        Ok(label)
    }
}

/// Numbers by their value, then texts by their letters.
fn by_value(a: &str, b: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Greater, Less};
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Less,
        (Err(_), Ok(_)) => Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

fn not_a_number(cell: &[u8], line: u64, column: Option<&String>) -> TableError {
    let column = column.cloned().unwrap_or_default();
    if MISSING.contains(&cell) {
        return TableError::Missing { line, column };
    }
    let text = String::from_utf8_lossy(cell).into_owned();
    let point = text.replacen(',', ".", 1);
    TableError::NotANumber {
        line,
        column,
        hint: if point != text && point.parse::<f32>().is_ok() {
            " (decimals are set off by a point)"
        } else {
            ""
        },
        cell: text,
    }
}

/// The next line, if there is one.
fn next(reader: &mut csv::Reader<impl Read>, record: &mut ByteRecord) -> Result<bool, TableError> {
    reader.read_byte_record(record).map_err(|error| {
        let line = error.position().map_or(0, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => TableError::Read(error),
            kind => TableError::Line {
                line,
                message: format!("{kind:?}"),
            },
        }
    })
}

fn line(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// The separator, which is what the first line has most of outside of quotes, and the first line itself, without a byte
/// order mark.
fn first_line(file: &mut impl BufRead) -> Result<(u8, Vec<u8>), TableError> {
    /// Bytes that the names of all columns may have.
    const MOST: u64 = 16 << 20;
    let mut start = Vec::new();
    let mut limited = file.by_ref().take(MOST);
    limited
        .read_until(b'\n', &mut start)
        .map_err(TableError::Read)?;
    if start.starts_with(MARK) {
        start.drain(..MARK.len());
    }
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for &byte in &start {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(byte == *separator && !quoted);
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    Ok((most.map_or(b',', |(separator, _)| *separator), start))
}
