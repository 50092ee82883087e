//! What networks of floats and of integers have in common where their types meet values.

use std::borrow::Cow;

use smidgen_core::{Cost, Output, Stored, model, ranked};

use super::any::{Answer, Verdict};

/// Bytes as an array of `N`; bytes that are missing are 0, those beyond are left out.
pub fn sized<const N: usize>(bytes: &[u8]) -> Cow<'_, [u8; N]> {
    match bytes.try_into() {
        Ok(array) => Cow::Borrowed(array),
        Err(_) => {
            let mut array = [0; N];
            array
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, &from)| *to = from);
            Cow::Owned(array)
        }
    }
}

/// The sizes of a network from input to output.
pub fn sizes<S: Stored>() -> Vec<usize> {
    let mut sizes = vec![S::INPUTS];
    S::for_each_size(|size| sizes.push(size));
    sizes
}

/// What an output says.
pub fn answer<const O: usize>(output: &impl Output<O>) -> Answer {
    let activations = output.activations();
    Answer {
        class: output.class(),
        activations: activations.to_vec(),
        ranking: ranked(&activations).to_vec(),
        bits: output.bits().to_vec(),
    }
}

/// What an output says, and what it costs.
#[inline(always)]
pub fn verdict<const O: usize>(output: &impl Output<O>, cost: Cost, label: usize) -> Verdict {
    let (class, activations) = (output.class(), output.activations());
    Verdict {
        // A network has at most 256 classes.
        class: class as u16,
        activation: activations.get(class).copied().unwrap_or_default(),
        cost: cost.value(&activations, label),
    }
}

/// A network as a model file with a note.
pub fn encode(network: &impl Stored, note: &str) -> Vec<u8> {
    let mut file = Vec::new();
    model::encode(network, note, |bytes| file.extend_from_slice(bytes));
    file
}
