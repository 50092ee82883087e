//! Products and sums of floats in integers, for processors without a floating-point unit: the bits of IEEE 754, without a
//! call, an unpacking and a packing for each of them.
//!
//! A sum waits unpacked: a mantissa with its sign, of 24 bits and five below them for rounding, and an exponent. A product
//! is rounded, then the sum is, to the nearest, half to even. What is rare (a weight that is 0, subnormal or huge) goes by
//! the compiler's own arithmetic, [`Sum::add_slowly`]. A test at the foot compares millions of sums with those of a host's
//! floating-point unit.

use super::mantissa::{multiply, round, shifted, zeros};

/// A sum on its way, `mantissa · 2^(exponent − 127 − 28)`.
///
/// | `exponent` | `mantissa`                                                                    |
/// |------------|-------------------------------------------------------------------------------|
/// | `NOTHING`  | the bits of +0 or −0, which is 0 or `i32::MIN`                                |
/// | `RAW`      | the bits of a float that no product of the fast way changes                   |
/// | any other  | of a magnitude from 2²⁸ to 2²⁹, its five lowest bits 0                         |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    mantissa: i32,
    exponent: i32,
}

/// The exponent of 0, far below all others.
const NOTHING: i32 = -1000;
/// The exponent of a float that is kept as its bits: infinite, no number, or at least 2¹⁰³ in magnitude.
const RAW: i32 = 1000;
/// Exponents from here on are `RAW`.
const LARGE: i32 = 230;
/// Products of the fast way have exponents from 1 to this.
const PRODUCTS: u32 = 198;
/// A number whose exponent is lower by so much does not change another.
const FAR: u32 = 26;

/// A factor, taken apart once for a whole row.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    /// The mantissa, from bit 30 on.
    mantissa: u32,
    /// The exponent, less 127: −56 to 0, or `NOTHING`, with which every product goes the slow way.
    exponent: i32,
    /// The float itself.
    value: f32,
}

impl Factor {
    /// Takes a float apart. The fast way is for those from 2⁻⁵⁶ (times an infinity a smaller one would look finite) to 2.
    #[inline(always)]
    pub const fn new(value: f32) -> Self {
        let bits = value.to_bits();
        let exponent = (bits >> 23 & 0xFF) as i32;
        let fast = 71 <= exponent && exponent <= 127;
        Self {
            mantissa: (bits << 7 & 0x3FFF_FFFF) | 0x4000_0000,
            exponent: if fast { exponent - 127 } else { NOTHING },
            value,
        }
    }
}

impl Sum {
    /// +0.
    pub const ZERO: Self = Self {
        mantissa: 0,
        exponent: NOTHING,
    };

    /// Takes a float apart.
    #[inline(always)]
    pub const fn new(value: f32) -> Self {
        let bits = value.to_bits();
        let exponent = (bits >> 23 & 0xFF) as i32;
        if exponent < 1 || exponent >= LARGE {
            return Self::new_rare(bits);
        }
        Self::normal(bits, exponent, (bits & 0x7F_FFFF) | 0x80_0000)
    }

    /// `new` of a float that is 0, subnormal or `RAW`.
    #[inline(never)]
    const fn new_rare(bits: u32) -> Self {
        let fraction = bits & 0x7F_FFFF;
        if bits >> 23 & 0xFF == 0 && fraction != 0 {
            let zeros = fraction.leading_zeros() - 8;
            return Self::normal(bits, 1 - zeros as i32, fraction << zeros);
        }
        Self {
            mantissa: bits as i32,
            exponent: if bits << 1 == 0 { NOTHING } else { RAW },
        }
    }

    /// A sum of the sign that `bits` have; the magnitude has 24 bits.
    #[inline(always)]
    const fn normal(bits: u32, exponent: i32, magnitude: u32) -> Self {
        let sign = bits as i32 >> 31;
        Self {
            mantissa: ((magnitude << 5) as i32 ^ sign) - sign,
            exponent,
        }
    }

    /// The float.
    #[inline(always)]
    pub const fn value(self) -> f32 {
        // None of those that are not `RAW` is near 2¹²⁷.
        if self.exponent < 1 || self.exponent == RAW {
            return self.rare_value();
        }
        let magnitude = self.mantissa.unsigned_abs() >> 5;
        let bits = ((self.exponent as u32 - 1) << 23) + magnitude;
        f32::from_bits(bits | self.mantissa as u32 & 0x8000_0000)
    }

    /// `value` of what is 0, subnormal or `RAW`.
    #[inline(never)]
    const fn rare_value(self) -> f32 {
        if self.exponent == RAW || self.exponent == NOTHING {
            return f32::from_bits(self.mantissa as u32);
        }
        // Nothing is lost: a sum of floats is a multiple of the smallest.
        let magnitude = self.mantissa.unsigned_abs() >> 5 >> (1 - self.exponent);
        f32::from_bits(magnitude | self.mantissa as u32 & 0x8000_0000)
    }

    /// Adds a product by the compiler's arithmetic.
    #[cold]
    #[inline(never)]
    const fn add_slowly(&mut self, factor: f32, other: f32) {
        *self = Self::new(self.value() + factor * other);
    }

