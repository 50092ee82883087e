//! The innermost loop of an integer layer where it is made for a processor: what the loop must not be called with is kept
//! from it here.
#![allow(unsafe_code)]

use super::made::add_listed;
use super::pair::Pair;
use crate::quantized::layout::{Sums, Words};

/// Adds listed pairs, in ascending order, [`Pair::END`] behind them, to the sums of a pass; a list that names pairs beyond
/// the weights adds nothing.
#[inline(always)]
pub fn add_pairs(list: &[Pair], weights: &[Words], sums: &mut Sums) {
    if let [.., last, end] = list
        && last.offset < size_of_val(weights)
        && end.offset == Pair::END.offset
    {
        // SAFETY: there is a pair before the end, and the last has its words, so all before it do.
        unsafe { add_listed(list.as_ptr(), end, sums, weights.as_ptr()) };
    }
}
