//! Arithmetic by the processor's own floating-point unit.

/// `a · b + c`, product and sum rounded apart.
#[inline(always)]
pub const fn product_and_sum(a: f32, b: f32, c: f32) -> f32 {
    a * b + c
}

/// `(… (c₀ r + c₁) r + …) r + c₅`, every product and every sum rounded.
#[inline(always)]
pub const fn polynomial(coefficients: &[f32; 6], r: f32) -> f32 {
    let [c0, c1, c2, c3, c4, c5] = *coefficients;
    ((((c0 * r + c1) * r + c2) * r + c3) * r + c4) * r + c5
}
