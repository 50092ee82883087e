//! Starting weights: Gaussian, from any `rand_core` generator.

use rand_core::Rng;

use crate::network::Network;

/// Sets every weight and bias to a Gaussian number of mean 0 and standard deviation 1.
///
/// The start of Nielsen, *Neural Networks and Deep Learning*, ch. 1 (`large_weight_initializer` in `network2.py`).
/// The numbers are drawn in the order of [`Network::for_each_parameter`], so a seed means the same on every target.
pub fn unit_gaussian<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    rng: &mut impl Rng,
) {
    let mut gaussian = Gaussian::new(rng);
    network.for_each_parameter_mut(|parameter| *parameter = gaussian.next());
}

/// Sets every bias to a Gaussian number of standard deviation 1, and every weight to one of 1/√IN of its layer.
///
/// The start of Nielsen, *Neural Networks and Deep Learning*, ch. 3 (`default_weight_initializer` in `network2.py`):
/// the weighted inputs of a neuron stay of order 1, so it does not start saturated. The numbers are those of
/// [`unit_gaussian`], the weights divided by the root.
pub fn scaled_gaussian<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    rng: &mut impl Rng,
) {
    unit_gaussian(network, rng);
    network.map_weights(|inputs, weight| weight / libm::sqrtf(inputs as f32));
}

/// Gaussian numbers by the polar method, which needs a logarithm and a root but no trigonometry.
///
/// Marsaglia and Bray, "A convenient method for generating normal variables", *SIAM Review* 6 (1964), 260. Each pair
/// of uniform numbers inside the unit circle gives two results; the second waits for the next call.
#[derive(Debug)]
struct Gaussian<'a, R> {
    rng: &'a mut R,
    spare: Option<f32>,
}

impl<'a, R: Rng> Gaussian<'a, R> {
    fn new(rng: &'a mut R) -> Self {
        Self { rng, spare: None }
    }

    fn next(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (self.uniform(), self.uniform());
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                let factor = libm::sqrtf(-2.0 * libm::logf(square) / square);
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }

    /// A number in [−1, 1) in steps of 2⁻²³, from the upper 24 bits of the generator's word.
    fn uniform(&mut self) -> f32 {
        (self.rng.next_u32() >> 8) as f32 * (1.0 / 8_388_608.0) - 1.0
    }
}
