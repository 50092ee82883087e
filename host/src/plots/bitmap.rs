//! A bitmap that is drawn larger than it is asked for: lines smooth, and text set as a viewer of SVG sets it.
//!
//! Plotters sets text in bitmaps without the space before each letter and smaller than in SVG; so letters are drawn here,
//! from the same font, at the places between pixels where they belong.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
};

/// What plotters calls the size of a font is so many times the em that it writes into SVG.
const EM: f64 = 1.24;

/// What drawing on a bitmap may end in.
type Fault = DrawingErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>;

/// A bitmap of which one pixel as plotters sees it is `factor` pixels.
pub struct Bitmap<'a> {
    inner: BitMapBackend<'a>,
    size: (u32, u32),
    factor: f64,
    fonts: [FontRef<'static>; 2],
}

impl<'a> Bitmap<'a> {
    /// A bitmap over `pixels`, three bytes each, in `width` × `height`, that plotters sees as large as `size`.
    ///
    /// `None` if the fonts are broken.
    pub fn new(
        pixels: &'a mut [u8],
        (width, height): (u32, u32),
        size: (u32, u32),
    ) -> Option<Self> {
        let fonts = [dejavu::sans::regular(), dejavu::sans::bold()];
        let [regular, bold] = fonts.map(|bytes| FontRef::try_from_slice(bytes).ok());
        Some(Self {
            inner: BitMapBackend::with_buffer(pixels, (width, height)),
            size,
            factor: f64::from(width) / f64::from(size.0),
            fonts: [regular?, bold?],
        })
    }

    fn place(&self, (x, y): BackendCoord) -> BackendCoord {
        let place = |x: i32| (f64::from(x) * self.factor).round() as i32;
        (place(x), place(y))
    }

    fn style(&self, style: &impl BackendStyle) -> ShapeStyle {
        let BackendColor { alpha, rgb } = style.color();
        ShapeStyle {
            color: RGBColor(rgb.0, rgb.1, rgb.2).mix(alpha),
            filled: false,
            stroke_width: self.length(style.stroke_width()),
        }
    }

    fn length(&self, length: u32) -> u32 {
        (f64::from(length) * self.factor).round() as u32
    }
}

