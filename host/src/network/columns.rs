//! `PixelColumns`: the active pixels of a mini-batch, turned from image by image to pixel by pixel.

use smidgen_core::image::INTENSITIES;
use smidgen_core::{ActivePixel, Batch};

/// For each pixel the examples of a mini-batch that have ink there, with the byte.
///
/// Pixel k has the entries `entries[k · capacity .. ends[k]]`; an entry is `example · 256 + byte`.
#[derive(Debug)]
pub struct PixelColumns {
    capacity: usize,
    entries: Vec<u32>,
    ends: Vec<u32>,
}

impl PixelColumns {
    /// Room for `capacity` examples of `inputs` pixels.
    #[must_use]
    pub fn new(inputs: usize, capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            entries: vec![0; inputs * capacity.max(1)],
            ends: vec![0; inputs],
        }
    }

    /// Takes all examples out.
    pub fn clear(&mut self) {
        let mut start = 0;
        for end in &mut self.ends {
            *end = start;
            start += self.capacity as u32;
        }
    }

    /// Adds the active pixels of example `example`; examples come in ascending order, at most `capacity` of them.
    #[inline(always)]
    pub fn push(&mut self, example: usize, pixels: &[ActivePixel]) {
        let (entries, ends) = (self.entries.as_mut_slice(), self.ends.as_mut_slice());
        let example = (example as u32) << 8;
        for pixel in pixels {
            if let Some(end) = ends.get_mut(usize::from(pixel.index))
                && let Some(entry) = entries.get_mut(*end as usize)
            {
                *entry = example | u32::from(pixel.value);
                *end += 1;
            }
        }
    }
}

impl<const N: usize> Batch<N> for PixelColumns {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        (0..N).zip(&self.ends).filter_map(|(k, &end)| {
            let start = k * self.capacity;
            if end as usize == start {
                return None;
            }
            let active = self.entries.get(start..end as usize)?;
            let column = active.iter().map(|entry| {
                let value = INTENSITIES[(entry & 0xff) as usize];
                ((entry >> 8) as usize, value)
            });
            Some((k, column))
        })
    }
}
