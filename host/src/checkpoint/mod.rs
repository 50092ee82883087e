//! The checkpoint: all that a training needs to go on after an epoch as if it had never stopped.
//!
//! All numbers are little-endian; there is no padding.
//!
//! | bytes   | what                                                                                                |
//! |---------|-----------------------------------------------------------------------------------------------------|
//! | 4       | magic, `SMCK`                                                                                       |
//! | 2       | format version, 1                                                                                   |
//! | 4       | length of the settings in bytes                                                                     |
//! | …       | the settings: UTF-8, for each a line `name=value` with a line feed at its end                       |
//! | 8       | epochs done                                                                                         |
//! | 1       | 1 if early stopping has ended the training, else 0                                                  |
//! | 16      | the state of the generator, x, y, z, w of `rand_xorshift`; not all 0                                |
//! | 8, 8, 4 | epochs without a better validation accuracy; the best, in images, plus 1, or 0 if none; halvings    |
//! | 4 P     | the weights and biases of the network, in the order of the model file ([`smidgen_core::model`])     |
//! | 1, 4 P  | 1 and the velocity of the momentum in the same order, or 0 and nothing                              |
//! | 1, …    | 1, the test images right and all (8, 8), the length (4) and the bytes of the model file that would be saved now; or 0 and nothing |
//! | 4       | n, epochs in the history                                                                            |
//! | 48 n    | for each epoch accuracy in percent and cost (binary64) on training, validation and test images; NaN if unknown |
//! | 4       | CRC-32 of everything before it ([`smidgen_core::crc`])                                              |

use rand_xorshift::XorShiftRng;
use serde::{Deserialize, Serialize};
use smidgen_core::crc::Crc32;
use smidgen_core::{ModelError, Network};

use self::reader::Reader;
use crate::evaluate::Accuracy;
use crate::schedule::Progress;
use crate::train::Snapshot;

mod reader;

/// The first bytes of every checkpoint.
pub const MAGIC: [u8; 4] = *b"SMCK";
/// The version of the format that is read and written.
pub const VERSION: u16 = 1;

/// What is wrong with a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file does not start with [`MAGIC`].
    #[error("not a checkpoint of smidgen: wrong magic")]
    Magic,
    /// Another version of the format.
    #[error("a checkpoint of another format version, {VERSION} expected, {found} found")]
    Version {
        /// The file's.
        found: u16,
    },
    /// The bytes are not those that were written.
    #[error("a damaged checkpoint: wrong checksum {found:08x}, {expected:08x} expected")]
    Checksum {
        /// As computed.
        expected: u32,
        /// As the file says.
        found: u32,
    },
    /// The checksum is right, but the file ends too early or too late for this network.
    #[error("a broken checkpoint: it has the wrong length")]
    Length,
    /// The checksum is right, but a value is none that a training has.
    #[error("a broken checkpoint: impossible {what}")]
    Value {
        /// Which.
        what: &'static str,
    },
    /// The checksum is right, but the network or the model in it is not.
    #[error("a broken checkpoint: {0}")]
    Model(ModelError),
}

/// The model file that would be saved if the training ended now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its bytes.
    pub file: Vec<u8>,
    /// What it gets right of the test images.
    pub accuracy: Accuracy,
}

impl Kept {
    /// The checksum of the model file.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        u32::from_le_bytes(self.file.last_chunk().copied().unwrap_or_default())
    }
}

/// What an epoch came to on training, validation and test images: accuracy in percent, and cost; NaN if unknown.
pub type Point = [[f64; 2]; 3];

/// A training after an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint<N> {
    /// Epochs done.
    pub epochs: usize,
    /// Whether early stopping has ended the training.
    pub ended: bool,
    /// Network, velocity and generator.
    pub snapshot: Snapshot<N>,
    /// What the learning rate and the end depend on.
    pub progress: Progress,
    /// The model that would be saved now.
    pub kept: Option<Kept>,
    /// All epochs so far.
    pub history: Vec<Point>,
}

