//! Seeded inputs and networks. Every test names its seed, so a failure repeats.

use rand_core::{Rng, SeedableRng};
use rand_xorshift::XorShiftRng;
use smidgen_core::{Network, init};

/// The generator of a seed.
#[must_use]
pub fn rng(seed: u64) -> XorShiftRng {
    XorShiftRng::seed_from_u64(seed)
}

/// A number in [0, 1).
pub fn unit(rng: &mut impl Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 / 16_777_216.0
}

/// A number in 0 … `end` − 1.
pub fn below(rng: &mut impl Rng, end: usize) -> usize {
    (unit(rng) * end as f32) as usize
}

/// Bytes of which about one in five is not 0, as in an image of MNIST; 255 is frequent there as well.
pub fn pixels<const N: usize>(rng: &mut impl Rng) -> [u8; N] {
    core::array::from_fn(|_| match rng.next_u32() % 15 {
        0 => 255,
        1 | 2 => (rng.next_u32() >> 24) as u8,
        _ => 0,
    })
}

/// Numbers of both signs in (−2, 2), some of them +0, some −0.
pub fn values<const N: usize>(rng: &mut impl Rng) -> [f32; N] {
    core::array::from_fn(|_| match rng.next_u32() % 8 {
        0 => 0.0,
        1 => -0.0,
        _ => 4.0 * unit(rng) - 2.0,
    })
}

/// A network with Gaussian parameters, on the heap.
pub fn network<N: Network<I, O>, const I: usize, const O: usize>(seed: u64) -> Box<N> {
    let mut network = bytemuck::zeroed_box::<N>();
    init::unit_gaussian(&mut *network, &mut rng(seed));
    network
}
