//! Small images of 28 × 28 pixels side by side, with a line or two below each.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use smidgen_core::image::SIDE;

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
        images: Vec<(Vec<[u8; 3]>, Vec<String>)>,
    ) -> Self {
        let width = (WIDTH - 2 * MARGIN) / across;
        Self {
            title,
            note,
            across,
            scale: (width.saturating_sub(GAP) / SIDE as u32).max(1),
            images,
            limit: None,
        }
    }

    fn side(&self) -> u32 {
        self.scale * SIDE as u32
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

    /// A bar of all colours with its values.
    fn draw_scale<B: DrawingBackend>(&self, area: &Area<B>, limit: f64) -> Drawn<B> {
        const STEPS: i32 = 100;
        const STEP: i32 = 3;
        let (left, top) = (MARGIN as i32, self.below() as i32 + 8);
        for i in 0..STEPS {
            let [red, green, blue] = diverging(f64::from(2 * i + 1 - STEPS) / f64::from(STEPS));
            let corners = [(left + i * STEP, top), (left + (i + 1) * STEP, top + 14)];
            area.draw(&Rectangle::new(
                corners,
                RGBColor(red, green, blue).filled(),
            ))?;
        }
        let end = left + STEPS * STEP;
        area.draw(&Rectangle::new([(left, top), (end, top + 14)], SOFT))?;
        let text = |text: &str, x: i32, at: HPos| write(area, text, (x, top + 28), 15, INK, at);
        text(&format!("−{limit:.1}"), left, HPos::Left)?;
        text("0", (left + end) / 2, HPos::Center)?;
        text(&format!("+{limit:.1}"), end, HPos::Right)?;
        write(
            area,
            "weight; stronger ones have the last colour",
            (end + 20, top + 7),
            15,
            SOFT,
            HPos::Left,
        )
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
                side: SIDE as u32,
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
pub fn filters(title: String, layer: &Layer) -> Tiles {
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
    let note =
        "weights from the 28 × 28 pixels: red is drawn to ink there, blue is put off by it".into();
    let mut tiles = Tiles::new(title, note, across, images.collect());
    tiles.limit = Some(limit);
    tiles
}

/// Digits with what was said of them.
#[must_use]
pub fn digits(title: String, note: String, digits: &[(Vec<u8>, Vec<String>)]) -> Tiles {
    let images = digits.iter().map(|(image, lines)| {
        let pixels = image.iter().map(|&pixel| [255 - pixel; 3]).collect();
        (pixels, lines.clone())
    });
    Tiles::new(title, note, 6, images.collect())
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
        let picture = filters("Filters".into(), &layers(&[784, 30], &parameters)[0]);
        let tiles = picture.tiles();
        assert_eq!(tiles.len(), 30);
        assert_eq!(
            (tiles[4].pixels[0], tiles[4].pixels[299]),
            (diverging(-1.0), diverging(1.0))
        );
        assert_eq!(tiles[3].pixels[0], [255; 3]);
        let svg = String::from_utf8(svg(&picture).unwrap()).unwrap();
        assert_eq!(svg.matches("<image ").count(), 30);
        assert!(svg.contains("+2.0") && svg.contains("Filters"));
    }

    #[test]
    fn no_tile_reaches_over_the_edge_or_another() {
        for neurons in [10, 30, 100, 300] {
            let layer = &layers(&[784, neurons], &vec![0.0; 785 * neurons])[0];
            let picture = filters(String::new(), layer);
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
        let picture = digits(
            "Digits".into(),
            String::new(),
            &[(vec![255; 784], vec!["says 1".into()])],
        );
        assert_eq!(picture.tiles()[0].pixels[0], [0; 3]);
        assert!(png(&picture).is_ok());
    }
}