/// Settings of a training: names and values, none of which has a line feed, and no name an equals sign.
pub type Settings = Vec<(String, String)>;

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

    /// The rest, for a network of the sizes of the training.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] if the rest is that of other sizes or was not written by [`encode`].
    pub fn decode<N: Network<I, O>, const I: usize, const O: usize>(
        &self,
    ) -> Result<Checkpoint<N>, CheckpointError> {
        let mut reader = self.rest.clone();
        let (epochs, ended) = (reader.count("epochs")?, reader.flag()?);
        let rng = reader.generator()?;
        let progress = reader.progress()?;
        let network = reader.network()?;
        let velocity = reader.flag()?.then(|| reader.network()).transpose()?;
        let kept = reader
            .flag()?
            .then(|| reader.kept::<N, I, O>())
            .transpose()?;
        let count = u32::from_le_bytes(reader.array()?);
        let history = (0..count).map(|_| reader.point());
        let checkpoint = Checkpoint {
            epochs,
            ended,
            snapshot: Snapshot {
                network,
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

/// The bytes of a checkpoint of a training with `settings`.
#[must_use]
pub fn encode<N: Network<I, O>, const I: usize, const O: usize>(
    settings: &[(String, String)],
    checkpoint: &Checkpoint<N>,
) -> Vec<u8> {
    let Checkpoint {
        epochs,
        ended,
        snapshot,
        progress,
        kept,
        history,
    } = checkpoint;
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    block(&mut file, lines.collect::<String>().as_bytes());
    file.extend((*epochs as u64).to_le_bytes());
    file.push(u8::from(*ended));
    file.extend(state(&snapshot.rng));
    put_progress(&mut file, progress);
    parameters(&mut file, &*snapshot.network);
    file.push(u8::from(snapshot.velocity.is_some()));
    if let Some(velocity) = &snapshot.velocity {
        parameters(&mut file, &**velocity);
    }
    put_kept(&mut file, kept.as_ref());
    file.extend((history.len() as u32).to_le_bytes());
    file.extend(
        history
            .iter()
            .flatten()
            .flatten()
            .flat_map(|value| value.to_le_bytes()),
    );
    file.extend(Crc32::START.with(&file).value().to_le_bytes());
    file
}

fn put_progress(file: &mut Vec<u8>, progress: &Progress) {
    let best = progress.best.map_or(0, |best| best as u64 + 1);
    file.extend((progress.waited as u64).to_le_bytes());
    file.extend(best.to_le_bytes());
    file.extend(progress.halvings.to_le_bytes());
}

fn put_kept(file: &mut Vec<u8>, kept: Option<&Kept>) {
    file.push(u8::from(kept.is_some()));
    if let Some(kept) = kept {
        file.extend((kept.accuracy.correct as u64).to_le_bytes());
        file.extend((kept.accuracy.total as u64).to_le_bytes());
        block(file, &kept.file);
    }
}

/// Bytes with their length before them; both blocks of a checkpoint are far below 4 GiB.
fn block(file: &mut Vec<u8>, bytes: &[u8]) {
    file.extend((bytes.len() as u32).to_le_bytes());
    file.extend_from_slice(bytes);
}

fn parameters<N: Network<I, O>, const I: usize, const O: usize>(file: &mut Vec<u8>, network: &N) {
    network.for_each_parameter(|parameter| file.extend(parameter.to_le_bytes()));
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

/// The state of the generator, by the names that it has where it is serialised.
#[derive(Deserialize, Serialize)]
struct State {
    x: u32,
    y: u32,
    z: u32,
    w: u32,
}

/// x, y, z, w of a generator, as its seed has them.
fn state(rng: &XorShiftRng) -> [u8; 16] {
    let state = serde_json::to_value(rng).and_then(serde_json::from_value);
    // A unit test sees that the names are these.
    let State { x, y, z, w } = state.unwrap_or(State {
        x: 0,
        y: 0,
        z: 0,
        w: 0,
    });
    bytemuck::cast([x, y, z, w].map(u32::to_le_bytes))
}

#[cfg(test)]
mod tests {
    use rand_core::{Rng, SeedableRng};
    use smidgen_core::{model, network};

    use super::*;

    type Small = network![784, 10, 10];

    fn checkpoint() -> Checkpoint<Small> {
        let mut network = bytemuck::zeroed_box::<Small>();
        network.layer.weights[700][3] = -0.0;
        network.rest.biases[9] = 1.5;
        let mut file = Vec::new();
        model::encode(&*network, "a note", |bytes| file.extend_from_slice(bytes));
        Checkpoint {
            epochs: 7,
            ended: false,
            snapshot: Snapshot {
                velocity: Some(network.clone()),
                network,
                rng: XorShiftRng::seed_from_u64(5),
            },
            progress: Progress {
                waited: 2,
                best: Some(0),
                halvings: 3,
            },
            kept: Some(Kept {
                file,
                accuracy: Accuracy {
                    correct: 9,
                    total: 10,
                },
            }),
            history: vec![[[90.0, 0.5]; 3]; 7],
        }
    }

    fn settings() -> Settings {
        vec![("--seed".into(), "5".into()), ("data".into(), "a=b".into())]
    }

    fn seal(bytes: &mut Vec<u8>) {
        bytes.truncate(bytes.len() - 4);
        bytes.extend(Crc32::START.with(bytes).value().to_le_bytes());
    }

    fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> CheckpointError {
        let mut bytes = encode(&settings(), &checkpoint());
        change(&mut bytes);
        Whole::parse(&bytes)
            .and_then(|whole| whole.decode::<Small, 784, 10>())
            .map(drop)
            .unwrap_err()
    }

    #[test]
    fn everything_comes_back() {
        for (ended, velocity, kept) in [(false, true, true), (true, false, false)] {
            let mut checkpoint = checkpoint();
            checkpoint.ended = ended;
            checkpoint.snapshot.velocity = checkpoint.snapshot.velocity.filter(|_| velocity);
            checkpoint.kept = checkpoint.kept.filter(|_| kept);
            let bytes = encode(&settings(), &checkpoint);
            let whole = Whole::parse(&bytes).unwrap();
            assert_eq!(whole.settings(), settings());
            let back = whole.decode::<Small, 784, 10>().unwrap();
            assert!(back == checkpoint);
            assert!(encode(&settings(), &back) == bytes);
        }
    }

    #[test]
    fn a_generator_goes_on_where_it_was() {
        let mut rng = XorShiftRng::seed_from_u64(3);
        rng.next_u32();
        assert_ne!(state(&rng), [0; 16]);
        let mut other = Reader(&state(&rng)).generator().unwrap();
        assert_eq!(other.next_u64(), rng.next_u64());
    }

    #[test]
    fn every_damage_is_named() {
        let length = encode(&settings(), &checkpoint()).len();
        assert_eq!(refusal(|b| b[0] = 0), CheckpointError::Magic);
        assert_eq!(refusal(Vec::clear), CheckpointError::Magic);
        assert_eq!(refusal(|b| b[4] = 2), CheckpointError::Version { found: 2 });
        for position in [6, 100, length / 2, length - 1] {
            let refusal = refusal(|b| b[position] ^= 1);
            assert!(matches!(refusal, CheckpointError::Checksum { .. }));
        }
        for end in [8, length / 2, length - 1] {
            let refusal = refusal(|b| b.truncate(end));
            assert!(matches!(refusal, CheckpointError::Checksum { .. }));
        }
    }

    #[test]
    fn a_right_checksum_saves_no_broken_checkpoint() {
        let value = |what| CheckpointError::Value { what };
        let sealed = |position: usize, bytes: &'static [u8]| {
            refusal(|file| {
                file[position..position + bytes.len()].copy_from_slice(bytes);
                seal(file);
            })
        };
        // The settings have 18 bytes from position 10 on.
        assert_eq!(sealed(10, b"\xff"), value("settings"));
        assert_eq!(sealed(16, b" "), value("settings"));
        assert_eq!(sealed(36, b"\x02"), value("flag"));
        assert_eq!(sealed(37, &[0; 16]), value("generator"));
        assert_eq!(sealed(69, &[8]), value("halvings"));
        let nan = refusal(|file| {
            file[73..77].copy_from_slice(&f32::NAN.to_le_bytes());
            seal(file);
        });
        assert!(matches!(
            nan,
            CheckpointError::Model(ModelError::NotFinite { .. })
        ));
        let longer = refusal(|file| {
            file.push(0);
            seal(file);
        });
        assert_eq!(longer, CheckpointError::Length);
    }

    #[test]
    fn a_checkpoint_of_another_size_is_refused() {
        let bytes = encode(&settings(), &checkpoint());
        let whole = Whole::parse(&bytes).unwrap();
        assert!(whole.decode::<network![784, 15, 10], 784, 10>().is_err());
    }
}
