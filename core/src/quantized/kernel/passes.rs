//! The weighted inputs of a layer on every processor that has no DSP instructions: pairs of inputs are listed, and each full
//! list is added in one pass for every six neurons.

use super::listed::add_pairs;
use super::pair::Pair;
use crate::kernels::rolled::{keep_rolled, opaque};
use crate::quantized::layout::LANES;
use crate::quantized::layout::{Parts, Sums, Words, odd};
use crate::quantized::scale::Scale;

/// What `then` makes of the weighted inputs of a layer's neurons, six of them together.
///
/// | argument      | shape         | meaning                                              |
/// |---------------|---------------|------------------------------------------------------|
/// | `skips_zeros` |               | whether pairs of zeros are left out                  |
/// | `input`       | `[PAIRS / 4]` | bytes, with zeros after the last; of another length it gives nothing |
#[inline(always)]
pub fn with_weighted_inputs<const PAIRS: usize, const PASSES: usize, T>(
    skips_zeros: bool,
    layer: &Parts<PAIRS, PASSES>,
    input: &[[u8; 8]],
    then: impl FnOnce(&[Sums]) -> T,
) -> T {
    let mut z = heapless::Vec::<Sums, PASSES>::new();
    if 4 * input.len() == PAIRS {
        for start in opaque(&layer.starts[..]) {
            keep_rolled();
            let _ = z.push(*start);
        }
        let weights = opaque(layer.weights.as_flattened());
        add(skips_zeros, weights, opaque(input), &mut z);
        finish(&mut z, &layer.scales);
    }
    then(&z)
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
        if !skips_zeros || any(four) {
            list_pairs(skips_zeros, four, index, &mut list);
            if list.len() > LISTED - 3 {
                flush(weights, pairs, &mut list, sums);
            }
        }
        index += 2;
    }
    flush(weights, pairs, &mut list, sums);
}

/// Pairs that are listed before they are added, and one for the end.
const LISTED: usize = 33;

/// Pairs that wait to be added.
type List = heapless::Vec<Pair, LISTED>;

/// Whether one of four inputs is not zero.
#[inline(always)]
fn any(four: &[u8; 4]) -> bool {
    // Where a load must be aligned a word is made of its bytes, with a shift for each.
    if cfg!(any(smidgen_armv6m, target_arch = "riscv32")) {
        four[0] | four[1] | four[2] | four[3] != 0
    } else {
        u32::from_le_bytes(*four) != 0
    }
}

/// Lists the pairs among four inputs; there is room for two.
#[inline(always)]
fn list_pairs(skips_zeros: bool, four: &[u8; 4], index: usize, list: &mut List) {
    let [a, b, c, d] = four.map(u32::from);
    for (inputs, index) in [([a, b], index), ([c, d], index + 1)] {
        if !skips_zeros || inputs != [0; 2] {
            let _ = list.push(Pair::new(inputs, index));
        }
    }
}

/// Adds listed pairs to the sums of all passes, and empties the list; inlined, so that its length stays in a register.
#[inline(always)]
fn flush(weights: &[Words], pairs: usize, list: &mut List, sums: &mut [Sums]) {
    let _ = list.push(Pair::END);
    add_to_all(weights, pairs, list, sums);
    list.clear();
}

#[cfg_attr(target_os = "none", inline(never))]
fn add_to_all(weights: &[Words], pairs: usize, list: &[Pair], sums: &mut [Sums]) {
    let mut rest = weights;
    for sums in sums {
        keep_rolled();
        let Some((pass, others)) = rest.split_at_checked(pairs) else {
            return;
        };
        add_pairs(list, pass, sums);
        rest = others;
    }
}
