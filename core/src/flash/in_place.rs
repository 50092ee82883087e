//! `InPlace`: networks whose memory is the same on every little-endian processor of 32 bits, so that bytes in flash are one.
//!
//! bytemuck's traits ask for `Copy`, which networks are not, lest one is moved through the stack by mistake. So this trait
//! says of whole layers what `AnyBitPattern` says of their elements, and is the one place that turns bytes into a network.
#![allow(unsafe_code)]

use crate::format::stored::Stored;
use crate::half::HalfDense;
use crate::model::Model;
use crate::network::chain::Chain;
use crate::network::dense::Dense;
use crate::quantized::QuantizedDense;

/// A network that may be taken out of bytes in flash, where they are.
///
/// # Safety
///
/// The layout of the type is fixed (`repr(C)` or `repr(transparent)`, down to floats and integers), every pattern of bits is
/// a value of it, padding aside, and nothing in it changes through a shared reference or points elsewhere.
pub unsafe trait InPlace: Stored {}

// SAFETY: `repr(C)` of arrays of `f32` alone, `Row` being `repr(C)` or `repr(transparent)`.
unsafe impl<const IN: usize, const OUT: usize> InPlace for Dense<IN, OUT> {}

// SAFETY: `repr(C)` of arrays of `u16` alone, `HalfRow` being `repr(C)` and `Half` `repr(transparent)`. Bits that no `Half`
// should have, an infinity for one, are decoded into some number all the same.
unsafe impl<const IN: usize, const OUT: usize> InPlace for HalfDense<IN, OUT> {}

// SAFETY: `repr(transparent)` over `Parts`, which is `repr(C)` of arrays of `Word`, `Scale` and `i32`; `Word` is
// `repr(transparent)` over a `u32`, `Scale` `repr(C)` of two `u16`.
unsafe impl<const IN: usize, const OUT: usize, const PAIRS: usize, const PASSES: usize> InPlace
    for QuantizedDense<IN, OUT, PAIRS, PASSES>
{
}

// SAFETY: `repr(C)` of two that are.
unsafe impl<L: InPlace, R: InPlace> InPlace for Chain<L, R> {}

/// Whether this processor holds the network as images do: little-endian, without space between rows of floats, which hosts
/// of 64 bits have.
pub(super) const fn is_as_in_images<N: InPlace>() -> bool {
    cfg!(target_endian = "little") && size_of::<Model<N>>() == Model::<N>::BYTES
}

/// The model in words that start where one may start; `None` unless they are as many as it has, and this processor holds it
/// [as they do](is_as_in_images).
pub(super) fn model<N: InPlace>(words: &[u32]) -> Option<&Model<N>> {
    let fits = const { is_as_in_images::<N>() && align_of::<Model<N>>() == align_of::<u32>() };
    if fits && size_of_val(words) == Model::<N>::BYTES {
        // SAFETY: there are as many bytes as the model has, and they are aligned as it is. The model is `repr(C)` of a
        // network, of which every pattern of bits is a value, and of two checksums, each a `u32`.
        Some(unsafe { &*words.as_ptr().cast() })
    } else {
        None
    }
}
