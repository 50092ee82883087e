//! `Whole`: a checkpoint whose bytes are those that were written, read in two steps: its settings, then the rest.

use smidgen_core::crc::Crc32;

use super::super::trainer::Snapshot;
use super::error::CheckpointError;
use super::reader::Reader;
use super::state::{Checkpoint, MAGIC, Settings, VERSION};

/// A checkpoint whose magic, version and checksum are right.
#[derive(Clone, Debug)]
pub struct Whole<'a> {
    settings: Settings,
    rest: Reader<'a>,
}

impl<'a> Whole<'a> {
    /// Checks a file and reads the settings.
    ///
    /// # Errors
    ///
    /// Every [`CheckpointError`] but [`CheckpointError::Model`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CheckpointError> {
        let mut reader = Reader(bytes);
        if reader.array() != Ok(MAGIC) {
            return Err(CheckpointError::Magic);
        }
        let found = u16::from_le_bytes(reader.array()?);
        if found != VERSION {
            return Err(CheckpointError::Version { found });
        }
        let (content, checksum) = bytes.split_last_chunk().ok_or(CheckpointError::Length)?;
        let found = u32::from_le_bytes(*checksum);
        let expected = Crc32::START.with(content).value();
        if expected != found {
            return Err(CheckpointError::Checksum { expected, found });
        }
        reader.0 = reader
            .0
            .get(..reader.0.len().saturating_sub(4))
            .unwrap_or_default();
        let settings = lines(reader.block()?).ok_or(CheckpointError::Value { what: "settings" })?;
        Ok(Self {
            settings,
            rest: reader,
        })
    }

    /// The settings of the training, in the order in which they were written.
    #[must_use]
    pub fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    /// The rest, for a network of the given sizes.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] if the rest is that of other sizes or was not written by [`encode`](super::encode).
    pub fn decode(&self, sizes: &[usize]) -> Result<Checkpoint, CheckpointError> {
        let mut reader = self.rest.clone();
        let (epochs, ended) = (reader.count("epochs")?, reader.flag()?);
        let rng = reader.generator()?;
        let progress = reader.progress()?;
        let parameters = reader.parameters(sizes)?;
        let velocity = reader
            .flag()?
            .then(|| reader.parameters(sizes))
            .transpose()?;
        let kept = reader.flag()?.then(|| reader.kept(sizes)).transpose()?;
        let count = u32::from_le_bytes(reader.array()?);
        let history = (0..count).map(|_| reader.point());
        let checkpoint = Checkpoint {
            epochs,
            ended,
            snapshot: Snapshot {
                parameters,
                velocity,
                rng,
            },
            progress,
            kept,
            history: history.collect::<Result<_, _>>()?,
        };
        if reader.0.is_empty() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Length)
        }
    }
}

/// The settings in their lines.
fn lines(text: &[u8]) -> Option<Settings> {
    let text = str::from_utf8(text).ok()?;
    let line = |line: &str| {
        let (name, value) = line.strip_suffix('\n')?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    text.split_inclusive('\n').map(line).collect()
}
