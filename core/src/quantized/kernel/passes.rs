//! The weighted inputs of a layer on every processor that has no DSP instructions: pairs of inputs are listed, and each full
//! list is added in one pass for every six neurons.

use super::listed::add_pairs;
use super::pair::Pair;
use crate::kernels::rolled::{keep_rolled, opaque};
use crate::quantized::layout::LANES;
use crate::quantized::layout::{Parts, Sums, Words, odd};
use crate::quantized::scale::Scale;

/// The weighted inputs of a layer's neurons, six of them together.
///
/// | argument      | shape         | meaning                                              |
/// |---------------|---------------|------------------------------------------------------|
/// | `skips_zeros` |               | whether pairs of zeros are left out                  |
/// | `input`       | `[PAIRS / 4]` | bytes, with zeros after the last; else nothing is done |
/// | `z`           | `[PASSES]`    | must be empty                                        |
#[inline(always)]
pub fn weighted_inputs<const PAIRS: usize, const PASSES: usize>(
    skips_zeros: bool,
    layer: &Parts<PAIRS, PASSES>,
    input: &[[u8; 8]],
    z: &mut heapless::Vec<Sums, PASSES>,
) {
    if 4 * input.len() != PAIRS {
        return;
    }
    for start in opaque(&layer.starts[..]) {
        keep_rolled();
        let _ = z.push(*start);
    }
    add(
        skips_zeros,
        opaque(layer.weights.as_flattened()),
        opaque(input),
        z,
    );
    finish(z, &layer.scales);
}

/// From the sums of a layer to its weighted inputs, in place.
#[cfg_attr(target_os = "none", inline(never))]
fn finish(sums: &mut [Sums], scales: &[[Scale; LANES]]) {
    let (sums, scales) = (sums.as_flattened_mut(), scales.as_flattened());
    let mut even = 0;
    for (j, (sum, scale)) in sums.iter_mut().zip(scales).enumerate() {
        keep_rolled();
        let raw = *sum;
        *sum = scale.apply(if j % 2 == 0 { raw } else { odd(even, raw) });
        even = raw;
    }
}

/// Adds the products of inputs and weights to the sums of all passes.
#[cfg_attr(target_os = "none", inline(never))]
fn add(skips_zeros: bool, weights: &[Words], input: &[[u8; 8]], sums: &mut [Sums]) {
    let pairs = 4 * input.len();
    let mut list = List::new();
    let mut index = 0;
    for four in input.as_flattened().as_chunks::<4>().0 {
        let four = u32::from_le_bytes(*four);
        if four != 0 || !skips_zeros {
            list_pairs(skips_zeros, four, index, &mut list);
            if list.len() > LISTED - 2 {
                flush(weights, pairs, &list, sums);
                list.clear();
            }
        }
        index += 2;
    }
    flush(weights, pairs, &list, sums);
}

/// Pairs that are listed before they are added.
const LISTED: usize = 32;

/// Pairs that wait to be added.
type List = heapless::Vec<Pair, LISTED>;

/// Lists the pairs among four inputs; there is room for two.
#[inline(always)]
fn list_pairs(skips_zeros: bool, four: u32, index: usize, list: &mut List) {
    for (bytes, index) in [(four & 0xFFFF, index), (four >> 16, index + 1)] {
        if bytes != 0 || !skips_zeros {
            let inputs = (bytes & 0xFF) | (bytes & 0xFF00) << 8;
            let _ = list.push(Pair { inputs, index });
        }
    }
}

/// Adds listed pairs to the sums of all passes.
#[cfg_attr(target_os = "none", inline(never))]
fn flush(weights: &[Words], pairs: usize, list: &[Pair], sums: &mut [Sums]) {
    let mut rest = weights;
    for sums in sums {
        keep_rolled();
        add_pairs(list, rest, sums);
        rest = rest.get(pairs..).unwrap_or_default();
    }
}
