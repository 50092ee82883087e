//! Core against the oracle in f32, bit for bit: forward, backward, and several hundred mini-batch updates, over
//! several shapes, depths, forms of input and lengths of mini-batch.

use smidgen_core::batch::{Examples, Single};
use smidgen_core::image::intensity;
use smidgen_core::{
    ActivePixel, Backprop, Cost, Input, Network, active_pixels, backprop, learn, network,
    update_mini_batch,
};
use smidgen_tests::layers::{Layers, bits, layer_bits};
use smidgen_tests::random::{self, below};
use smidgen_tests::reference;

/// Examples that one comparison runs over again and again; no multiple of a length of mini-batch but 1.
const EXAMPLES: usize = 53;

const LEARNING_RATE: f32 = 3.0;

/// Labelled inputs of one form, and the same inputs as the oracle takes them.
struct Data<X> {
    inputs: Vec<X>,
    plain: Vec<Vec<f32>>,
    labels: Vec<usize>,
}

impl<const I: usize> Data<[u8; I]> {
    fn pixels(seed: u64, classes: usize) -> Self {
        let mut rng = random::rng(seed);
        let inputs: Vec<_> = (0..EXAMPLES).map(|_| random::pixels(&mut rng)).collect();
        let plain = inputs
            .iter()
            .map(|image: &[u8; I]| image.map(intensity).to_vec());
        Self {
            plain: plain.collect(),
            labels: labels(seed, classes),
            inputs,
        }
    }
}

impl<const I: usize> Data<[f32; I]> {
    fn values(seed: u64, classes: usize) -> Self {
        let mut rng = random::rng(seed);
        let inputs: Vec<_> = (0..EXAMPLES).map(|_| random::values(&mut rng)).collect();
        Self {
            plain: inputs.iter().map(|input| input.to_vec()).collect(),
            labels: labels(seed, classes),
            inputs,
        }
    }
}

fn labels(seed: u64, classes: usize) -> Vec<usize> {
    let mut rng = random::rng(seed + 1);
    (0..EXAMPLES).map(|_| below(&mut rng, classes)).collect()
}

/// A network of core and the oracle's copy of it, which must stay equal.
struct Twins<N> {
    core: Box<N>,
    oracle: reference::Network<f32>,
}

impl<N> Twins<N> {
    fn new<const I: usize, const O: usize>(seed: u64) -> Self
    where
        N: Network<I, O>,
    {
        let core = random::network::<N, I, O>(seed);
        let oracle = reference::Network::of(&*core);
        Self { core, oracle }
    }

    /// One example through both; the bits of all activations and deltas must agree.
    #[track_caller]
    fn backprop<const I: usize, const O: usize>(
        &self,
        input: &(impl Input<I> + ?Sized),
        plain: &[f32],
        label: usize,
    ) -> (Backprop<N::Trace>, reference::Example<f32>)
    where
        N: Network<I, O>,
        N::Trace: Layers,
    {
        let mut found = Backprop::zero();
        backprop(&*self.core, Cost::Quadratic, input, label, &mut found);
        let expected = self.oracle.backprop(plain, label);
        assert_eq!(
            layer_bits(&found.trace.layers()),
            layer_bits(&expected.activations)
        );
        assert_eq!(
            layer_bits(&found.deltas.layers()),
            layer_bits(&expected.deltas)
        );
        (found, expected)
    }

    #[track_caller]
    fn expect_equal<const I: usize, const O: usize>(&self, place: &str)
    where
        N: Network<I, O>,
    {
        let core = reference::Network::<f32>::of(&*self.core).parameters();
        let differ = bits(&core)
            .into_iter()
            .zip(bits(&self.oracle.parameters()))
            .filter(|(core, oracle)| core != oracle)
            .count();
        assert_eq!(differ, 0, "parameters that differ, {place}");
    }
}

/// The mini-batches of `updates` updates: ranges of examples, the last of an epoch as short as it turns out.
fn mini_batches(length: usize, updates: usize) -> impl Iterator<Item = core::ops::Range<usize>> {
    let epoch = (0..EXAMPLES).step_by(length);
    epoch
        .map(move |start| start..EXAMPLES.min(start + length))
        .cycle()
        .take(updates)
}

/// Trains a pair of twins on arrays, and expects the same bits all the way.
fn train_equally<N, X, const I: usize, const O: usize>(
    data: &Data<X>,
    length: usize,
    updates: usize,
) where
    N: Network<I, O>,
    N::Trace: Layers,
    X: Input<I> + smidgen_core::input::Components<I>,
{
    let mut twins = Twins::<N>::new::<I, O>(length as u64);
    for (update, range) in mini_batches(length, updates).enumerate() {
        let inputs = &data.inputs[range.clone()];
        let (found, expected): (Vec<_>, Vec<_>) = range
            .clone()
            .map(|i| twins.backprop(&data.inputs[i], &data.plain[i], data.labels[i]))
            .unzip();
        let columns = Examples::new(inputs.len(), |i| inputs.get(i));
        update_mini_batch(&mut *twins.core, &columns, &found, LEARNING_RATE);
        twins
            .oracle
            .update_mini_batch(&data.plain[range], &expected, LEARNING_RATE);
        twins.expect_equal(&format!("mini-batches of {length}, update {update}"));
    }
}

