//! More training images out of the ones there are: each also moved by one pixel up, down, left and right.
//!
//! Nielsen, *Neural Networks and Deep Learning*, ch. 3, "Other techniques for regularization" (his
//! `expand_mnist.py`). The moved images are made when they are needed and never stored.

use smidgen_core::ActivePixel;
use smidgen_core::image::SIDE;

/// Whether training images are also moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Expand {
    /// The images as they are.
    #[default]
    None,
    /// Each image five times: as it is, and moved by a pixel up, down, left and right. What leaves the edge is lost.
    Shift,
}

/// Where an image is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
    Left,
    Right,
}

impl Expand {
    /// How many examples each image gives.
    #[must_use]
    #[inline]
    pub fn factor(self) -> usize {
        match self {
            Self::None => 1,
            Self::Shift => 5,
        }
    }

    /// The image of an example, and its active pixels: those of the image, or moved ones put into `moved`.
    #[inline]
    pub fn pixels<'a>(
        self,
        example: usize,
        image: impl Fn(usize) -> &'a [ActivePixel],
        moved: &'a mut Vec<ActivePixel>,
    ) -> (usize, &'a [ActivePixel]) {
        let index = example / self.factor();
        let pixels = image(index);
        let direction = match example % self.factor() {
            1 => Direction::Up,
            2 => Direction::Down,
            3 => Direction::Left,
            4 => Direction::Right,
            _ => return (index, pixels),
        };
        moved.clear();
        moved.extend_from_slice(pixels);
        let mut length = 0;
        for &pixel in pixels {
            // Stored without asking: the next takes the same place if this one leaves the picture.
            let (stays, index) = direction.moved(pixel.index);
            if let Some(place) = moved.get_mut(length) {
                *place = ActivePixel { index, ..pixel };
            }
            length += usize::from(stays);
        }
        moved.truncate(length);
        (index, moved)
    }
}

impl Direction {
    /// Whether a pixel stays in the picture, and its new place if it does.
    #[inline]
    fn moved(self, index: u16) -> (bool, u16) {
        let side = SIDE as u16;
        let (row, column) = (index / side, index % side);
        match self {
            Self::Up => (row > 0, index.wrapping_sub(side)),
            Self::Down => (row + 1 < side, index.wrapping_add(side)),
            Self::Left => (column > 0, index.wrapping_sub(1)),
            Self::Right => (column + 1 < side, index.wrapping_add(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Expand;
    use smidgen_core::ActivePixel;

    fn moved(example: usize, indices: &[u16]) -> Vec<u16> {
        let image: Vec<_> = indices
            .iter()
            .map(|&index| ActivePixel { index, value: 9 })
            .collect();
        let mut buffer = Vec::new();
        let (_, pixels) = Expand::Shift.pixels(example, |_| &image, &mut buffer);
        pixels.iter().map(|pixel| pixel.index).collect()
    }

    #[test]
    fn an_image_moves_by_a_pixel_in_each_direction() {
        assert_eq!(moved(0, &[100, 101]), [100, 101]);
        assert_eq!(moved(1, &[100, 101]), [72, 73]);
        assert_eq!(moved(2, &[100, 101]), [128, 129]);
        assert_eq!(moved(3, &[100, 101]), [99, 100]);
        assert_eq!(moved(4, &[100, 101]), [101, 102]);
    }

    #[test]
    fn what_leaves_an_edge_is_lost_and_does_not_come_back_on_the_other_side() {
        assert_eq!(moved(1, &[27, 30]), [2]);
        assert_eq!(moved(2, &[755, 756]), [783]);
        assert_eq!(moved(3, &[28, 29]), [28]);
        assert_eq!(moved(4, &[54, 55]), [55]);
    }

    #[test]
    fn five_examples_share_an_image() {
        let mut buffer = Vec::new();
        let indices: Vec<_> = (0..10)
            .map(|e| Expand::Shift.pixels(e, |_| &[], &mut buffer).0)
            .collect();
        assert_eq!(indices, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    }
}
