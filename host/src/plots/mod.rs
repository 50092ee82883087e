//! Results as pictures: SVG, or PNG where the name of the file ends in .png.
//!
//! | picture | shows |
//! |---------|-------|
//! | [`curves::Curves`] | accuracy and cost by epoch, of a training or of a sweep |
//! | [`table::Table`] | a confusion table, a sweep over two quantities |
//! | [`tiles::Tiles`] | small images side by side: what neurons look for, the worst mistakes |
//!
//! All are 800 pixels wide, on white, with the colours of Okabe and Ito or one hue and its depth, which colour-blind
//! people can tell apart. The font is inside the program, so a machine without fonts draws the same.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub mod curves;
pub mod table;
pub mod tiles;

/// Pixels from left to right.
pub const WIDTH: u32 = 800;
/// The font's name: what the SVG asks its viewer for, and what the program's own font is called.
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(34, 34, 34);
const SOFT: RGBColor = RGBColor(110, 110, 110);
const LINE: RGBColor = RGBColor(221, 221, 221);

/// Where a picture is drawn.
pub type Area<B> = DrawingArea<B, Shift>;
/// What drawing results in.
pub type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// Something that can be drawn.
pub trait Picture {
    /// Width and height in pixels.
    fn size(&self) -> (u32, u32);

    /// Draws all but the tiles on a white ground.
    ///
    /// # Errors
    ///
    /// What the backend says.
    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B>;

    /// Small images to be put on top.
    fn tiles(&self) -> Vec<Tile> {
        Vec::new()
    }
}

/// A small square image, each pixel of which becomes a square of `scale` × `scale`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Pixels of the picture for each of the tile's.
    pub scale: u32,
    /// Pixels in a row.
    pub side: u32,
    /// Row by row.
    pub pixels: Vec<[u8; 3]>,
}

/// A picture that cannot be drawn, in the words of the backend, the encoder or the font.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlotError(String);

/// The picture as the text of an SVG file.
///
/// # Errors
///
/// [`PlotError`].
pub fn svg(picture: &impl Picture) -> Result<Vec<u8>, PlotError> {
    load_font()?;
    let mut text = String::new();
    paint(picture, SVGBackend::with_string(&mut text, picture.size()))?;
    let mut images = String::new();
    for tile in picture.tiles() {
        let side = tile.side * tile.scale;
        let data = STANDARD.encode(encode(tile.side, tile.side, tile.pixels.as_flattened())?);
        images += &format!(
            "<image x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\" style=\"image-rendering:pixelated\" \
             href=\"data:image/png;base64,{data}\"/>\n",
            tile.x, tile.y
        );
    }
    let end = text.rfind("</svg>").unwrap_or(text.len());
    text.insert_str(end, &images);
    Ok(text.into_bytes())
}

/// The picture as a PNG file.
///
/// # Errors
///
/// What the backend or the encoder says.
pub fn png(picture: &impl Picture) -> Result<Vec<u8>, PlotError> {
    load_font()?;
    let (width, height) = picture.size();
    let mut pixels = vec![0; 3 * width as usize * height as usize];
    paint(
        picture,
        BitMapBackend::with_buffer(&mut pixels, (width, height)),
    )?;
    for tile in picture.tiles() {
        put(&mut pixels, width, &tile);
    }
    encode(width, height, &pixels)
}

fn paint<B: DrawingBackend>(picture: &impl Picture, backend: B) -> Result<(), PlotError> {
    let area = backend.into_drawing_area();
    let drawn = area
        .fill(&WHITE)
        .and_then(|()| picture.draw(&area))
        .and_then(|()| area.present());
    drawn.map_err(|error| PlotError(error.to_string()))
}

fn put(pixels: &mut [u8], width: u32, tile: &Tile) {
    let side = tile.side * tile.scale;
    for y in 0..side {
        for x in 0..side {
            let from = (y / tile.scale * tile.side + x / tile.scale) as usize;
            let to = 3 * ((tile.y + y) as usize * width as usize + (tile.x + x) as usize);
            if let (Some(from), Some(to)) = (tile.pixels.get(from), pixels.get_mut(to..to + 3)) {
                to.copy_from_slice(from);
            }
        }
    }
}

