//! The integer network against the oracle in plain index loops, bit for bit, on both paths; its file; and every fault of it.

use rand_core::Rng;
use smidgen_core::model::{self, ELEMENT_F32, ELEMENT_I8, Header};
use smidgen_core::quantized::{SUM_LIMIT, Z_BITS};
use smidgen_core::{ModelError, QuantizedNetwork, activation, network, quantized_network};
use smidgen_tests::random::{self, below};

/// A layer as the file has it.
struct Layer {
    inputs: usize,
    weights: Vec<i8>,
    multipliers: Vec<u16>,
    shifts: Vec<u16>,
    biases: Vec<i32>,
}

impl Layer {
    /// Any weights, and scales that give z of both signs up to some ten.
    fn random(rng: &mut impl Rng, inputs: usize, neurons: usize) -> Self {
        let most = 127.min((SUM_LIMIT as usize / 255 - 40) / inputs);
        let weight = |rng: &mut _| below(rng, 2 * most + 1) as i32 - most as i32;
        Self {
            inputs,
            weights: (0..inputs * neurons).map(|_| weight(rng) as i8).collect(),
            multipliers: (0..neurons)
                .map(|_| (32_768 + below(rng, 32_768)) as u16)
                .collect(),
            shifts: (0..neurons).map(|_| (17 + below(rng, 6)) as u16).collect(),
            biases: (0..neurons)
                .map(|_| below(rng, 20_000) as i32 - 10_000)
                .collect(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.weights.iter().map(|w| w.cast_unsigned()).collect();
        for (multiplier, shift) in self.multipliers.iter().zip(&self.shifts) {
            bytes.extend(multiplier.to_le_bytes());
            bytes.extend(shift.to_le_bytes());
        }
        bytes.extend(self.biases.iter().flat_map(|bias| bias.to_le_bytes()));
        bytes
    }

    /// z of every neuron: the formulas of the docs, in wide integers.
    fn weighted_inputs(&self, input: &[u8]) -> Vec<i32> {
        let mut z = Vec::new();
        for j in 0..self.biases.len() {
            let mut sum = i64::from(self.biases[j]);
            for (k, &x) in input.iter().enumerate() {
                sum += i64::from(self.weights[j * self.inputs + k]) * i64::from(x);
            }
            let product = sum * i64::from(self.multipliers[j]);
            z.push(((product + (1 << (self.shifts[j] - 1))) >> self.shifts[j]) as i32);
        }
        z
    }
}

/// 255 σ(z) with z to the nearest 32nd, away from 0 where it lies between.
fn sigmoid(z: i32) -> u8 {
    let steps = (z.unsigned_abs() + 16) >> (Z_BITS - 5);
    let a = match steps {
        0..177 => (255.0 * activation::sigmoid(steps as f32 / 32.0) + 0.5) as u8,
        _ => 255,
    };
    if z < 0 { 255 - a } else { a }
}

fn equals_the_oracle<N, const I: usize, const O: usize>(sizes: &[usize], seed: u64)
where
    N: QuantizedNetwork<I, O> + PartialEq,
{
    let mut rng = random::rng(seed);
    for _ in 0..20 {
        let layers: Vec<Layer> = sizes
            .windows(2)
            .map(|pair| Layer::random(&mut rng, pair[0], pair[1]))
            .collect();
        let bytes: Vec<u8> = layers.iter().flat_map(Layer::bytes).collect();
        let mut network = bytemuck::zeroed_box::<N>();
        assert_eq!(network.read_parameters(&bytes, 0), Ok(bytes.len()));
        let mut written = Vec::new();
        network.for_each_part(|part| written.extend_from_slice(part));
        assert!(written == bytes, "{sizes:?}");
        for _ in 0..10 {
            let image: [u8; I] = random::pixels(&mut rng);
            let mut all = Vec::new();
            let mut input = image.to_vec();
            for layer in &layers {
                let z = layer.weighted_inputs(&input);
                input = z.iter().map(|&z| sigmoid(z)).collect();
                all.extend(z);
            }
            let expected = &all[all.len() - O..];
            assert_eq!(network.feedforward(&image).z, expected, "{sizes:?}");
            assert_eq!(network.feedforward_constant_time(&image).z, expected);
            assert_eq!(network.feedforward(&image).activations(), input[..]);
            let mut observed = Vec::new();
            network.run(smidgen_core::quantized::SkipZeros, &image, |z| {
                observed.push(z);
            });
            assert_eq!(observed, all);
        }
    }
}

/// Sizes that are and are not multiples of two, four, six and eight.
#[test]
fn both_paths_have_the_oracles_bits() {
    equals_the_oracle::<quantized_network![784, 30, 10], 784, 10>(&[784, 30, 10], 1);
    equals_the_oracle::<quantized_network![784, 15, 10], 784, 10>(&[784, 15, 10], 2);
    equals_the_oracle::<quantized_network![784, 30, 30, 10], 784, 10>(&[784, 30, 30, 10], 3);
    equals_the_oracle::<quantized_network![5, 3], 5, 3>(&[5, 3], 4);
    equals_the_oracle::<quantized_network![1, 1], 1, 1>(&[1, 1], 5);
    equals_the_oracle::<quantized_network![7, 6, 9, 8, 2], 7, 2>(&[7, 6, 9, 8, 2], 6);
    equals_the_oracle::<quantized_network![113, 12, 7], 113, 7>(&[113, 12, 7], 7);
}

/// The largest sum that is allowed, of every sign, in neurons that share a word.
#[test]
fn sums_at_their_limit_do_not_overflow() {
    const IN: usize = 258;
    let mut layer = Layer::random(&mut random::rng(8), IN, 4);
    for (j, sign) in [1, -1, 1, -1].into_iter().enumerate() {
        layer.weights[j * IN..(j + 1) * IN].fill(127 * sign);
        let largest = SUM_LIMIT as i32 - 1 - 255 * 127 * IN as i32;
        layer.biases[j] = largest * i32::from(sign);
    }
    let mut network = bytemuck::zeroed_box::<quantized_network![IN, 4]>();
    assert!(network.read(&layer.bytes(), 0).is_ok());
    let z = network.feedforward(&[255; IN]).z;
    assert_eq!(z, layer.weighted_inputs(&[255; IN])[..]);
    let beyond = SUM_LIMIT as i32 - 255 * 127 * IN as i32;
    for bias in [beyond, -beyond, i32::MAX, i32::MIN] {
        layer.biases[2] = bias;
        let position = 4 * IN + 16 + 8;
        assert_eq!(
            network.read(&layer.bytes(), 0),
            Err(ModelError::Overflow { position })
        );
    }
}

type Small = quantized_network![5, 3, 2];

/// A whole model file, and where its numbers start.
fn small_model() -> (Vec<u8>, usize) {
    let mut rng = random::rng(9);
    let mut network = bytemuck::zeroed_box::<Small>();
    let bytes = [
        Layer::random(&mut rng, 5, 3).bytes(),
        Layer::random(&mut rng, 3, 2).bytes(),
    ];
    model_of(&mut network, &bytes.concat())
}

fn model_of(network: &mut Small, bytes: &[u8]) -> (Vec<u8>, usize) {
    use smidgen_core::Stored;
    network.read_parameters(bytes, 0).unwrap();
    let mut file = Vec::new();
    model::encode(&*network, "a note", |part| file.extend_from_slice(part));
    let start = Header::parse(&file).unwrap().parameters();
    (file, start)
}

fn refusal(change: impl FnOnce(&mut [u8], usize)) -> ModelError {
    let (mut file, start) = small_model();
    change(&mut file, start);
    let end = file.len() - 4;
    let (content, checksum) = file.split_at_mut(end);
    checksum.copy_from_slice(&crc32fast::hash(content).to_le_bytes());
    model::decode(&file, &mut *bytemuck::zeroed_box::<Small>()).unwrap_err()
}

#[test]
fn what_is_written_is_read() {
    let (file, _) = small_model();
    assert_eq!(Header::parse(&file).unwrap().element(), ELEMENT_I8);
    let mut network = bytemuck::zeroed_box::<Small>();
    assert_eq!(model::decode(&file, &mut *network), Ok(()));
    let mut again = Vec::new();
    model::encode(&*network, "a note", |part| again.extend_from_slice(part));
    assert!(file == again);
}

#[test]
fn what_may_not_be_is_refused_by_name() {
    // Layer 1: 15 weights, then multiplier and shift of 3 neurons, then 3 biases.
    let weight = |position| ModelError::Weight { position };
    let scale = |position| ModelError::Scale { position };
    let (_, start) = small_model();
    assert_eq!(
        refusal(|file, start| file[start + 7] = 0x80),
        weight(start + 7)
    );
    assert_eq!(
        refusal(|file, start| file[start + 20] = 0x7F),
        scale(start + 19)
    );
    for shift in [0, 12, 43, 255] {
        assert_eq!(
            refusal(|file, start| file[start + 17] = shift),
            scale(start + 15)
        );
    }
    let overflow = refusal(|file, start| file[start + 29] = 0x40);
    assert_eq!(
        overflow,
        ModelError::Overflow {
            position: start + 27
        }
    );
}

#[test]
fn every_changed_byte_is_refused() {
    let (file, _) = small_model();
    let mut network = bytemuck::zeroed_box::<Small>();
    for position in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[position] ^= 1 << bit;
            assert!(
                model::decode(&changed, &mut *network).is_err(),
                "{position} {bit}"
            );
        }
    }
}

#[test]
fn a_model_of_the_other_kind_is_refused() {
    let float = bytemuck::zeroed_box::<network![5, 3, 2]>();
    let mut file = Vec::new();
    model::encode(&*float, "", |part| file.extend_from_slice(part));
    let error = model::decode(&file, &mut *bytemuck::zeroed_box::<Small>());
    let (expected, found) = (ELEMENT_I8, ELEMENT_F32);
    assert_eq!(error, Err(ModelError::Element { expected, found }));
    let (file, _) = small_model();
    let error = model::decode(&file, &mut *bytemuck::zeroed_box::<network![5, 3, 2]>());
    let (expected, found) = (ELEMENT_F32, ELEMENT_I8);
    assert_eq!(error, Err(ModelError::Element { expected, found }));
}
