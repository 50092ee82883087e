//! What networks of every kind have in common where their types meet values.

use std::borrow::Cow;

use smidgen_core::flash;
use smidgen_core::model::Header;
use smidgen_core::scaling::byte;
use smidgen_core::{Cost, Model, Output, Row, Stored, Trace, model, ranked};

use super::any::{Answer, Certainty, Verdict};
use crate::data::{About, Input};

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

/// What an integer network reads of an input.
pub fn sized_bytes<const N: usize>(input: Input<'_>) -> Cow<'_, [u8; N]> {
    match input {
        Input::Pixels(bytes) => sized(bytes),
        Input::Readings(readings) => {
            let mut array = [0; N];
            for (to, &x) in array.iter_mut().zip(readings) {
                *to = byte(x);
            }
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

/// Adds the activations of every layer to as many sums.
pub fn add_activations<const O: usize>(trace: &impl Trace<O>, sums: &mut [f64]) {
    let mut places = sums.iter_mut();
    trace.for_each_layer(|row| {
        places
            .by_ref()
            .zip(row)
            .for_each(|(sum, &a)| *sum += f64::from(a));
    });
}

/// What an output says.
pub fn answer<const O: usize>(output: &impl Output<O>) -> Answer {
    let activations = output.activations();
    Answer {
        class: output.class(),
        activations: activations.to_vec(),
        ranking: ranked(&activations).to_vec(),
        bits: output.bits().to_vec(),
        confidence: output.confidence().into(),
    }
}

/// How sure an output is.
pub fn certainty<const O: usize>(output: &impl Output<O>) -> Certainty {
    Certainty {
        class: output.class(),
        confidence: output.confidence().into(),
    }
}

/// What an output of some activations says, and what it costs.
#[inline(always)]
pub fn verdict<const O: usize>(
    class: usize,
    activations: &Row<O>,
    cost: Cost,
    label: usize,
) -> Verdict {
    Verdict {
        // A network has at most 256 classes.
        class: class as u16,
        activation: activations.get(class).copied().unwrap_or_default(),
        cost: cost.value(activations, label),
    }
}

/// A network as a model file with a note and, if there is more to say, what is known of its data.
pub fn encode<S: Stored>(network: &S, note: &str, about: &About) -> Vec<u8> {
    let mut file = Vec::new();
    let write = |bytes: &[u8]| file.extend_from_slice(bytes);
    match about.blocks(note, S::ELEMENT) {
        Some(blocks) => model::encode_described(network, &blocks, write),
        None => model::encode(network, note, write),
    };
    file
}

/// The network of a model file with this header as an image for flash.
pub fn flash_image<N: Stored>(network: &N, header: &Header<'_>, sequence: u32) -> Vec<u8> {
    let mut image = Vec::with_capacity(Model::<N>::IMAGE);
    flash::encode(network, header, sequence, |bytes| {
        image.extend_from_slice(bytes);
    });
    image
}
