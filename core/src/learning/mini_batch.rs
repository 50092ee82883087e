//! `MiniBatch`: learning by mini-batches on a device, from images that come one at a time.

use super::backprop::backprop;
use super::step::update_mini_batch;
use crate::cost::Cost;
use crate::network::Network;
use crate::network::trace::{Backprop, Trace};
use crate::values::batch::Batch;
use crate::values::image::intensity;

/// Examples kept until there are `M` of them, then learned at one stroke.
///
/// Each example is an image of `I` bytes and what backpropagation left of it; `T` is the network's
/// [`Network::Trace`]. There is no gradient of the network's size: the update forms it row by row, with the bits of the
/// textbook's. For `network![784, 30, 10]` and `M` = 10 this is 11 KB beside the network's 95 KB.
///
/// ```
/// use smidgen_core::{Cost, MiniBatch, Network, network};
/// let mut network = <network![4, 3, 2]>::ZERO;
/// let mut batch = MiniBatch::<2, 4, _>::new();
/// assert!(!batch.learn(&mut network, Cost::Quadratic, &[0, 255, 0, 0], 1, 3.0));
/// assert!(batch.learn(&mut network, Cost::Quadratic, &[255, 0, 0, 0], 0, 3.0)); // both learned now
/// assert!(batch.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct MiniBatch<const M: usize, const I: usize, T> {
    images: heapless::Vec<[u8; I], M>,
    examples: heapless::Vec<Backprop<T>, M>,
}

impl<const M: usize, const I: usize, T> MiniBatch<M, I, T> {
    /// No examples yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            images: heapless::Vec::new(),
            examples: heapless::Vec::new(),
        }
    }

    /// Examples that wait to be learned, fewer than `M`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.examples.len()
    }

    /// Whether no example waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// Takes an example; with the last of `M` updates the network and says true.
    ///
    /// The network must not be changed by anything else while examples wait.
    #[inline(always)]
    pub fn learn<N: Network<I, O, Trace = T>, const O: usize>(
        &mut self,
        network: &mut N,
        cost: Cost,
        image: &[u8; I],
        label: usize,
        learning_rate: f32,
    ) -> bool
    where
        T: Trace<O>,
    {
        // There is room for one more, for a full batch is learned at once and emptied.
        let _ = self.images.push(*image);
        let _ = self.examples.push(Backprop::zero());
        if let Some(example) = self.examples.last_mut() {
            backprop(network, cost, image, label, example);
        }
        let full = self.examples.is_full();
        if full {
            self.update(network, learning_rate);
        }
        full
    }

    /// Learns the examples that wait, however few, and forgets them: the end of an epoch whose last batch is short.
    #[inline(always)]
    pub fn update<N: Network<I, O, Trace = T>, const O: usize>(
        &mut self,
        network: &mut N,
        learning_rate: f32,
    ) where
        T: Trace<O>,
    {
        update_mini_batch(
            network,
            &Columns::<M, I>(&self.images),
            &self.examples,
            learning_rate,
        );
        self.images.clear();
        self.examples.clear();
    }
}

impl<const M: usize, const I: usize, T> Default for MiniBatch<M, I, T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The images of a mini-batch, read pixel by pixel.
struct Columns<'a, const M: usize, const I: usize>(&'a [[u8; I]]);

impl<const M: usize, const I: usize> Batch<I> for Columns<'_, M, I> {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        // Four pixels that are paper in all images are left out at once.
        let is_inked = move |word: usize| {
            let mut images = self.0.iter();
            images.any(|image| image.as_chunks::<4>().0.get(word) != Some(&[0; 4]))
        };
        let words = (0..I.div_ceil(4)).filter(move |&word| is_inked(word));
        let inputs = words.flat_map(|word| 4 * word..(4 * word + 4).min(I));
        inputs.map(|k| {
            let pixels = self.0.iter().map(move |image| image.get(k).copied());
            let inked = (0..).zip(pixels).filter_map(|(i, pixel)| match pixel {
                None | Some(0) => None,
                Some(pixel) => Some((i, intensity(pixel))),
            });
            (k, inked)
        })
    }
}
