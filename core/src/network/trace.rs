//! `Trace`: the values of every layer for one input; `Backprop`: the two that backpropagation leaves of an example.

use bytemuck::Zeroable;

use crate::values::row::Row;

/// One row of values for every layer of a network, last the output's.
pub trait Trace<const O: usize>: Copy + Zeroable + 'static {
    /// All values 0.
    const ZERO: Self;

    /// The values of the output layer.
    fn output(&self) -> &Row<O>;

    /// The values of the output layer, to be changed.
    fn output_mut(&mut self) -> &mut Row<O>;

    /// Calls `visit` with the values of every layer, first hidden layer first, output last.
    fn for_each_layer(&self, visit: impl FnMut(&[f32]));
}

impl<const O: usize> Trace<O> for Row<O> {
    const ZERO: Self = Self::ZERO;

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn output(&self) -> &Self {
        self
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn output_mut(&mut self) -> &mut Self {
        self
    }

    fn for_each_layer(&self, mut visit: impl FnMut(&[f32])) {
        visit(&self.0);
    }
}

/// What backpropagation leaves of one example, and all that the update needs besides the input.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Zeroable)]
pub struct Backprop<T> {
    /// aˡ of every layer.
    pub trace: T,
    /// δˡ = ∂C/∂zˡ of every layer.
    pub deltas: T,
}

impl<T> Backprop<T> {
    /// All activations and deltas 0.
    #[must_use]
    pub const fn zero<const O: usize>() -> Self
    where
        T: Trace<O>,
    {
        Self {
            trace: T::ZERO,
            deltas: T::ZERO,
        }
    }
}
