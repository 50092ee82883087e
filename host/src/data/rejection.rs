//! `Rejection`: when a model leaves an answer open, as its file keeps it.

use serde::{Deserialize, Serialize};
use smidgen_core::model::ELEMENT_I8;
use smidgen_core::model::description::StoredRejection;

/// The least confidence of an answer, and the amounts that the training data had ([`Dataset::amount`]).
///
/// [`Dataset::amount`]: super::Dataset::amount
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    /// In the units of the model's output: an activation, or for integers z in units of 2⁻¹⁰.
    pub confidence: f64,
    /// The least amount.
    pub least: u32,
    /// The greatest.
    pub greatest: u32,
}

impl Rejection {
    /// What a file of this kind of element holds.
    #[must_use]
    pub fn of(stored: StoredRejection, element: u8) -> Self {
        let bits = stored.confidence;
        Self {
            confidence: if element == ELEMENT_I8 {
                bits.cast_signed().into()
            } else {
                f32::from_bits(bits).into()
            },
            least: stored.least,
            greatest: stored.greatest,
        }
    }

    /// What a file of this kind of element is to hold. Confidences of outputs are exact in either kind.
    #[must_use]
    pub fn stored(&self, element: u8) -> StoredRejection {
        StoredRejection {
            confidence: if element == ELEMENT_I8 {
                (self.confidence as i32).cast_unsigned()
            } else {
                (self.confidence as f32).to_bits()
            },
            least: self.least,
            greatest: self.greatest,
        }
    }

    /// The least confidence in words: an activation, or z.
    #[must_use]
    pub fn words(&self, element: u8) -> String {
        /// z of 1 in an integer network.
        const ONE: f64 = 1024.0;
        if element == ELEMENT_I8 {
            format!("{:.3} of z", self.confidence / ONE)
        } else {
            format!("{:.4}", self.confidence)
        }
    }

    /// As the core judges by it.
    #[must_use]
    pub fn core(&self) -> smidgen_core::Rejection<f64> {
        smidgen_core::Rejection {
            confidence: self.confidence,
            least: self.least,
            greatest: self.greatest,
        }
    }
}
