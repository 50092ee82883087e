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

mod encode;
mod error;
mod reader;
mod state;
mod whole;

pub use encode::encode;
pub use error::CheckpointError;
pub use state::{Checkpoint, Kept, MAGIC, Point, Settings, VERSION};
pub use whole::Whole;

#[cfg(test)]
mod tests {
    use rand_core::{Rng, SeedableRng};
    use rand_xorshift::XorShiftRng;
    use smidgen_core::ModelError;
    use smidgen_core::crc::Crc32;

    use super::super::schedule::Progress;
    use super::super::trainer::Snapshot;
    use super::encode::state;
    use super::reader::Reader;
    use super::*;
    use crate::evaluation::Accuracy;
    use crate::network::{AnyNetwork, Learner};

    const SIZES: [usize; 3] = [784, 10, 10];

    fn checkpoint() -> Checkpoint {
        let mut network = <crate::network![784, 10, 10]>::zero();
        network.layer.weights[700][3] = -0.0;
        network.rest.biases[9] = 1.5;
        let file = network.encode("a note");
        let parameters = network.parameters();
        Checkpoint {
            epochs: 7,
            ended: false,
            snapshot: Snapshot {
                velocity: Some(parameters.clone()),
                parameters,
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
            .and_then(|whole| whole.decode(&SIZES))
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
            let back = whole.decode(&SIZES).unwrap();
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
        assert!(whole.decode(&[784, 15, 10]).is_err());
    }
}
