//! Reading the parts of a checkpoint, one after the other.

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::{Network, model};

use super::{CheckpointError, Kept, Point};
use crate::evaluate::Accuracy;
use crate::schedule::{MOST_HALVINGS, Progress};

/// The bytes that are not read yet.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CheckpointError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(CheckpointError::Length)?;
        self.0 = rest;
        Ok(*array)
    }

    pub fn block(&mut self) -> Result<&'a [u8], CheckpointError> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        let (block, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(CheckpointError::Length)?;
        self.0 = rest;
        Ok(block)
    }

    pub fn flag(&mut self) -> Result<bool, CheckpointError> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [_] => Err(CheckpointError::Value { what: "flag" }),
        }
    }

    pub fn count(&mut self, what: &'static str) -> Result<usize, CheckpointError> {
        let count = u64::from_le_bytes(self.array()?);
        usize::try_from(count).map_err(|_| CheckpointError::Value { what })
    }

    pub fn progress(&mut self) -> Result<Progress, CheckpointError> {
        let waited = self.count("wait")?;
        let best = self.count("best accuracy")?.checked_sub(1);
        let halvings = u32::from_le_bytes(self.array()?);
        if halvings > MOST_HALVINGS {
            return Err(CheckpointError::Value { what: "halvings" });
        }
        Ok(Progress {
            waited,
            best,
            halvings,
        })
    }

    pub fn network<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
    ) -> Result<Box<N>, CheckpointError> {
        let mut network = bytemuck::zeroed_box::<N>();
        let end = network
            .read_parameters(self.0, 0)
            .map_err(CheckpointError::Model)?;
        self.0 = self.0.get(end..).unwrap_or_default();
        Ok(network)
    }

    pub fn kept<N: Network<I, O>, const I: usize, const O: usize>(
        &mut self,
    ) -> Result<Kept, CheckpointError> {
        let (correct, total) = (self.count("accuracy")?, self.count("accuracy")?);
        let file = self.block()?;
        model::decode(file, &mut *bytemuck::zeroed_box::<N>()).map_err(CheckpointError::Model)?;
        Ok(Kept {
            file: file.to_vec(),
            accuracy: Accuracy { correct, total },
        })
    }

    pub fn generator(&mut self) -> Result<XorShiftRng, CheckpointError> {
        let state = self.array()?;
        if state == [0; 16] {
            return Err(CheckpointError::Value { what: "generator" });
        }
        Ok(XorShiftRng::from_seed(state))
    }

    pub fn point(&mut self) -> Result<Point, CheckpointError> {
        let mut point = Point::default();
        for value in point.iter_mut().flatten() {
            *value = f64::from_le_bytes(self.array()?);
        }
        Ok(point)
    }
}
