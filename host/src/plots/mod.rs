//! Results as pictures: SVG, or PNG where the name of the file ends in .png.
//!
//! | picture | shows |
//! |---------|-------|
//! | [`curves::Curves`] | accuracy and cost by epoch, of a training or of a sweep |
//! | [`table::Table`] | a confusion table, a sweep over two quantities |
//! | [`weights::Weights`] | the weights of a first layer by the names of a table's columns |
//! | [`tiles::Tiles`] | small images side by side: what neurons look for, the worst mistakes |
//!
//! All are drawn 800 pixels wide, and as wide as is asked for, on white, with the colours of Okabe and Ito or one hue and its depth, which colour-blind
//! people can tell apart. The font is inside the program, so a machine without fonts draws the same.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

mod bitmap;
pub mod curves;
mod scale;
pub mod table;
pub mod tiles;
pub mod weights;

/// Pixels from left to right, as a picture is drawn.
pub const WIDTH: u32 = 800;
/// Pixels that a picture may have from left to right.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 200..=8000;
/// Pixels from left to right of a PNG for which nothing else is asked: two for each that is drawn, for sharp screens.
const PNG_WIDTH: u32 = 2 * WIDTH;
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

/// The picture as the text of an SVG file, shown as wide as is asked for.
///
/// # Errors
///
/// [`PlotError`].
pub fn svg(picture: &impl Picture, width: Option<u32>) -> Result<Vec<u8>, PlotError> {
    load_font()?;
    let mut text = String::new();
    let (own, height) = picture.size();
    paint(picture, SVGBackend::with_string(&mut text, (own, height)))?;
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
    let width = width.unwrap_or(own);
    let shown = format!(
        "width=\"{width}\" height=\"{}\"",
        scaled(height, own, width)
    );
    let drawn = format!("width=\"{own}\" height=\"{height}\"");
    // The first is the size of all of it; what is drawn in keeps its own units, by the view box.
    Ok(text.replacen(&drawn, &shown, 1).into_bytes())
}

/// The picture as a PNG file of so many pixels from left to right.
///
/// # Errors
///
/// What the backend or the encoder says.
pub fn png(picture: &impl Picture, width: Option<u32>) -> Result<Vec<u8>, PlotError> {
    load_font()?;
    let (own, height) = picture.size();
    let width = width.unwrap_or(PNG_WIDTH * own / WIDTH);
    // Drawn twice as large in either direction: then each pixel is the mean of four.
    let (wide, high) = (2 * width, 2 * scaled(height, own, width));
    let mut pixels = vec![u8::MAX; 3 * wide as usize * high as usize];
    let bitmap = bitmap::Bitmap::new(&mut pixels, (wide, high), (own, height));
    let broken = || PlotError("the font is broken".into());
    paint(picture, bitmap.ok_or_else(broken)?)?;
    for tile in picture.tiles() {
        put(&mut pixels, wide, f64::from(wide) / f64::from(own), &tile);
    }
    encode(wide / 2, high / 2, &bitmap::halved(&pixels, wide))
}

/// A length of a picture that is `own` pixels wide, when it becomes `width` pixels wide.
fn scaled(length: u32, own: u32, width: u32) -> u32 {
    (f64::from(length) * f64::from(width) / f64::from(own)).round() as u32
}

fn paint<B: DrawingBackend>(picture: &impl Picture, backend: B) -> Result<(), PlotError> {
    let area = backend.into_drawing_area();
    let drawn = area
        .fill(&WHITE)
        .and_then(|()| picture.draw(&area))
        .and_then(|()| area.present());
    drawn.map_err(|error| PlotError(error.to_string()))
}

/// Puts a tile on a bitmap that is so many times as large as the picture.
fn put(pixels: &mut [u8], width: u32, factor: f64, tile: &Tile) {
    let place = |x: u32| (f64::from(x) * factor).round() as u32;
    let side = tile.side * tile.scale;
    let from = |to: u32, start: u32| {
        let middle = (f64::from(to) + 0.5) / factor - f64::from(start);
        (middle / f64::from(tile.scale)) as u32
    };
    for y in place(tile.y)..place(tile.y + side) {
        for x in place(tile.x)..place(tile.x + side) {
            let pixel =
                from(y, tile.y).min(tile.side - 1) * tile.side + from(x, tile.x).min(tile.side - 1);
            let to = 3 * (y as usize * width as usize + x as usize);
            if let (Some(from), Some(to)) =
                (tile.pixels.get(pixel as usize), pixels.get_mut(to..to + 3))
            {
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
        for (width, times) in [(None, 2), (Some(100), 1), (Some(300), 3)] {
            let png = png(&Corner, width).unwrap();
            let png = image::load_from_memory(&png).unwrap().to_rgb8();
            assert_eq!(png.dimensions(), (100 * times, 60 * times));
            assert_eq!(png.get_pixel(93 * times, 53 * times).0, [255, 0, 0]);
            assert_eq!(png.get_pixel(97 * times, 57 * times).0, [0, 0, 255]);
            let text = png
                .pixels()
                .filter(|pixel| pixel.0[1] < 100 && pixel.0[0] == pixel.0[2]);
            assert!(text.count() > 50 * times as usize, "no text");
        }
    }

    #[test]
    fn an_svg_has_text_and_tiles_and_ends_well() {
        let wide = String::from_utf8(svg(&Corner, Some(250)).unwrap()).unwrap();
        assert!(
            wide.starts_with("<svg width=\"250\" height=\"150\" viewBox=\"0 0 100 60\""),
            "{wide}"
        );
        let svg = String::from_utf8(svg(&Corner, None).unwrap()).unwrap();
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
