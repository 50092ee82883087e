//! The model file: the same bits after a round trip, every damage refused, every named error reached.

use proptest::prelude::*;
use smidgen_core::crc::Crc32;
use smidgen_core::model::{self, ELEMENT_F32, Header};
use smidgen_core::{Model, ModelError, Network, network};
use smidgen_tests::layers::bits;
use smidgen_tests::random;

/// A network whose file is small enough to try every change of every byte.
type Small = network![3, 2, 1];

const NOTE: &str = "tested, η = 3";

/// Where things stand in the file of a [`Small`].
const VERSION: usize = 4;
const ELEMENT: usize = 6;
const DEPTH: usize = 7;
const SIZES: usize = 8;
const NOTE_LENGTH: usize = SIZES + 4 * 3;
const NOTE_START: usize = NOTE_LENGTH + 4;
const PARAMETERS: usize = NOTE_START + NOTE.len();

fn encoded<N: Network<I, O>, const I: usize, const O: usize>(network: &N) -> Vec<u8> {
    let mut file = Vec::new();
    model::encode(network, NOTE, |bytes| file.extend_from_slice(bytes));
    file
}

fn small_file() -> Vec<u8> {
    encoded(&*random::network::<Small, 3, 1>(1))
}

fn decode(file: &[u8]) -> Result<(), ModelError> {
    model::decode(file, &mut *bytemuck::zeroed_box::<Small>())
}

/// A copy with other bytes at a position, and with the checksum that belongs to them.
fn forged(position: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = small_file();
    file[position..position + bytes.len()].copy_from_slice(bytes);
    signed(file)
}

fn signed(mut file: Vec<u8>) -> Vec<u8> {
    if let Some(end) = file.len().checked_sub(4) {
        let crc = crc32fast::hash(&file[..end]);
        file[end..].copy_from_slice(&crc.to_le_bytes());
    }
    file
}

#[track_caller]
fn expect_round_trip<N: Network<I, O>, const I: usize, const O: usize>() {
    let network = random::network::<N, I, O>(2);
    let file = encoded(&*network);
    let mut copy = bytemuck::zeroed_box::<N>();
    assert_eq!(model::decode(&file, &mut *copy), Ok(()));
    let values = |network: &N| {
        let mut values = Vec::new();
        network.for_each_parameter(|value| values.push(value));
        bits(&values)
    };
    assert_eq!(values(&network), values(&copy));
    assert_eq!(encoded(&*copy), file);
    let header = Header::parse(&file).unwrap();
    assert_eq!(header.note(), NOTE);
    assert_eq!(header.depth(), N::LAYERS + 1);
    let mut sizes = vec![I];
    N::for_each_size(|size| sizes.push(size));
    assert_eq!(header.sizes().collect::<Vec<_>>(), sizes);
    assert_eq!(file.len(), header.parameters() + 4 * N::PARAMETERS + 4);
}

#[test]
fn a_round_trip_keeps_every_bit() {
    expect_round_trip::<Small, 3, 1>();
    expect_round_trip::<network![5, 4], 5, 4>();
    expect_round_trip::<network![784, 30, 10], 784, 10>();
    expect_round_trip::<network![784, 100, 30, 10], 784, 10>();
}

/// As a reader in another language would, by the table in core/src/model/mod.rs.
#[test]
fn the_file_is_laid_out_as_documented() {
    let mut network = bytemuck::zeroed_box::<Small>();
    for (k, row) in network.layer.weights.iter_mut().enumerate() {
        for (j, weight) in row.iter_mut().enumerate() {
            *weight = (10 * j + k) as f32;
        }
    }
    network.layer.biases.0 = [20.0, 21.0];
    network.rest.weights[0].0 = [30.0];
    network.rest.weights[1].0 = [31.0];
    network.rest.biases.0 = [40.0];
    let mut expected = b"SMID\x01\0\x01\x03\x03\0\0\0\x02\0\0\0\x01\0\0\0".to_vec();
    expected.extend((NOTE.len() as u32).to_le_bytes());
    expected.extend(NOTE.as_bytes());
    let book_order = [
        0.0_f32, 1.0, 2.0, 10.0, 11.0, 12.0, 20.0, 21.0, 30.0, 31.0, 40.0,
    ];
    expected.extend(book_order.iter().flat_map(|value| value.to_le_bytes()));
    expected.extend(crc32fast::hash(&expected).to_le_bytes());
    assert_eq!(encoded(&*network), expected);
}

