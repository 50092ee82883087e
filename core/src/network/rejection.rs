//! `Rejection`: when an answer is left open, because the network is not sure or the input is unlike all it has learned.

use super::inference::Output;

/// What a network says once it may say that it does not know.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This class.
    Sure(usize),
    /// Perhaps this class: the second best comes too close.
    Unsure(usize),
    /// The input is unlike any that the network was trained on; the class means little.
    Unlike(usize),
}

/// The least confidence of an answer, and the amounts that the training data had; chosen on the validation part by
/// `smidgen evaluate --reject`, and stored in the model file.
///
/// The reject option of Chow, "On optimum recognition error and reject tradeoff", *IEEE Transactions on Information
/// Theory* 16 (1970), with the distance of the two best outputs in the place of a probability, which sigmoids do not give.
///
/// ```
/// use smidgen_core::{Answer, Rejection, Row};
/// let rejection = Rejection { confidence: 0.5, least: 10_000, greatest: 60_000 };
/// assert_eq!(rejection.answer(&Row([0.1, 0.9]), 20_000), Answer::Sure(1));
/// assert_eq!(rejection.answer(&Row([0.6, 0.9]), 20_000), Answer::Unsure(1));
/// assert_eq!(rejection.answer(&Row([0.1, 0.9]), 99_000), Answer::Unlike(1));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rejection<C> {
    /// The least [`Output::confidence`] of an answer that counts, in its units.
    pub confidence: C,
    /// The least amount in the training data: of ink in an image ([`image::ink`](crate::image::ink)), or of readings
    /// outside of the fitted range in a row ([`Scaling::outside`](crate::Scaling::outside)).
    pub least: u32,
    /// The greatest amount.
    pub greatest: u32,
}

impl<C: PartialOrd + Copy> Rejection<C> {
    /// What an output says to an input of an amount of ink, or of so many readings outside of the range.
    #[must_use]
    #[inline]
    pub fn answer<const O: usize>(
        &self,
        output: &impl Output<O, Confidence = C>,
        amount: u32,
    ) -> Answer {
        self.judge(output.class(), output.confidence(), amount)
    }

    /// [`Rejection::answer`] by the class and the confidence of an output. A confidence that is a NaN is none.
    #[must_use]
    #[inline]
    pub fn judge(&self, class: usize, confidence: C, amount: u32) -> Answer {
        if amount < self.least || amount > self.greatest {
            Answer::Unlike(class)
        } else if confidence >= self.confidence {
            Answer::Sure(class)
        } else {
            Answer::Unsure(class)
        }
    }
}
