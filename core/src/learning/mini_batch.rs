//! `MiniBatch`: learning by mini-batches on a device, from images that come one at a time.

use super::backprop::backprop;
use super::columns::Columns;
use super::step::update_mini_batch;
use crate::cost::Cost;
use crate::network::Network;
use crate::network::trace::{Backprop, Trace};

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
    columns: Columns<M, I>,
    examples: heapless::Vec<Backprop<T>, M>,
}

impl<const M: usize, const I: usize, T> MiniBatch<M, I, T> {
    /// No examples yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            columns: Columns::EMPTY,
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

    /// Takes an example; with the last of `M` learns them all, and says true if so.
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
        self.columns.put(self.examples.len(), image);
        let _ = self.examples.push(Backprop::zero());
        if let Some(example) = self.examples.last_mut() {
            backprop(network, cost, image, label, example);
        }
        self.examples.is_full() && self.update(network, learning_rate)
    }

    /// Learns the examples that wait, however few, and forgets them: the end of an epoch whose last batch is short.
    ///
    /// Says whether it learned: where there are none, or the learning rate or what the network made of an example is a
    /// NaN or an infinity, the network stays as it is ([`update_mini_batch`]).
    #[inline(always)]
    pub fn update<N: Network<I, O, Trace = T>, const O: usize>(
        &mut self,
        network: &mut N,
        learning_rate: f32,
    ) -> bool
    where
        T: Trace<O>,
    {
        let images = self.columns.first(self.examples.len());
        let learned = update_mini_batch(network, &images, &self.examples, learning_rate);
        self.examples.clear();
        learned
    }
}

impl<const M: usize, const I: usize, T> Default for MiniBatch<M, I, T> {
    fn default() -> Self {
        Self::new()
    }
}