#[test]
fn encode_gives_the_checksum_it_writes() {
    let network = random::network::<Small, 3, 1>(1);
    let mut file = Vec::new();
    let crc32 = model::encode(&*network, NOTE, |bytes| file.extend_from_slice(bytes));
    assert_eq!(file[file.len() - 4..], crc32.to_le_bytes());
    let header = Header::parse(&file).unwrap();
    assert_eq!(header.crc32(), crc32);
    let model = Model::new(network.layer.clone(), &header);
    assert_eq!(model.crc32(), crc32);
}

#[test]
fn verify_finds_a_changed_weight() {
    let file = small_file();
    let header = Header::parse(&file).unwrap();
    let mut network = *random::network::<Small, 3, 1>(1);
    assert_eq!(Model::new(network.clone(), &header).verify(), Ok(()));
    let weight = &mut network.rest.weights[1].0[0];
    *weight = f32::from_bits(weight.to_bits() ^ 1);
    let found = Model::new(network, &header).verify();
    assert!(matches!(found, Err(ModelError::Checksum { .. })));
}

#[test]
fn every_change_of_a_single_byte_is_refused() {
    let file = small_file();
    assert_eq!(decode(&file), Ok(()));
    for position in 0..file.len() {
        for change in 1..=255 {
            let mut file = file.clone();
            file[position] ^= change;
            assert!(decode(&file).is_err(), "byte {position} ^ {change}");
        }
    }
}

#[test]
fn every_truncation_and_a_byte_more_are_refused() {
    let mut file = small_file();
    for length in 0..file.len() {
        let error = decode(&file[..length]).unwrap_err();
        assert!(
            matches!(
                error,
                ModelError::Truncated { .. } | ModelError::Length { .. }
            ),
            "{length} bytes: {error}"
        );
    }
    let length = file.len();
    file.push(0);
    let (expected, found) = (length, length + 1);
    assert_eq!(decode(&file), Err(ModelError::Length { expected, found }));
}

#[test]
fn an_empty_file_is_truncated() {
    let (expected, found) = (8, 0);
    assert_eq!(decode(&[]), Err(ModelError::Truncated { expected, found }));
}

#[test]
fn a_wrong_magic() {
    let found = *b"PNG!";
    assert_eq!(decode(&forged(0, &found)), Err(ModelError::Magic { found }));
}

#[test]
fn another_version() {
    let (expected, found) = (model::VERSION, 3);
    let file = forged(VERSION, &[3, 0]);
    assert_eq!(decode(&file), Err(ModelError::Version { expected, found }));
}

#[test]
fn another_kind_of_element() {
    let (expected, found) = (model::ELEMENT_F32, 9);
    let file = forged(ELEMENT, &[9]);
    assert_eq!(decode(&file), Err(ModelError::Element { expected, found }));
}

#[test]
fn impossible_sizes() {
    for depth in [0, 1] {
        assert_eq!(decode(&forged(DEPTH, &[depth])), Err(ModelError::Sizes));
    }
    let zero = forged(SIZES + 4, &0_u32.to_le_bytes());
    assert_eq!(decode(&zero), Err(ModelError::Sizes));
    let huge = forged(SIZES, &[0xff; 12]);
    assert!(decode(&huge).is_err());
}

#[test]
fn another_depth() {
    let file = encoded(&*random::network::<network![3, 1], 3, 1>(1));
    let (expected, found) = (3, 2);
    assert_eq!(decode(&file), Err(ModelError::Depth { expected, found }));
    let header = Header::parse(&file).unwrap();
    let error = header.expect(ELEMENT_F32, &[3, 2, 1]).unwrap_err();
    assert_eq!(error, ModelError::Depth { expected, found });
}