fn encode(width: u32, height: u32, pixels: &[u8]) -> Result<Vec<u8>, PlotError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Adaptive);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(pixels));
    written.map_err(|error| PlotError(error.to_string()))?;
    Ok(bytes)
}

/// Gives the program's own font to plotters, once.
fn load_font() -> Result<(), PlotError> {
    static LOADED: OnceLock<bool> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| {
        register_font(FONT, FontStyle::Normal, dejavu::sans::regular()).is_ok()
            && register_font(FONT, FontStyle::Bold, dejavu::sans::bold()).is_ok()
    });
    loaded
        .then_some(())
        .ok_or_else(|| PlotError("the font is broken".into()))
}

/// Writes a line of text.
fn write<B: DrawingBackend>(
    area: &Area<B>,
    text: &str,
    (x, y): (i32, i32),
    size: u32,
    colour: RGBColor,
    at: HPos,
) -> Drawn<B> {
    let style = (FONT, size)
        .into_font()
        .color(&colour)
        .pos(Pos::new(at, VPos::Center));
    area.draw_text(text, &style, (x, y))
}

/// Writes the title at the top left.
fn title<B: DrawingBackend>(area: &Area<B>, text: &str) -> Drawn<B> {
    let style = (FONT, 21, FontStyle::Bold)
        .into_font()
        .color(&INK)
        .pos(Pos::new(HPos::Left, VPos::Center));
    area.draw_text(text, &style, (24, 28))
}

/// White for 0, dark blue for 1: one hue, lighter or darker.
fn shade(value: f64) -> RGBColor {
    let value = value.clamp(0.0, 1.0);
    let mix = |light: f64, dark: f64| (light + (dark - light) * value).round() as u8;
    RGBColor(mix(247.0, 8.0), mix(251.0, 64.0), mix(255.0, 129.0))
}

/// Blue for −1, white for 0, red for 1.
#[must_use]
pub fn diverging(value: f64) -> [u8; 3] {
    let value = value.clamp(-1.0, 1.0);
    let end = if value < 0.0 {
        [33.0, 102.0, 172.0]
    } else {
        [178.0, 24.0, 43.0]
    };
    end.map(|end: f64| (255.0 + (end - 255.0) * value.abs()).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Corner;

    impl Picture for Corner {
        fn size(&self) -> (u32, u32) {
            (100, 60)
        }

        fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
            title(area, "Title")
        }

        fn tiles(&self) -> Vec<Tile> {
            vec![Tile {
                x: 90,
                y: 50,
                scale: 4,
                side: 2,
                pixels: vec![[255, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 255]],
            }]
        }
    }

    #[test]
    fn a_png_has_text_and_tiles() {
        let png = image::load_from_memory(&png(&Corner).unwrap())
            .unwrap()
            .to_rgb8();
        assert_eq!(png.dimensions(), (100, 60));
        assert_eq!(png.get_pixel(93, 53).0, [255, 0, 0]);
        assert_eq!(png.get_pixel(97, 57).0, [0, 0, 255]);
        let dark = png.pixels().filter(|pixel| pixel.0[1] < 100).count();
        assert!(dark > 100, "no text: {dark}");
    }

    #[test]
    fn an_svg_has_text_and_tiles_and_ends_well() {
        let svg = String::from_utf8(svg(&Corner).unwrap()).unwrap();
        assert!(svg.contains("Title") && svg.contains("data:image/png;base64,"));
        assert!(svg.trim_end().ends_with("</svg>"));
    }

    #[test]
    fn the_ends_of_the_colours_are_what_they_should_be() {
        assert_eq!(diverging(0.0), [255; 3]);
        assert_eq!(
            (diverging(-7.0), diverging(1.0)),
            ([33, 102, 172], [178, 24, 43])
        );
        assert_eq!(shade(0.0), RGBColor(247, 251, 255));
    }
}
