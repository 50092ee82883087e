//! `Dataset`: labelled images as lists of their active pixels.

use smidgen_core::crc::Crc32;
use smidgen_core::{ActivePixel, active_pixels};

/// Labelled images, each as the ascending list of its active pixels: 4 bytes for each pixel that is not paper.
///
/// The 50,000 training images of MNIST are 30 MB in this form, and nothing has to look for their ink again.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    inputs: usize,
    classes: usize,
    /// Where the list of each image ends in `pixels`.
    ends: Vec<u32>,
    pixels: Vec<ActivePixel>,
    labels: Vec<u8>,
}

impl Dataset {
    /// No examples yet, of `inputs` bytes each, at most 65,536, and with labels below `classes`, at most 256.
    #[must_use]
    pub fn new(inputs: usize, classes: usize) -> Self {
        Self {
            inputs,
            classes,
            ..Self::default()
        }
    }

    /// One image and its class, at most 255.
    #[must_use]
    pub fn of_image(image: &[u8], label: usize) -> Self {
        let mut data = Self::new(image.len(), label + 1);
        let pixels: Vec<_> = active_pixels(image).collect();
        data.push(&pixels);
        data.set_labels(&[label as u8]);
        data
    }

    /// Bytes of an image.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Classes that a label may name.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The active pixels of image `i`, ascending; none if there is no such image.
    #[inline]
    #[must_use]
    pub fn pixels(&self, i: usize) -> &[ActivePixel] {
        let start = match i.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(u32::MAX),
            None => 0,
        };
        let end = self.ends.get(i).copied().unwrap_or(0);
        self.pixels
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The class of image `i`, from 0; 0 if there is no such image.
    #[inline]
    #[must_use]
    pub fn label(&self, i: usize) -> usize {
        usize::from(self.labels.get(i).copied().unwrap_or(0))
    }

    /// Image `i`, row by row; blank if there is no such image.
    #[must_use]
    pub fn image(&self, i: usize) -> Vec<u8> {
        let mut image = vec![0; self.inputs];
        self.draw(i, &mut image);
        image
    }

    /// [`Dataset::image`] as an array: bytes that are missing are 0, those beyond are left out.
    #[must_use]
    pub fn bytes<const N: usize>(&self, i: usize) -> [u8; N] {
        let mut image = [0; N];
        self.draw(i, &mut image);
        image
    }

    /// Puts the ink of image `i` into a blank one.
    fn draw(&self, i: usize, image: &mut [u8]) {
        for pixel in self.pixels(i) {
            if let Some(byte) = image.get_mut(usize::from(pixel.index)) {
                *byte = pixel.value;
            }
        }
    }

    /// A CRC-32 of all images and labels in their order, to tell one set from another.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        let mut crc = Crc32::START.with(&self.labels);
        for end in &self.ends {
            crc = crc.with(&end.to_le_bytes());
        }
        for ActivePixel { index, value } in &self.pixels {
            let [low, high] = index.to_le_bytes();
            crc = crc.with(&[low, high, *value]);
        }
        crc.value()
    }

    /// Adds an image by its active pixels, ascending.
    pub(super) fn push(&mut self, pixels: &[ActivePixel]) {
        self.pixels.extend_from_slice(pixels);
        // A file is refused that has more images than have their pixels counted in 32 bits.
        self.ends.push(self.pixels.len() as u32);
    }

    /// Gives the images their labels, as many as there are.
    pub(super) fn set_labels(&mut self, labels: &[u8]) {
        self.labels = labels.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::Dataset;

    #[test]
    fn beyond_the_end_there_is_nothing() {
        let mut data = Dataset::new(4, 10);
        data.push(&[smidgen_core::ActivePixel { index: 2, value: 9 }]);
        data.set_labels(&[3]);
        assert_eq!((data.label(0), data.image(0)), (3, vec![0, 0, 9, 0]));
        for i in [1, 2, usize::MAX] {
            let found = (data.pixels(i), data.label(i), data.image(i));
            assert_eq!(found, (&[][..], 0, vec![0; 4]));
        }
        assert!(Dataset::default().pixels(0).is_empty());
    }
}
