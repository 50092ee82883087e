//! Every tolerance of the tests, with its reason. No other file of the tests holds one.

/// How far a number may be from the true one: `|found − true| ≤ absolute + relative · |true|`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// What is compared.
    pub name: &'static str,
    /// In the unit of the quantity.
    pub absolute: f64,
    /// In parts of the true number.
    pub relative: f64,
}

const fn tolerance(name: &'static str, absolute: f64, relative: f64) -> Tolerance {
    Tolerance {
        name,
        absolute,
        relative,
    }
}

/// a in f32 against f64. u = 2⁻²⁴ = 6e-8: z is a sum of 150 products below 0.25, partial sums below 4, so it is off
/// by some 150 · u · 4 = 4e-5 at the very worst and by the root of the count, 3e-6, as a rule; σ′ ≤ ¼ shrinks that.
pub const ACTIVATION: Tolerance = tolerance("activation", 1e-6, 0.0);

/// δ in f32 against f64: the error of a, times slopes below ½; ten products with weights below ½ in a hidden layer.
pub const DELTA: Tolerance = tolerance("delta", 5e-7, 0.0);

/// ∇ of a mini-batch of ten in f32 against f64: ten deltas times inputs up to 1.
pub const GRADIENT: Tolerance = tolerance("gradient", 3e-6, 0.0);

/// w and b after one update in f32 against f64: their own rounding, u · 0.5, and η / m = 0.3 of the gradient's error.
pub const PARAMETER: Tolerance = tolerance("parameter after an update", 1e-6, 0.0);

/// The cost of an example in f32 against f64: ten squares below 1, each with twice the error of its activation.
pub const COST: Tolerance = tolerance("cost", 2e-6, 0.0);

/// The sum of 23,520 numbers, each of which is within [`GRADIENT`] or [`PARAMETER`]; the errors cancel as a rule.
pub const SUM_OF_FIRST_LAYER: Tolerance = tolerance("sum over the first layer", 2e-3, 0.0);

/// The book's cost example is given in decimals: u of f32 for each of ten terms.
pub const BOOK_COST: Tolerance = tolerance("cost of the book's example", 1e-7, 0.0);

/// The oracle's f64 against the golden f64: the same sums in another order, u = 1e-16 times a few hundred.
pub const DOUBLE: Tolerance = tolerance("f64 oracle", 1e-12, 0.0);

/// A central difference of step h = 1e-5 in f64 against the gradient: h² C‴ / 6 is below 1e-10, the rounding of the
/// cost adds u · C / h = 1e-11.
pub const CENTRAL_DIFFERENCE: Tolerance = tolerance("central difference", 1e-9, 0.0);

/// Core's f32 gradient against the oracle's f64 gradient from the same f32 weights, N(0, 1) as training starts: z is a
/// sum of 150 products up to 3, partial sums up to 40, so a may be off by 1e-5, and with it every factor of ∇.
pub const GRADIENT_FROM_GAUSSIAN: Tolerance = tolerance("gradient, f32 against f64", 2e-5, 1e-4);

/// The error of `exp` in units in the last place, as `core/src/activation.rs` promises it. Largest over all floats of
/// [−87, 87]: 0.9903, at 70.4.
pub const EXP_ULP: f64 = 1.0;

/// The error of `sigmoid`, likewise: half a unit each for the sum and the division, and `exp`'s error, which counts
/// double where 1 + e⁻ᶻ falls just short of a power of two. Largest over all floats of [−87, 87]: 2.4808, at −16.6.
pub const SIGMOID_ULP: f64 = 2.5;

/// Core's `exp` against `libm::expf`, in floats between them: each is within 1 of the truth. Largest: 1.
pub const EXP_LIBM_ULP: u32 = 1;

/// An output by other libraries against ours, both in f32 (`network2.py`: f64): their sums run in another order
/// and their `exp` is another. z is a sum of 785 products with partial sums up to 20, so it may be off by 1e-5 as a
/// rule, and the slope of σ is at most ¼.
pub const INTERCHANGE: Tolerance = tolerance("output, ours against others", 5e-6, 0.0);

impl Tolerance {
    /// # Panics
    ///
    /// If `found` is not within the tolerance of `expected`; `place` goes into the message.
    #[track_caller]
    pub fn check(self, place: &str, found: f64, expected: f64) {
        let error = (found - expected).abs();
        let allowed = self.absolute + self.relative * expected.abs();
        assert!(
            error <= allowed,
            "{} {place}: {found} is {error:e} off {expected}, {allowed:e} allowed",
            self.name
        );
    }
}
