//! `Dataset`: labelled images as lists of their active pixels, or labelled rows of readings.

use crc32fast::Hasher;
use smidgen_core::scaling::byte;
use smidgen_core::{ActivePixel, active_pixels};

use super::input::Input;
use super::pages;

/// Bytes that an image may have.
pub const MOST_INPUTS: usize = 1 << 16;
/// Classes that a data set may have.
pub const MOST_CLASSES: usize = 1 << 8;

/// Labelled images, each as the ascending list of its active pixels: 4 bytes for each pixel that is not paper; or labelled
/// rows of readings, each in [0, 1].
///
/// The 50,000 training images of MNIST are 30 MB in this form, and nothing has to look for their ink again.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    inputs: usize,
    classes: usize,
    /// Where the list of each image ends in `pixels`.
    ends: Vec<u32>,
    pixels: Vec<ActivePixel>,
    /// Readings in [0, 1], row by row; none in a set of images.
    readings: Vec<f32>,
    labels: Vec<u8>,
    /// How many readings of each row lie outside of the fitted range; none where nothing was fitted.
    outside: Vec<u16>,
}

impl Dataset {
    /// No examples yet, of `inputs` bytes each, at most [`MOST_INPUTS`], and with labels below `classes`, at most
    /// [`MOST_CLASSES`]; larger numbers count as these.
    #[must_use]
    pub fn new(inputs: usize, classes: usize) -> Self {
        Self {
            inputs: inputs.min(MOST_INPUTS),
            classes: classes.min(MOST_CLASSES),
            ..Self::default()
        }
    }

    /// Rows of `inputs` readings, each in [0, 1], one after the other, and their classes; rows without a class are left out.
    #[must_use]
    pub fn of_readings(
        inputs: usize,
        classes: usize,
        mut readings: Vec<f32>,
        mut labels: Vec<u8>,
    ) -> Self {
        let rows = labels.len().min(readings.len() / inputs.max(1));
        labels.truncate(rows);
        readings.truncate(rows * inputs);
        Self {
            readings,
            labels,
            ..Self::new(inputs, classes)
        }
    }

    /// A set of rows that knows how many readings of each lie outside of the fitted range.
    #[must_use]
    pub fn with_outside(self, outside: Vec<u16>) -> Self {
        Self { outside, ..self }
    }

    /// One example and its class; a class above 255 counts as 255, which is none of most networks.
    #[must_use]
    pub fn of(input: Input<'_>, label: usize) -> Self {
        match input {
            Input::Pixels(image) => Self::of_image(image, label),
            Input::Readings(row) => {
                let label = label.min(MOST_CLASSES - 1) as u8;
                Self::of_readings(row.len(), MOST_CLASSES, row.to_vec(), vec![label])
            }
        }
    }

    /// One image and its class; a class above 255 counts as 255, which is none of most networks.
    #[must_use]
    pub fn of_image(image: &[u8], label: usize) -> Self {
        let mut data = Self::new(image.len(), MOST_CLASSES);
        let label = label.min(MOST_CLASSES - 1);
        // The label is in range, and an image that is too long is cut off.
        let image = image.get(..MOST_INPUTS).unwrap_or(image);
        data.add(image, label);
        data
    }

    /// Adds an image and its class, and says true; false, and nothing is added, if the image has another length than
    /// [`Dataset::inputs`] or the class is none of [`Dataset::classes`].
    pub fn add(&mut self, image: &[u8], label: usize) -> bool {
        let fits = image.len() == self.inputs && label < self.classes;
        if fits {
            let pixels: Vec<_> = active_pixels(image).collect();
            self.push(&pixels);
            // A class is below 256.
            self.labels.push(label as u8);
        }
        fits
    }

    /// Whether the examples are rows of readings, and not images.
    #[must_use]
    #[inline]
    pub fn is_table(&self) -> bool {
        !self.readings.is_empty()
    }

    /// Bytes of an image, or readings of a row.
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

    /// Where [`Dataset::pixels`] looks for image `i`, for who wants to have it fetched; empty if there is no such image.
    #[inline]
    #[must_use]
    pub fn place(&self, i: usize) -> &[u32] {
        self.ends.get(i..).unwrap_or_default()
    }

