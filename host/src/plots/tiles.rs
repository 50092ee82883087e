//! Small images side by side, with a line or two below each.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::scale::draw_scale;
use super::{Area, Drawn, INK, Picture, SOFT, Tile, WIDTH, diverging, title, write};
use crate::network::layer::Layer;

/// Left and right of the images.
const MARGIN: u32 = 24;
/// Above the images: title and what they are.
const TOP: u32 = 84;
/// Between images, from left to right.
const GAP: u32 = 10;
/// A line of text below an image.
const LINE: u32 = 20;
/// Below the images, where there is a scale.
const SCALE: u32 = 64;

/// Images in a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    /// Above all.
    pub title: String,
    /// What the images are.
    pub note: String,
    /// Images in a row.
    across: u32,
    /// Pixels of the picture for each of an image's.
    scale: u32,
    /// Pixels of an image from edge to edge; one that is no square is framed to be one.
    pixels: u32,
    /// The images, each with the lines below it.
    images: Vec<(Vec<[u8; 3]>, Vec<String>)>,
    /// The value that has the strongest colour, where colours have values.
    limit: Option<f64>,
}

impl Tiles {
    fn new(
        title: String,
        note: String,
        across: u32,
        (rows, columns): (usize, usize),
        images: Vec<(Vec<[u8; 3]>, Vec<String>)>,
    ) -> Self {
        let width = (WIDTH - 2 * MARGIN) / across;
        let pixels = rows.max(columns).max(1) as u32;
        let framed = |(image, lines): (Vec<[u8; 3]>, _)| (frame(&image, (rows, columns)), lines);
        Self {
            title,
            note,
            across,
            scale: (width.saturating_sub(GAP) / pixels).max(1),
            pixels,
            images: images.into_iter().map(framed).collect(),
            limit: None,
        }
    }

    fn side(&self) -> u32 {
        self.scale * self.pixels
    }

    /// From one row of images to the next.
    fn row(&self) -> u32 {
        let lines = self
            .images
            .iter()
            .map(|(_, lines)| lines.len())
            .max()
            .unwrap_or(0);
        self.side() + LINE * lines as u32 + GAP
    }

    /// Where image `i` is.
    fn place(&self, i: u32) -> (u32, u32) {
        let column = (WIDTH - 2 * MARGIN) / self.across;
        (
            MARGIN + i % self.across * column,
            TOP + i / self.across * self.row(),
        )
    }

    fn below(&self) -> u32 {
        TOP + (self.images.len() as u32).div_ceil(self.across) * self.row()
    }

    /// What the colours mean.
    fn draw_scale<B: DrawingBackend>(&self, area: &Area<B>, limit: f64) -> Drawn<B> {
        let place = (MARGIN as i32, self.below() as i32 + 8);
        let words = "weight; stronger ones have the last colour";
        let behind = draw_scale(area, place, limit)?;
        write(area, words, behind, 15, SOFT, HPos::Left)
    }
}

impl Picture for Tiles {
    fn size(&self) -> (u32, u32) {
        let scale = if self.limit.is_some() { SCALE } else { GAP };
        (WIDTH, self.below() + scale)
    }

    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        title(area, &self.title)?;
        write(area, &self.note, (MARGIN as i32, 58), 16, SOFT, HPos::Left)?;
        for ((_, lines), i) in self.images.iter().zip(0..) {
            let (x, y) = self.place(i);
            let middle = (x + self.side() / 2) as i32;
            let corners = [
                (x as i32 - 1, y as i32 - 1),
                ((x + self.side()) as i32, (y + self.side()) as i32),
            ];
            area.draw(&Rectangle::new(corners, super::LINE))?;
            for (line, row) in lines.iter().zip(0..) {
                let y = (y + self.side() + LINE * row + LINE / 2) as i32;
                write(area, line, (middle, y), 14, INK, HPos::Center)?;
            }
        }
        match self.limit {
            Some(limit) => self.draw_scale(area, limit),
            None => Ok(()),
        }
    }

    fn tiles(&self) -> Vec<Tile> {
        let tile = |(i, (pixels, _)): (u32, &(Vec<[u8; 3]>, Vec<String>))| {
            let (x, y) = self.place(i);
            Tile {
                x,
                y,
                scale: self.scale,
                side: self.pixels,
                pixels: pixels.clone(),
            }
        };
        (0..).zip(&self.images).map(tile).collect()
    }
}

