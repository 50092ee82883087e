//! The sigmoid, its derivative taken from the activation, and the one `exp` that every target uses.

use crate::kernels::{polynomial, product_and_sum};

/// Below −87 and above +87 the sigmoid no longer changes by more than 2⁻¹²⁵; clamping keeps `exp` clear of
/// infinities and of subnormal numbers, which some FPUs flush.
const LIMIT: f32 = 87.0;

/// 1.5 · 2²³: adding it to a float below 2²² in magnitude leaves the nearest integer in the low bits of the mantissa.
const ROUND: f32 = 12_582_912.0;

/// ln 2 in two parts; the first has trailing zeros, so its product with a small integer is exact (Cody and Waite,
/// *Software Manual for the Elementary Functions*, 1980, ch. 6).
#[allow(clippy::excessive_precision, reason = "the exact value, 355 / 512")]
const LN_2_HIGH: f32 = 0.693_359_375;
/// What `LN_2_HIGH` lacks to ln 2.
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Coefficients of r⁷ … r² of a minimax polynomial for `exp r` on [−ln 2 / 2, ln 2 / 2] (Moshier, *Cephes*, `expf.c`).
const POLYNOMIAL: [f32; 6] = [
    1.987_569_1e-4,
    1.398_199_9e-3,
    8.333_452e-3,
    4.166_579_6e-2,
    1.666_666_5e-1,
    0.5,
];

/// The exponential in two factors, the second of which is a power of two.
#[inline(always)]
const fn exp_factors(x: f32) -> [f32; 2] {
    let x = if x > LIMIT { LIMIT } else { x };
    let x = if x < -LIMIT { -LIMIT } else { x };
    let shifted = product_and_sum(core::f32::consts::LOG2_E, x, ROUND);
    let n = shifted - ROUND;
    let r = product_and_sum(-LN_2_LOW, n, product_and_sum(-LN_2_HIGH, n, x));
    let p = polynomial(&POLYNOMIAL, r);
    let e = product_and_sum(p, r * r, r) + 1.0;
    // The low bits of `shifted` are n; moved up by 23 they are n steps of the exponent.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    [e, power]
}

/// The exponential, `eˣ`, for x in [−87, 87]; outside it the value at the nearer end.
///
/// Branch-free, so that it runs over several neurons at once on a host, and made of single IEEE 754 operations in a
/// fixed order, so that every target gives the same bits. Within 1 ULP of the true value on all of [−87, 87]
/// (`tests/tests/activation.rs` goes through every float). NaN gives a NaN.
#[must_use]
#[inline(always)]
pub const fn exp(x: f32) -> f32 {
    let [e, power] = exp_factors(x);
    e * power
}

/// The sigmoid, `σ(z) = 1 / (1 + e⁻ᶻ)`.
///
/// (3) in Nielsen, *Neural Networks and Deep Learning*, ch. 1. Takes any z, gives a value in (0, 1]; NaN gives NaN.
/// The error against the true value is at most 2.5 ULP for z in [−87, 87].
///
/// ```
/// use smidgen_core::activation::sigmoid;
/// assert_eq!(sigmoid(0.0), 0.5);
/// ```
#[must_use]
#[inline(always)]
pub const fn sigmoid(z: f32) -> f32 {
    let [e, power] = exp_factors(-z);
    1.0 / product_and_sum(e, power, 1.0)
}

/// The derivative of the sigmoid from its value, `σ′(z) = a (1 − a)` where `a = σ(z)`.
///
/// Takes an activation in [0, 1], gives a slope in [0, 0.25]. So no z is kept for the way back.
///
/// ```
/// use smidgen_core::activation::sigmoid_prime_from_activation;
/// assert_eq!(sigmoid_prime_from_activation(0.5), 0.25);
/// ```
#[must_use]
#[inline(always)]
pub const fn sigmoid_prime_from_activation(a: f32) -> f32 {
    a * (1.0 - a)
}