    /// Adds the product of a factor and the float of these bits: the product is rounded, then the sum is.
    #[inline(always)]
    pub const fn add(&mut self, factor: Factor, bits: u32) {
        let exponent = (bits >> 23 & 0xFF) as i32 + factor.exponent;
        if (exponent as u32).wrapping_sub(1) >= PRODUCTS {
            return self.add_slowly(factor.value, f32::from_bits(bits));
        }
        let mantissa = (bits << 7 & 0x3FFF_FFFF) | 0x4000_0000;
        self.add_product(Self::product(factor, mantissa, exponent, bits as i32));
    }

    /// What +0 is after [`Sum::add`].
    #[inline(always)]
    pub const fn of_product(factor: Factor, bits: u32) -> Self {
        let exponent = (bits >> 23 & 0xFF) as i32 + factor.exponent;
        if (exponent as u32).wrapping_sub(1) >= PRODUCTS {
            let mut sum = Self::ZERO;
            sum.add_slowly(factor.value, f32::from_bits(bits));
            return sum;
        }
        let mantissa = (bits << 7 & 0x3FFF_FFFF) | 0x4000_0000;
        Self::product(factor, mantissa, exponent, bits as i32)
    }

    /// Adds the product of a factor and a sum, which is that of [`Sum::value`].
    #[inline(always)]
    pub const fn add_scaled(&mut self, factor: Factor, sum: Self) {
        let exponent = sum.exponent + factor.exponent;
        if (exponent as u32).wrapping_sub(1) >= PRODUCTS {
            return self.add_slowly(factor.value, sum.value());
        }
        let mantissa = sum.mantissa.unsigned_abs() << 2;
        self.add_product(Self::product(factor, mantissa, exponent, sum.mantissa));
    }

    /// The product of a factor and a mantissa of 2³⁰ to 2³¹, rounded; their exponents come to `exponent`, from 1 to
    /// `PRODUCTS`, and `sign` has the sign of what the mantissa is of.
    #[inline(always)]
    const fn product(factor: Factor, mantissa: u32, exponent: i32, sign: i32) -> Self {
        let product = multiply(mantissa, factor.mantissa);
        let is_long = product >= 1 << 29;
        let (product, exponent) = if is_long {
            (product >> 1 | product & 1, exponent + 1)
        } else {
            (product, exponent)
        };
        let sign = (sign ^ factor.value.to_bits() as i32) >> 31;
        Self {
            mantissa: (round(product) ^ sign) - sign,
            exponent,
        }
    }

    /// Adds a product.
    #[inline(always)]
    const fn add_product(&mut self, product: Self) {
        let Self {
            mantissa: product,
            exponent,
        } = product;
        let above = self.exponent - exponent;
        let sum = if (above as u32) < FAR {
            self.mantissa + shifted(product, above as u32)
        } else if above >= 0 {
            return;
        } else {
            self.exponent = exponent;
            if above <= -(FAR as i32) {
                self.mantissa = product;
                return;
            }
            product + shifted(self.mantissa, above.unsigned_abs())
        };
        self.set(sum);
    }

    /// Normalises and rounds a sum of this exponent.
    #[inline(always)]
    const fn set(&mut self, mut sum: i32) {
        let magnitude = sum ^ sum >> 31;
        if magnitude >= 1 << 29 {
            sum = sum >> 1 | sum & 1;
            self.exponent += 1;
        } else if magnitude < 1 << 28 {
            return self.set_small(sum);
        }
        self.mantissa = round(sum);
    }

    /// `set` after cancellation, which is to +0 where nothing is left.
    #[inline(never)]
    const fn set_small(&mut self, sum: i32) {
        if sum == 0 {
            *self = Self::ZERO;
            return;
        }
        let zeros = zeros(sum ^ sum >> 31);
        self.exponent -= zeros as i32;
        self.mantissa = round(sum << zeros);
    }
}

/// `a · b + c`, product and sum rounded apart; fast where the magnitude of `a` is from 2⁻⁵⁶ to 2.
#[inline(never)]
pub const fn product_and_sum(a: f32, b: f32, c: f32) -> f32 {
    let mut sum = Sum::new(c);
    sum.add(Factor::new(a), b.to_bits());
    sum.value()
}

/// `(… (c₀ r + c₁) r + …) r + c₅`, every product and every sum rounded; fast where the magnitude of r is from 2⁻⁵⁶ to 2.
#[inline(never)]
pub const fn polynomial(coefficients: &[f32; 6], r: f32) -> f32 {
    let factor = Factor::new(r);
    let mut sum = Sum::new(coefficients[0]);
    let mut i = 1;
    while i < coefficients.len() {
        let mut next = Sum::new(coefficients[i]);
        next.add_scaled(factor, sum);
        sum = next;
        i += 1;
    }
    sum.value()
}

#[cfg(test)]
mod tests {
    use super::{Factor, Sum, product_and_sum};

