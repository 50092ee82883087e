//! Reading the parts of a checkpoint, one after the other.

use rand_core::SeedableRng;
use rand_xorshift::XorShiftRng;
use smidgen_core::ModelError;

use super::super::schedule::{MOST_HALVINGS, Progress};
use super::error::CheckpointError;
use super::state::{Kept, Point};
use crate::evaluation::Accuracy;
use crate::network::{ModelFile, parameters};

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

    /// The parameters of a network, all of them finite.
    pub fn parameters(&mut self, sizes: &[usize]) -> Result<Vec<f32>, CheckpointError> {
        let wanted = parameters(sizes).saturating_mul(4);
        let (bytes, rest) = self
            .0
            .split_at_checked(wanted)
            .ok_or(CheckpointError::Model(ModelError::Truncated {
                expected: wanted,
                found: self.0.len(),
            }))?;
        self.0 = rest;
        let values = bytes
            .as_chunks()
            .0
            .iter()
            .map(|&value| f32::from_le_bytes(value));
        let numbers: Vec<f32> = values.collect();
        match numbers.iter().position(|number| !number.is_finite()) {
            Some(index) => Err(CheckpointError::Model(ModelError::NotFinite {
                position: 4 * index,
            })),
            None => Ok(numbers),
        }
    }

    /// The model file that would be saved, of a network of the given sizes.
    pub fn kept(&mut self, sizes: &[usize]) -> Result<Kept, CheckpointError> {
        let (correct, total) = (self.count("accuracy")?, self.count("accuracy")?);
        let file = self.block()?.to_vec();
        let file = ModelFile::parse(file).map_err(CheckpointError::Model)?;
        file.expect_floats(sizes).map_err(CheckpointError::Model)?;
        Ok(Kept {
            file: file.into_bytes(),
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