#[test]
fn another_shape() {
    let file = encoded(&*random::network::<network![3, 4, 1], 3, 1>(1));
    let error = ModelError::Shape {
        position: 1,
        expected: 2,
        found: 4,
    };
    assert_eq!(decode(&file), Err(error));
    let header = Header::parse(&file).unwrap();
    assert_eq!(header.expect(ELEMENT_F32, &[3, 2, 1]), Err(error));
    assert_eq!(header.expect(ELEMENT_F32, &[3, 4, 1]), Ok(()));
}

#[test]
fn a_note_longer_than_the_file() {
    let file = forged(NOTE_LENGTH, &1000_u32.to_le_bytes());
    let error = decode(&file).unwrap_err();
    assert!(matches!(error, ModelError::Length { .. }), "{error}");
    let error = decode(&forged(NOTE_LENGTH, &[0xff; 4])).unwrap_err();
    assert!(
        matches!(error, ModelError::Length { .. } | ModelError::Sizes),
        "{error}"
    );
}

#[test]
fn a_wrong_checksum() {
    let mut file = small_file();
    let end = file.len() - 4;
    let expected = u32::from_le_bytes(file[end..].try_into().unwrap());
    file[end] ^= 1;
    let found = expected ^ 1;
    let error = ModelError::Checksum { expected, found };
    assert_eq!(decode(&file), Err(error));
}

#[test]
fn a_note_that_is_not_utf_8() {
    let file = forged(NOTE_START, &[0xff]);
    assert_eq!(decode(&file), Err(ModelError::Note));
}

#[test]
fn a_weight_or_a_bias_that_is_not_finite() {
    let count = <Small as Network<3, 1>>::PARAMETERS;
    for value in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for n in 0..count {
            let position = PARAMETERS + 4 * n;
            let file = forged(position, &value.to_le_bytes());
            assert_eq!(decode(&file), Err(ModelError::NotFinite { position }));
        }
    }
}

#[test]
fn the_message_of_an_error_starts_with_its_words_and_ends_with_its_numbers() {
    let error = ModelError::Shape {
        position: 1,
        expected: 2,
        found: 4,
    };
    let text = error.to_string();
    assert!(text.starts_with(error.message()), "{text}");
    assert!(text.ends_with("size 1: 2 expected, 4 found"), "{text}");
    assert!(!text.contains('\n'));
}

proptest! {
    #[test]
    fn any_bytes_give_a_header_or_a_named_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let _: Result<Header, ModelError> = Header::parse(&bytes);
        prop_assert!(decode(&bytes).is_err());
    }

    /// Random bytes behind a true beginning get past the first checks.
    #[test]
    fn any_bytes_after_the_fixed_part_give_a_header_or_a_named_error(
        depth in 0_u8..6,
        sizes in proptest::collection::vec(prop_oneof![0_u32..4, any::<u32>()], 0..6),
        rest in proptest::collection::vec(any::<u8>(), 0..100),
        note_length in prop_oneof![0_u32..100, any::<u32>()],
    ) {
        let mut file = b"SMID\x01\0\x01".to_vec();
        file.push(depth);
        file.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
        file.extend(note_length.to_le_bytes());
        file.extend(rest);
        let file = signed(file);
        if let Ok(header) = Header::parse(&file) {
            prop_assert_eq!(header.sizes().count(), header.depth());
            prop_assert!(header.parameters() <= file.len());
        }
        let _: Result<(), ModelError> = decode(&file);
    }

    /// A checksum that fits lets the damage through to the checks behind it.
    #[test]
    fn a_damaged_file_with_a_true_checksum_gives_a_finite_network_or_a_named_error(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut file = small_file();
        for (position, value) in changes {
            let position = position.index(file.len());
            file[position] = value;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        let file = signed(file);
        let mut network = bytemuck::zeroed_box::<Small>();
        if model::decode(&file, &mut *network).is_ok() {
            prop_assert!(network.is_finite());
        }
    }

    #[test]
    fn the_checksum_is_crc_32(
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        cut in any::<prop::sample::Index>(),
    ) {
        let (front, back) = bytes.split_at(cut.index(bytes.len() + 1));
        let found = Crc32::START.with(front).with(back).value();
        prop_assert_eq!(found, crc32fast::hash(&bytes));
    }
}