    /// Numbers of 64 bits without end (Marsaglia, *Xorshift RNGs*, 2003).
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u32 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 16) as u32
        }
    }

    const SEED: u64 = 88_172_645_463_325_252;

    fn equal(a: f32, b: f32) -> bool {
        a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
    }

    fn check(a: f32, b: f32, c: f32) {
        let (found, expected) = (product_and_sum(a, b, c), c + a * b);
        assert!(
            equal(found, expected),
            "{a:e} · {b:e} + {c:e} is {expected:e}, {:08x}, not {found:e}, {:08x}",
            expected.to_bits(),
            found.to_bits()
        );
    }

    /// The bits of `number` with another exponent.
    fn with_exponent(number: u32, exponent: u32) -> f32 {
        f32::from_bits(number & 0x807F_FFFF | exponent << 23)
    }

    /// Six triples, each where another thing goes wrong first.
    fn check_six(random: &mut Random) {
        let (a, b, c) = (random.next(), random.next(), random.next());
        // Any bits at all.
        check(f32::from_bits(a), f32::from_bits(b), f32::from_bits(c));
        // Near each other: the sum's exponent within 16 of the product's.
        let (ea, eb) = (90 + (a >> 3) % 38, 100 + (b >> 3) % 60);
        let near = (ea + eb) as i32 - 127 + (c >> 3) as i32 % 32 - 16;
        let (x, w) = (with_exponent(a, ea), with_exponent(b, eb));
        let s = with_exponent(c, near.clamp(0, 254) as u32);
        check(x, w, s);
        // Few bits: ties.
        let few = |number: f32, bits: u32| f32::from_bits(number.to_bits() >> bits << bits);
        check(few(x, 12), few(w, 12), few(s, 8));
        // Cancellation, whole or to the last bits.
        check(
            x,
            w,
            f32::from_bits((-(x * w)).to_bits().wrapping_add(c & 3)),
        );
        // Subnormal weights, sums and products.
        let small = with_exponent(a, 1 + (a >> 4) % 127);
        let tiny = |number: u32| f32::from_bits(number & 0x81FF_FFFF);
        check(small, tiny(b), tiny(c));
        let inverse = with_exponent(b, (127 - (a >> 4) % 127).max(1));
        check(small, inverse, tiny(c));
    }

    /// As a host's floating-point unit does it, over tens of millions of triples.
    #[test]
    fn a_product_and_a_sum_have_the_bits_of_the_hardware() {
        let mut random = Random(SEED);
        for _ in 0..4_000_000 {
            check_six(&mut random);
        }
    }

    /// Every pair of what is rare, zeros of both signs among them, as product and as sum.
    #[test]
    fn what_is_rare_has_the_bits_of_the_hardware_too() {
        let magnitudes = [
            0,
            1,
            2,
            0x7F_FFFF,
            0x80_0000,
            0x80_0001,
            0x0100_0000,
            0x2380_0000,
            0x237F_FFFF,
            0x3F00_0000,
            0x3F7F_FFFF,
            0x3F80_0000,
            0x3FFF_FFFF,
            0x4000_0000,
            0x6300_0000,
            0x72FF_FFFF,
            0x7300_0000,
            0x7F7F_FFFF,
            0x7F80_0000,
            0x7FC0_0000,
        ];
        let all = magnitudes.map(|bits| [f32::from_bits(bits), -f32::from_bits(bits)]);
        let all = all.as_flattened();
        for &a in all {
            for &b in all {
                for &c in all {
                    check(a, b, c);
                }
            }
        }
    }

    #[test]
    fn long_sums_have_the_bits_of_the_hardware() {
        let mut random = Random(SEED);
        for _ in 0..20_000 {
            let spread = 1 + random.next() % 40;
            let (x, w) = (f32::from_bits(random.next()), f32::from_bits(random.next()));
            let mut sum = Sum::of_product(Factor::new(x), w.to_bits());
            let mut plain = 0.0 + x * w;
            assert!(equal(sum.value(), plain), "{x:e} · {w:e}");
            for _ in 0..100 {
                let (a, b) = (random.next(), random.next());
                let x = with_exponent(a, 127 - (a >> 4) % spread);
                let w = with_exponent(b, 130 - (b >> 4) % spread);
                sum.add(Factor::new(x), w.to_bits());
                plain += x * w;
                assert!(equal(sum.value(), plain));
            }
            let (step, start) = (
                with_exponent(random.next(), 127 - spread),
                f32::from_bits(random.next()),
            );
            let mut next = Sum::new(start);
            next.add_scaled(Factor::new(step), sum);
            assert!(equal(next.value(), start + step * plain));
        }
    }

    #[test]
    fn a_polynomial_has_the_bits_of_the_hardware() {
        let mut random = Random(SEED);
        for _ in 0..1_000_000 {
            let r = with_exponent(random.next(), 100 + random.next() % 30);
            let mut coefficients = [0.0; 6];
            for c in &mut coefficients {
                *c = with_exponent(random.next(), 110 + random.next() % 20);
            }
            let expected = coefficients.into_iter().reduce(|sum, c| sum * r + c);
            assert!(equal(
                super::polynomial(&coefficients, r),
                expected.unwrap()
            ));
        }
    }
}
