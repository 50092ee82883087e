//! The network of 16-bit weights against its oracle, the float network with the decoded numbers, bit for bit; its file; and
//! every fault of it.

use rand_core::Rng;
use smidgen_core::model::{self, ELEMENT_F16, ELEMENT_F32, Header};
use smidgen_core::{
    Half, HalfNetwork, ModelError, Network, Scaling, Stored, half_network, network,
};
use smidgen_tests::random::{self, below};

/// Numbers of every kind: mostly of the size of weights, some large, some subnormal, some zeros of either sign.
fn number(rng: &mut impl Rng) -> Half {
    let bits = match below(rng, 8) {
        0 => below(rng, 0x400) as u16,
        1 => below(rng, 0x7C00) as u16,
        2 => 0,
        _ => 0x2800 + below(rng, 0x1800) as u16,
    };
    let sign = (below(rng, 2) as u16) << 15;
    Half::from_bits(bits | sign).unwrap()
}

/// As many numbers as the sizes ask for, as bytes of the file's two kinds of float.
fn numbers(sizes: &[usize], rng: &mut impl Rng) -> [Vec<u8>; 2] {
    let pairs = sizes.windows(2);
    let count = pairs.map(|pair| (pair[0] + 1) * pair[1]).sum();
    let halves: Vec<Half> = (0..count).map(|_| number(rng)).collect();
    let bytes = halves.iter().flat_map(|half| half.to_bits().to_le_bytes());
    let decoded = halves.iter().flat_map(|half| half.to_f32().to_le_bytes());
    [bytes.collect(), decoded.collect()]
}

fn bits<const N: usize>(row: &[f32; N]) -> [u32; N] {
    row.map(f32::to_bits)
}

fn equals_the_oracle<H, F, const I: usize, const O: usize>(sizes: &[usize], seed: u64)
where
    H: HalfNetwork<I, O>,
    F: Network<I, O>,
{
    let mut rng = random::rng(seed);
    let (mut half, mut float) = (bytemuck::zeroed_box::<H>(), bytemuck::zeroed_box::<F>());
    for _ in 0..10 {
        let [bytes, decoded] = numbers(sizes, &mut rng);
        assert_eq!(half.read_parameters(&bytes, 0), Ok(bytes.len()));
        float.read_parameters(&decoded, 0).unwrap();
        let mut written = Vec::new();
        half.for_each_part(|part| written.extend_from_slice(part));
        assert!(written == bytes, "{sizes:?}");
        for _ in 0..10 {
            let image: [u8; I] = random::pixels(&mut rng);
            let expected = bits(&float.feedforward(&image));
            assert_eq!(bits(&half.feedforward(&image)), expected, "{sizes:?}");
            let readings = image.map(|pixel| f32::from(pixel) / 64.0 - 1.0);
            let expected = bits(&float.feedforward(&readings));
            assert_eq!(bits(&half.feedforward(&readings)), expected, "{sizes:?}");
        }
        let blank = [0_u8; I];
        assert_eq!(
            bits(&half.feedforward(&blank)),
            bits(&float.feedforward(&blank))
        );
    }
}

/// Odd and even sizes, and more than the 20 sums of a walk on Arm's floating-point unit.
#[test]
fn every_output_has_the_bits_of_the_decoded_network() {
    equals_the_oracle::<half_network![784, 30, 10], network![784, 30, 10], 784, 10>(
        &[784, 30, 10],
        1,
    );
    equals_the_oracle::<half_network![24, 12, 4], network![24, 12, 4], 24, 4>(&[24, 12, 4], 2);
    equals_the_oracle::<half_network![7, 6, 9, 8, 2], network![7, 6, 9, 8, 2], 7, 2>(
        &[7, 6, 9, 8, 2],
        3,
    );
    equals_the_oracle::<half_network![13, 41, 3], network![13, 41, 3], 13, 3>(&[13, 41, 3], 4);
    equals_the_oracle::<half_network![1, 1], network![1, 1], 1, 1>(&[1, 1], 5);
}

#[test]
fn readings_are_scaled_as_those_of_the_float_network() {
    use smidgen_core::{Inference, Output};
    let mut rng = random::rng(6);
    let [bytes, decoded] = numbers(&[3, 5, 2], &mut rng);
    let mut half = <half_network![3, 5, 2]>::ZERO;
    let mut float = <network![3, 5, 2]>::ZERO;
    half.read_parameters(&bytes, 0).unwrap();
    float.read_parameters(&decoded, 0).unwrap();
    let scaling = Scaling::new([-1.0, 0.0, 20.0], [0.5, 0.125, 0.1]).unwrap();
    for readings in [[0.0, 3.0, 25.0], [-7.0, 8.0, 20.5], [0.9, 0.0, 1e9]] {
        let outputs = [
            half.infer_readings(&scaling, &readings),
            float.infer_readings(&scaling, &readings),
        ];
        assert_eq!(outputs[0].unwrap().bits(), outputs[1].unwrap().bits());
        assert!(half.infer_readings(&scaling, &[f32::NAN; 3]).is_err());
    }
}

type Small = half_network![5, 3, 2];

/// A whole model file.
fn small_model() -> Vec<u8> {
    let [bytes, _] = numbers(&[5, 3, 2], &mut random::rng(9));
    let mut network = Small::ZERO;
    network.read_parameters(&bytes, 0).unwrap();
    encoded(&network)
}

fn encoded(network: &impl Stored) -> Vec<u8> {
    let mut file = Vec::new();
    model::encode(network, "a note", |part| file.extend_from_slice(part));
    file
}

#[test]
fn what_is_written_is_read() {
    let file = small_model();
    let header = Header::parse(&file).unwrap();
    assert_eq!(header.element(), ELEMENT_F16);
    assert_eq!(file.len(), header.parameters() + 2 * (6 * 3 + 4 * 2) + 4);
    let mut network = Small::ZERO;
    assert_eq!(model::decode(&file, &mut network), Ok(()));
    assert!(encoded(&network) == file);
}

#[test]
fn what_is_not_finite_is_refused_where_it_stands() {
    let start = Header::parse(&small_model()).unwrap().parameters();
    for (number, bits) in [(0, 0x7C00_u16), (17, 0xFC00), (25, 0x7E01)] {
        let mut file = small_model();
        let position = start + 2 * number;
        file[position..position + 2].copy_from_slice(&bits.to_le_bytes());
        let end = file.len() - 4;
        let (content, checksum) = file.split_at_mut(end);
        checksum.copy_from_slice(&crc32fast::hash(content).to_le_bytes());
        let not_finite = ModelError::NotFinite { position };
        assert_eq!(model::decode(&file, &mut { Small::ZERO }), Err(not_finite));
        assert_eq!(
            smidgen::network::ModelFile::parse(file).unwrap_err(),
            not_finite
        );
    }
}

#[test]
fn every_changed_byte_and_every_other_kind_is_refused() {
    let file = small_model();
    let mut network = Small::ZERO;
    for position in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[position] ^= 1 << bit;
            assert!(
                model::decode(&changed, &mut network).is_err(),
                "{position} {bit}"
            );
        }
    }
    let other = encoded(&<network![5, 3, 2]>::ZERO);
    let (expected, found) = (ELEMENT_F16, ELEMENT_F32);
    assert_eq!(
        model::decode(&other, &mut network),
        Err(ModelError::Element { expected, found })
    );
    let (expected, found) = (ELEMENT_F32, ELEMENT_F16);
    let error = model::decode(&file, &mut *bytemuck::zeroed_box::<network![5, 3, 2]>());
    assert_eq!(error, Err(ModelError::Element { expected, found }));
}