/// Bytes in mini-batches of 1, 3, 10 and 17.
fn expect_the_oracles_bits<N, const I: usize, const O: usize>(updates: usize)
where
    N: Network<I, O>,
    N::Trace: Layers,
{
    let pixels = Data::<[u8; I]>::pixels(7, O);
    for length in [1, 3, 10, 17] {
        train_equally::<N, _, I, O>(&pixels, length, updates / length + 6);
    }
}

/// All forms of input, and learning in place.
fn expect_the_oracles_bits_in_every_form<N, const I: usize, const O: usize>(updates: usize)
where
    N: Network<I, O>,
    N::Trace: Layers,
{
    expect_the_oracles_bits::<N, I, O>(updates);
    let values = Data::<[f32; I]>::values(8, O);
    for length in [1, 3, 10, 17] {
        train_equally::<N, _, I, O>(&values, length, updates / length + 6);
    }
    let pixels = Data::<[u8; I]>::pixels(9, O);
    every_form_of_a_pixel_gives_the_same_bits::<N, I, O>(&pixels);
    learning_in_place_is_a_mini_batch_of_one::<N, I, O>(&pixels, updates.min(100));
}

/// Bytes, active pixels and plain floats.
fn every_form_of_a_pixel_gives_the_same_bits<N, const I: usize, const O: usize>(
    data: &Data<[u8; I]>,
) where
    N: Network<I, O>,
    N::Trace: Layers,
{
    let twins = Twins::<N>::new::<I, O>(99);
    for (i, image) in data.inputs.iter().enumerate() {
        let active: Vec<ActivePixel> = active_pixels(image).collect();
        let plain: [f32; I] = image.map(intensity);
        twins.backprop(image, &plain, data.labels[i]);
        twins.backprop(active.as_slice(), &plain, data.labels[i]);
        twins.backprop(&plain, &plain, data.labels[i]);
        let output = twins.oracle.forward(&plain).activations.pop().unwrap();
        assert_eq!(bits(&twins.core.feedforward(image).0), bits(&output));
    }
}

/// `learn`, and the update of a [`Single`], against the oracle's mini-batch of one.
fn learning_in_place_is_a_mini_batch_of_one<N, const I: usize, const O: usize>(
    data: &Data<[u8; I]>,
    updates: usize,
) where
    N: Network<I, O>,
    N::Trace: Layers,
{
    let mut learning = Twins::<N>::new::<I, O>(3);
    let mut updating = random::network::<N, I, O>(3);
    let mut scratch = Backprop::zero();
    for i in (0..EXAMPLES).cycle().take(updates) {
        let (image, plain, label) = (&data.inputs[i], &data.plain[i], data.labels[i]);
        let active: Vec<ActivePixel> = active_pixels(image).collect();
        let example = learning.oracle.backprop(plain, label);
        learning
            .oracle
            .update_mini_batch(std::slice::from_ref(plain), &[example], LEARNING_RATE);
        learn(
            &mut *learning.core,
            Cost::Quadratic,
            active.as_slice(),
            label,
            LEARNING_RATE,
            &mut scratch,
        );
        learning.expect_equal("learned in place");
        let mut found = Backprop::zero();
        backprop(&*updating, Cost::Quadratic, image, label, &mut found);
        update_mini_batch(&mut *updating, &Single(image), &[found], LEARNING_RATE);
    }
    let updating = Twins {
        core: updating,
        oracle: learning.oracle,
    };
    updating.expect_equal("updated with a mini-batch of one");
}

#[test]
fn the_books_network() {
    expect_the_oracles_bits_in_every_form::<network![784, 30, 10], 784, 10>(200);
}

#[test]
fn two_hidden_layers() {
    expect_the_oracles_bits::<network![784, 30, 30, 10], 784, 10>(100);
}

#[test]
fn two_unequal_hidden_layers() {
    expect_the_oracles_bits::<network![784, 100, 30, 10], 784, 10>(20);
}

#[test]
fn rows_shorter_than_a_vector() {
    expect_the_oracles_bits_in_every_form::<network![5, 3, 2], 5, 2>(500);
}

#[test]
fn rows_of_a_vector_and_one_less() {
    expect_the_oracles_bits::<network![9, 8, 7], 9, 7>(500);
}

#[test]
fn rows_one_longer_than_four_vectors() {
    expect_the_oracles_bits_in_every_form::<network![12, 33, 4], 12, 4>(500);
}

#[test]
fn rows_of_many_lengths() {
    expect_the_oracles_bits::<network![3, 15, 17, 65, 1], 3, 1>(60);
}

#[test]
fn a_single_layer() {
    expect_the_oracles_bits::<network![20, 10], 20, 10>(500);
}

/// A network in a zeroed box, a step by reference: nothing of the network's size crosses the stack of a test thread.
#[test]
fn a_large_network_learns_in_a_thread_of_2_mib() {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let handle = thread.spawn(|| {
        let data = Data::<[u8; 784]>::pixels(5, 10);
        train_equally::<network![784, 300, 10], _, 784, 10>(&data, 10, 2);
    });
    handle.unwrap().join().unwrap();
}
