//! `Rows`: readings as they were measured, and their classes.

use crc32fast::Hasher;

/// Readings whose bytes are added to a checksum together.
const ROWS: usize = 1024;

/// Rows of readings and the class of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Readings in a row.
    inputs: usize,
    values: Vec<f32>,
    labels: Vec<u8>,
}

impl Rows {
    /// No rows yet, with room for `count`.
    #[must_use]
    pub fn with_capacity(inputs: usize, count: usize) -> Self {
        Self {
            inputs,
            values: Vec::with_capacity(inputs * count),
            labels: Vec::with_capacity(count),
        }
    }

    /// Adds a row and its class.
    pub fn push(&mut self, row: &[f32], label: u8) {
        self.values.extend_from_slice(row);
        self.labels.push(label);
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Readings in a row.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Row `i`; nothing if there is no such row.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f32] {
        let start = i.saturating_mul(self.inputs);
        let row = self.values.get(start..start.saturating_add(self.inputs));
        row.unwrap_or_default()
    }

    /// All readings, row after row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The class of every row.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// All readings and classes, given away.
    #[must_use]
    pub fn into_parts(self) -> (Vec<f32>, Vec<u8>) {
        (self.values, self.labels)
    }

    /// The readings of one column, from the first row on.
    pub fn column(&self, k: usize) -> impl Iterator<Item = f32> {
        let values = self.values.get(k..).unwrap_or_default();
        values.iter().step_by(self.inputs.max(1)).copied()
    }

    /// A CRC-32 of all readings and classes in their order, to tell one set from another.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        let mut crc = Hasher::new();
        crc.update(&self.labels);
        for row in self.values.chunks(ROWS) {
            let bytes: Vec<u8> = row.iter().flat_map(|value| value.to_le_bytes()).collect();
            crc.update(&bytes);
        }
        crc.finalize()
    }
}
