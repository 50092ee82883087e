//! Gradient descent: the loop over the mini-batches of an epoch, compiled for one network.

use std::ops::ControlFlow;

use smidgen_core::Network;

use super::epoch::{Epoch, Stop};
use super::mini_batch::MiniBatch;

/// Examples between two reports of progress.
const REPORT: usize = 1000;

/// Trains a network for an epoch; `velocity` is that of the momentum, if there is any.
///
/// # Errors
///
/// [`Stop::Asked`] if `report` breaks off, [`Stop::Diverged`] if a weight is not finite at the end of the epoch.
pub fn run<N: Network<I, O>, const I: usize, const O: usize>(
    network: &mut N,
    mut velocity: Option<&mut N>,
    epoch: &Epoch<'_>,
    report: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<(), Stop> {
    let Epoch { order, update, .. } = *epoch;
    let mut batch = MiniBatch::new(epoch.data, I, epoch.mini_batch_size);
    let (mut reported, mut done) = (0, 0);
    for mini_batch in order.chunks(epoch.mini_batch_size.max(1)) {
        done += mini_batch.len();
        let next = order.get(done..).unwrap_or_default();
        batch.backprop(network, epoch, mini_batch, next);
        batch.step(network, velocity.as_deref_mut(), update);
        if done - reported >= REPORT || done == order.len() {
            reported = done;
            if report(done).is_break() {
                return Err(Stop::Asked);
            }
        }
    }
    if network.is_finite() {
        Ok(())
    } else {
        Err(Stop::Diverged)
    }
}
