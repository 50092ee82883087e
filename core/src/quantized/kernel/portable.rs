//! The innermost loop of an integer layer for every processor; the oracle of those that are made for one.

use super::pair::Pair;
use crate::kernels::rolled::keep_rolled;
use crate::quantized::layout::{Sums, Words};

/// Adds listed pairs to the sums of a pass; those beyond the weights, as is [`Pair::END`], are left out.
#[inline(always)]
pub fn add_pairs(list: &[Pair], weights: &[Words], sums: &mut Sums) {
    // What `keep_rolled` keeps from being looked into would go through memory.
    let mut local = *sums;
    for pair in list {
        keep_rolled();
        if let Some(words) = weights.get(pair.offset / size_of::<Words>()) {
            add_pair(pair.inputs, words, &mut local);
        }
    }
    *sums = local;
}

/// Adds the products of two inputs with the weights of a pass.
#[inline(always)]
fn add_pair(inputs: [u32; 2], words: &Words, sums: &mut Sums) {
    let [x0, x1] = inputs.map(u32::cast_signed);
    for ([even, both], word) in sums.as_chunks_mut::<2>().0.iter_mut().zip(words) {
        let (half0, half1) = (word.0 as i16, (word.0 >> 16) as i16);
        let evens = x0 * i32::from(half0 as i8) + x1 * i32::from(half1 as i8);
        *even = even.wrapping_add(evens);
        *both = both.wrapping_add(x0 * i32::from(half0) + x1 * i32::from(half1));
    }
}
