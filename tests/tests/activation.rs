//! The one `exp` and the sigmoid against f64 and against `libm`: over every float in release, over one in 1,009 in debug.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use smidgen_core::activation::{exp, sigmoid, sigmoid_prime_from_activation};
use smidgen_tests::tolerance::{EXP_LIBM_ULP, EXP_ULP, SIGMOID_ULP};

/// The range that `exp` is made for.
const LIMIT: f32 = 87.0;

/// Debug builds look at one float in so many, a prime, so that no pattern of bits is left out.
const STRIDE: usize = if cfg!(debug_assertions) { 1009 } else { 1 };

/// The bits of the floats from +0 to the limit.
fn magnitudes() -> RangeInclusive<u32> {
    0..=LIMIT.to_bits()
}

/// The largest error found, and a float that has it.
#[derive(Clone, Copy, Default)]
struct Worst {
    error: f64,
    x: f32,
}

impl Worst {
    /// Not `error > self.error`: a NaN must come through.
    fn or(self, error: f64, x: f32) -> Self {
        if error <= self.error {
            self
        } else {
            Self { error, x }
        }
    }
}

/// The largest errors over the whole range.
#[derive(Clone, Copy, Default)]
struct Measured {
    exp: Worst,
    sigmoid: Worst,
    libm: Worst,
}

impl Measured {
    /// Takes in x and −x; their two exponentials serve four errors.
    fn with(self, magnitude: u32) -> Self {
        let (x, negative) = (
            f32::from_bits(magnitude),
            f32::from_bits(magnitude | 1 << 31),
        );
        let (truth, inverse) = (f64::from(x).exp(), f64::from(negative).exp());
        let libm = |x: f32| exp(x).to_bits().abs_diff(libm::expf(x).to_bits()).into();
        Self {
            exp: self
                .exp
                .or(ulps(exp(x), truth), x)
                .or(ulps(exp(negative), inverse), negative),
            sigmoid: self
                .sigmoid
                .or(ulps(sigmoid(x), 1.0 / (1.0 + inverse)), x)
                .or(ulps(sigmoid(negative), 1.0 / (1.0 + truth)), negative),
            libm: self.libm.or(libm(x), x).or(libm(negative), negative),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            exp: self.exp.or(other.exp.error, other.exp.x),
            sigmoid: self.sigmoid.or(other.sigmoid.error, other.sigmoid.x),
            libm: self.libm.or(other.libm.error, other.libm.x),
        }
    }
}

/// Goes through the range once for all tests.
fn measured() -> &'static Measured {
    static MEASURED: OnceLock<Measured> = OnceLock::new();
    MEASURED.get_or_init(|| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let part = move |first: usize| {
            magnitudes()
                .skip(first * STRIDE)
                .step_by(STRIDE * threads)
                .fold(Measured::default(), Measured::with)
        };
        std::thread::scope(|scope| {
            let parts: Vec<_> = (0..threads)
                .map(|first| scope.spawn(move || part(first)))
                .collect();
            parts
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .fold(Measured::default(), Measured::and)
        })
    })
}

/// The error in units in the last place of the float nearest to the truth, which is a normal number.
fn ulps(found: f32, truth: f64) -> f64 {
    let exponent = (truth.to_bits() >> 52) & 0x7ff;
    // 2⁻²³ of the power of two at or below the truth, put together from its exponent.
    let ulp = f64::from_bits((exponent - 23) << 52);
    (f64::from(found) - truth).abs() / ulp
}

#[test]
fn exp_is_within_its_stated_error() {
    let Worst { error, x } = measured().exp;
    println!("exp: {error:.4} ULP at {x:e}");
    assert!(error <= EXP_ULP, "{error} ULP at {x:e}");
}

#[test]
fn sigmoid_is_within_its_stated_error() {
    let Worst { error, x } = measured().sigmoid;
    println!("sigmoid: {error:.4} ULP at {x:e}");
    assert!(error <= SIGMOID_ULP, "{error} ULP at {x:e}");
}

#[test]
fn exp_is_libms_but_for_a_last_bit() {
    let Worst { error, x } = measured().libm;
    println!("exp against libm: {error} ULP at {x:e}");
    assert!(error <= EXP_LIBM_ULP.into(), "{error} ULP at {x:e}");
}

#[test]
fn sigmoid_never_leaves_its_range() {
    for z in [
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        1e10,
        -1e10,
        89.0,
        -89.0,
        0.0,
        -0.0,
        f32::MIN_POSITIVE,
        f32::from_bits(1),
    ] {
        let a = sigmoid(z);
        assert!(a > 0.0 && a <= 1.0, "σ({z:e}) = {a:e}");
        let slope = sigmoid_prime_from_activation(a);
        assert!((0.0..=0.25).contains(&slope), "σ′ at {z:e} = {slope:e}");
    }
}

#[test]
fn sigmoid_saturates_and_is_a_half_at_zero() {
    assert_eq!(sigmoid(0.0).to_bits(), 0.5_f32.to_bits());
    assert_eq!(sigmoid(-0.0).to_bits(), 0.5_f32.to_bits());
    assert_eq!(sigmoid(f32::INFINITY).to_bits(), 1.0_f32.to_bits());
    let lowest = sigmoid(-LIMIT).to_bits();
    assert_eq!(sigmoid(f32::NEG_INFINITY).to_bits(), lowest);
    assert_eq!(sigmoid(f32::MIN).to_bits(), lowest);
}

#[test]
fn beyond_the_limits_exp_stays_at_its_ends() {
    for huge in [87.1, 1e30, f32::MAX, f32::INFINITY] {
        assert_eq!(exp(huge).to_bits(), exp(LIMIT).to_bits());
        assert_eq!(exp(-huge).to_bits(), exp(-LIMIT).to_bits());
    }
}

#[test]
fn nan_stays_nan() {
    for bits in [
        0x7fc0_0000,
        0xffc0_0000,
        0x7f80_0001,
        0xff80_0001,
        0x7fff_ffff,
    ] {
        let nan = f32::from_bits(bits);
        assert!(exp(nan).is_nan(), "exp of {bits:08x}");
        assert!(sigmoid(nan).is_nan(), "sigmoid of {bits:08x}");
    }
}