impl DrawingBackend for Bitmap<'_> {
    type ErrorType = <BitMapBackend<'static> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), Fault> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), Fault> {
        self.inner.present()
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Result<(), Fault> {
        self.draw_rect((x, y), (x + 1, y + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), Fault> {
        let (from, to) = (self.place(from), self.place(to));
        self.inner.draw_line(from, to, &self.style(style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), Fault> {
        let (from, to) = (self.place(from), self.place(to));
        self.inner.draw_rect(from, to, &self.style(style), fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), Fault> {
        let path: Vec<_> = path.into_iter().map(|at| self.place(at)).collect();
        self.inner.draw_path(path, &self.style(style))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        middle: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), Fault> {
        let (middle, radius) = (self.place(middle), self.length(radius));
        let style = self.style(style);
        self.inner.draw_circle(middle, radius, &style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result<(), Fault> {
        let corners: Vec<_> = corners.into_iter().map(|at| self.place(at)).collect();
        self.inner.fill_polygon(corners, &self.style(style))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), Fault> {
        let [regular, bold] = &self.fonts;
        let font = match style.style() {
            FontStyle::Bold => bold,
            _ => regular,
        };
        let marks = letters(font, text, style.size() / EM * self.factor, style.anchor());
        let (x, y) = self.place(at);
        let (turn, colour) = (style.transform(), style.color());
        for (across, down, cover) in marks {
            let (across, down) = turn.transform(across, down);
            let cover = colour.mix(f64::from(cover).min(1.0));
            self.inner.draw_pixel((x + across, y + down), cover)?;
        }
        Ok(())
    }
}

/// The pixels of a line of text, from where it is anchored, and how much of each is covered.
///
/// `size` is that of an em, as in SVG, and heights are those that plotters writes into SVG.
fn letters(
    font: &FontRef<'_>,
    text: &str,
    size: f64,
    anchor: plotters::style::text_anchor::Pos,
) -> Vec<(i32, i32, f32)> {
    let em = font.units_per_em().unwrap_or(1.0);
    let scale = PxScale::from(size as f32 * font.height_unscaled() / em);
    let scaled = font.as_scaled(scale);
    let (mut places, mut x, mut before) = (Vec::new(), 0.0, None);
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        x += before.map_or(0.0, |before| scaled.kern(before, id));
        places.push((id, x));
        x += scaled.h_advance(id);
        before = Some(id);
    }
    let left = match anchor.h_pos {
        HPos::Left => 0.0,
        HPos::Center => -x / 2.0,
        HPos::Right => -x,
    };
    // Half the height of an x.
    let middle = 0.27 * size as f32;
    let baseline = match anchor.v_pos {
        VPos::Top => 0.76 * size as f32,
        VPos::Center => middle,
        VPos::Bottom => -middle,
    };
    let mut marks = Vec::new();
    for (id, x) in places {
        let glyph = id.with_scale_and_position(scale, point(left + x, baseline));
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (x, y) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|across, down, cover| {
                marks.push((x + across as i32, y + down as i32, cover));
            });
        }
    }
    marks
}

/// A bitmap of half the width and height, each pixel the mean of four.
pub fn halved(pixels: &[u8], width: u32) -> Vec<u8> {
    let row = 3 * width as usize;
    let mut half = Vec::with_capacity(pixels.len() / 4);
    for rows in pixels.chunks_exact(2 * row) {
        let (upper, lower) = rows.split_at(row);
        let pairs = upper
            .as_chunks::<6>()
            .0
            .iter()
            .zip(lower.as_chunks::<6>().0);
        for ([a, b, c, d, e, f], [g, h, i, j, k, l]) in pairs {
            let mean = |four: [&u8; 4]| {
                let sum: u16 = four.into_iter().map(|&x| u16::from(x)).sum();
                ((sum + 2) / 4) as u8
            };
            half.extend([mean([a, d, g, j]), mean([b, e, h, k]), mean([c, f, i, l])]);
        }
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::style::text_anchor::Pos;

    fn extent(text: &str, size: f64, at: HPos) -> [i32; 4] {
        let font = FontRef::try_from_slice(dejavu::sans::regular()).unwrap();
        let marks = letters(&font, text, size, Pos::new(at, VPos::Center));
        let inked = || marks.iter().filter(|mark| mark.2 > 0.3);
        let (x, y) = (|| inked().map(|mark| mark.0), || inked().map(|mark| mark.1));
        [x().min(), x().max(), y().min(), y().max()].map(Option::unwrap)
    }

    #[test]
    fn letters_have_the_size_of_an_em_and_stand_on_one_line() {
        // DejaVu's x is 0.547 em high, and stands half above the middle; its d is 0.76 em high.
        let [_, _, top, bottom] = extent("xx", 100.0, HPos::Left);
        assert!(
            (-30..=-26).contains(&top) && (25..=28).contains(&bottom),
            "{top} {bottom}"
        );
        // A round letter reaches a little below the line on which a straight one stands.
        let below = extent("xdxg", 100.0, HPos::Left)[3];
        assert!(extent("xd", 100.0, HPos::Left)[3] <= bottom + 2 && below > bottom + 15);
    }

    #[test]
    fn anchors_are_where_they_should_be() {
        let [left, right, ..] = extent("HH", 100.0, HPos::Left);
        let [from, to, ..] = extent("HH", 100.0, HPos::Center);
        assert!(left > 5 && (from + to).abs() <= 2, "{left} {from} {to}");
        let [_, end, ..] = extent("HH", 100.0, HPos::Right);
        assert!((-12..=-5).contains(&end) && right > 100, "{end}");
    }

    #[test]
    fn four_pixels_become_their_mean() {
        let two = [[0, 10, 20, 4, 10, 20], [8, 10, 20, 8, 10, 21]].concat();
        assert_eq!(halved(&two, 2), [5, 10, 20]);
    }
}