/// What every neuron of the first layer looks for: its weights where the pixels are, blue against ink, red for it.
///
/// One scale for all; its end is the size that one weight in a hundred exceeds.
#[must_use]
pub fn filters(title: String, size: (usize, usize), layer: &Layer) -> Tiles {
    let weights = |j: usize| {
        layer
            .weights_into(j)
            .iter()
            .map(|&weight| f64::from(weight))
    };
    let mut sizes: Vec<f64> = (0..layer.neurons).flat_map(weights).map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let limit = sizes
        .get(sizes.len() * 99 / 100)
        .copied()
        .unwrap_or(1.0)
        .max(f64::MIN_POSITIVE);
    let across = match layer.neurons {
        0..=36 => 6,
        37..=100 => 10,
        _ => 12,
    };
    let images = (0..layer.neurons).map(|j| {
        let pixels = weights(j).map(|weight| diverging(weight / limit)).collect();
        (pixels, vec![j.to_string()])
    });
    let note = format!(
        "weights from the {} × {} pixels: red is drawn to ink there, blue is put off by it",
        size.0, size.1
    );
    let mut tiles = Tiles::new(title, note, across, size, images.collect());
    tiles.limit = Some(limit);
    tiles
}

/// Pictures of the same height and width with what was said of them.
#[must_use]
pub fn pictures(
    title: String,
    note: String,
    size: (usize, usize),
    pictures: &[(Vec<u8>, Vec<String>)],
) -> Tiles {
    let images = pictures.iter().map(|(image, lines)| {
        let pixels = image.iter().map(|&pixel| [255 - pixel; 3]).collect();
        (pixels, lines.clone())
    });
    Tiles::new(title, note, 6, size, images.collect())
}

/// An image of so many rows and columns in the middle of a square, grey where it does not reach.
fn frame(image: &[[u8; 3]], (rows, columns): (usize, usize)) -> Vec<[u8; 3]> {
    if rows == columns {
        return image.to_vec();
    }
    let side = rows.max(columns);
    let (above, left) = ((side - rows) / 2, (side - columns) / 2);
    let mut square = vec![[221; 3]; side * side];
    for (row, pixels) in image.chunks(columns.max(1)).enumerate() {
        let start = (above + row) * side + left;
        if let Some(to) = square.get_mut(start..start + pixels.len()) {
            to.copy_from_slice(pixels);
        }
    }
    square
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::layer::layers;
    use crate::plots::{png, svg};

    #[test]
    fn each_neuron_has_its_tile_and_colours_are_by_sign() {
        let mut parameters = vec![0.0; 31 * 784];
        for k in 0..300 {
            parameters[4 * 784 + k] = if k < 150 { -2.0 } else { 2.0 };
        }
        let picture = filters(
            "Filters".into(),
            (28, 28),
            &layers(&[784, 30], &parameters)[0],
        );
        let tiles = picture.tiles();
        assert_eq!(tiles.len(), 30);
        assert_eq!(
            (tiles[4].pixels[0], tiles[4].pixels[299]),
            (diverging(-1.0), diverging(1.0))
        );
        assert_eq!(tiles[3].pixels[0], [255; 3]);
        let svg = String::from_utf8(svg(&picture, None).unwrap()).unwrap();
        assert_eq!(svg.matches("<image ").count(), 30);
        assert!(svg.contains("+2.0") && svg.contains("Filters"));
    }

    #[test]
    fn no_tile_reaches_over_the_edge_or_another() {
        for neurons in [10, 30, 100, 300] {
            let layer = &layers(&[784, neurons], &vec![0.0; 785 * neurons])[0];
            let picture = filters(String::new(), (28, 28), layer);
            let (width, height) = picture.size();
            for (i, tile) in picture.tiles().iter().enumerate() {
                let side = tile.side * tile.scale;
                assert!(tile.x + side <= width && tile.y + side <= height);
                if let Some(next) = picture.tiles().get(i + 1) {
                    assert!(next.y > tile.y || next.x >= tile.x + side);
                }
            }
        }
    }

    #[test]
    fn ink_is_dark() {
        let picture = pictures(
            "Digits".into(),
            String::new(),
            (28, 28),
            &[(vec![255; 784], vec!["says 1".into()])],
        );
        assert_eq!(picture.tiles()[0].pixels[0], [0; 3]);
        assert!(png(&picture, None).is_ok());
    }

    #[test]
    fn a_picture_that_is_no_square_is_framed() {
        let image = vec![255; 4 * 8];
        let picture = pictures(String::new(), String::new(), (4, 8), &[(image, Vec::new())]);
        let tile = &picture.tiles()[0];
        assert_eq!((tile.side, tile.pixels.len()), (8, 64));
        assert_eq!((tile.pixels[0], tile.pixels[2 * 8]), ([221; 3], [0; 3]));
        assert!(png(&picture, None).is_ok());
    }
}