    /// The class of image `i`, from 0; 0 if there is no such image.
    #[inline]
    #[must_use]
    pub fn label(&self, i: usize) -> usize {
        usize::from(self.labels.get(i).copied().unwrap_or(0))
    }

    /// Row `i` of readings; none if there is no such row.
    #[inline]
    #[must_use]
    pub fn readings(&self, i: usize) -> &[f32] {
        let start = i.saturating_mul(self.inputs);
        let row = self.readings.get(start..start.saturating_add(self.inputs));
        row.unwrap_or_default()
    }

    /// What of example `i` may be unlike the training data: the ink of an image, or how many readings of a row lie outside of
    /// the fitted range.
    #[must_use]
    pub fn amount(&self, i: usize) -> u32 {
        if self.is_table() {
            self.outside.get(i).copied().unwrap_or(0).into()
        } else {
            let pixels = self.pixels(i).iter();
            pixels.map(|pixel| u32::from(pixel.value)).sum()
        }
    }

    /// Calls `visit` with example `i`, and gives what it gives.
    pub fn with<T>(&self, i: usize, visit: impl FnOnce(Input<'_>) -> T) -> T {
        if self.is_table() {
            visit(Input::Readings(self.readings(i)))
        } else {
            visit(Input::Pixels(&self.image(i)))
        }
    }

    /// A set that may have labels below `classes`, at most [`MOST_CLASSES`]; no fewer than it has.
    pub fn widen(&mut self, classes: usize) {
        self.classes = self.classes.max(classes.min(MOST_CLASSES));
    }

    /// Image `i`, row by row, blank if there is no such image; of a row of readings the bytes that an integer network reads.
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
        for (to, &x) in image.iter_mut().zip(self.readings(i)) {
            *to = byte(x);
        }
        for pixel in self.pixels(i) {
            if let Some(byte) = image.get_mut(usize::from(pixel.index)) {
                *byte = pixel.value;
            }
        }
    }

    /// A CRC-32 of all images and labels in their order, to tell one set from another.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        let mut crc = Hasher::new();
        crc.update(&self.labels);
        for end in &self.ends {
            crc.update(&end.to_le_bytes());
        }
        for ActivePixel { index, value } in &self.pixels {
            let [low, high] = index.to_le_bytes();
            crc.update(&[low, high, *value]);
        }
        for reading in &self.readings {
            crc.update(&reading.to_le_bytes());
        }
        crc.finalize()
    }

    /// Adds an image by its active pixels, ascending.
    pub(super) fn push(&mut self, pixels: &[ActivePixel]) {
        self.pixels.extend_from_slice(pixels);
        // A file is refused that has more images than have their pixels counted in 32 bits.
        self.ends.push(self.pixels.len() as u32);
    }

    /// Gives the images that are to come their labels, and makes room for them.
    pub(super) fn set_labels(&mut self, labels: &[u8]) {
        self.labels = labels.to_vec();
        // A fifth of the pixels of MNIST are ink; room that is not used takes no memory, and more is made where it is needed.
        self.pixels = pages::with_capacity(labels.len() * self.inputs / 4);
    }
}

#[cfg(test)]
mod tests {
    use super::Dataset;

    #[test]
    fn beyond_the_end_there_is_nothing() {
        let mut data = Dataset::new(4, 10);
        assert!(data.add(&[0, 0, 9, 0], 3) && data.add(&[1, 2, 3, 4], 9));
        assert!(!data.add(&[0; 5], 3) && !data.add(&[0; 4], 10));
        assert_eq!((data.len(), data.label(0)), (2, 3));
        assert_eq!(
            (data.image(0), data.image(1)),
            (vec![0, 0, 9, 0], vec![1, 2, 3, 4])
        );
        for i in [2, 3, usize::MAX] {
            let found = (data.pixels(i), data.label(i), data.image(i));
            assert_eq!(found, (&[][..], 0, vec![0; 4]));
        }
        assert!(Dataset::default().pixels(0).is_empty());
    }
}
