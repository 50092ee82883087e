//! Images and bars drawn in characters, in colour for a terminal and plain for everything else.

use std::fmt::Write;

use super::terminal;

/// How much ink a cell shows, from none to all.
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
/// Characters of a full bar.
const BAR: usize = 30;

/// What the place where the output goes can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Characters alone.
    Plain,
    /// Characters with ANSI colours.
    Colour,
}

impl Style {
    /// Colour if standard output shows it.
    #[must_use]
    pub fn of_stdout() -> Self {
        if terminal::has_colours() {
            Self::Colour
        } else {
            Self::Plain
        }
    }

    /// `text` in bold, where there are colours.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        match self {
            Self::Plain => text.into(),
            Self::Colour => format!("\x1b[1m{text}\x1b[0m"),
        }
    }

    /// `text` as a heading: bold and in colour, where there are colours.
    #[must_use]
    pub fn heading(self, text: &str) -> String {
        match self {
            Self::Plain => text.into(),
            Self::Colour => format!("\x1b[1;36m{text}\x1b[0m"),
        }
    }
}

/// Draws an image of so many rows and columns, two rows of pixels in each line.
///
/// In colour every pixel has its grey; plain, a character is as dark as its two pixels together, and spaces at the end
/// of a line are left out.
#[must_use]
pub fn image(image: &[u8], (_, columns): (usize, usize), style: Style) -> String {
    let mut text = String::new();
    for two in image.chunks(2 * columns.max(1)) {
        let (upper, lower) = two.split_at(columns.min(two.len()));
        let mut line = String::new();
        // Below an odd last row there is paper.
        for (&upper, lower) in upper
            .iter()
            .zip(lower.iter().copied().chain(std::iter::repeat(0)))
        {
            match style {
                Style::Plain => line.push(shade(upper, lower)),
                Style::Colour => push_half_block(&mut line, upper, lower),
            }
        }
        match style {
            Style::Plain => text.push_str(line.trim_end()),
            Style::Colour => text.push_str(&(line + "\x1b[0m")),
        }
        text.push('\n');
    }
    text
}

fn shade(upper: u8, lower: u8) -> char {
    let ink = (usize::from(upper) + usize::from(lower)) * (SHADES.len() - 1);
    SHADES.get(ink.div_ceil(2 * 255)).copied().unwrap_or(' ')
}

/// Two pixels in one character, each in one of the 24 greys of the 256-colour palette, ink light as on a screen.
fn push_half_block(line: &mut String, upper: u8, lower: u8) {
    let grey = |pixel: u8| 232 + u32::from(pixel) * 23 / 255;
    // Writing to a string does not fail.
    let _ = write!(line, "\x1b[38;5;{};48;5;{}m▀", grey(upper), grey(lower));
}

/// A bar for a value in [0, 1], as long as the value is large, in eighths of a character.
#[must_use]
pub fn bar(value: f32) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (value.clamp(0.0, 1.0) * (BAR * 8) as f32).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS.get(eighths % 8).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use smidgen_core::image::PIXELS;

    #[test]
    fn ink_is_dark_and_paper_is_nothing() {
        assert_eq!(image(&[0; PIXELS], (28, 28), Style::Plain), "\n".repeat(14));
        assert_eq!(
            image(&[255; PIXELS], (28, 28), Style::Plain),
            ("█".repeat(28) + "\n").repeat(14)
        );
        assert_eq!(
            (shade(0, 1), shade(255, 0), shade(255, 254)),
            ('░', '▒', '█')
        );
    }

    #[test]
    fn in_colour_every_line_has_28_cells_and_ends_plain() {
        let drawing = image(&[128; PIXELS], (28, 28), Style::Colour);
        assert_eq!(drawing.lines().count(), 14);
        for line in drawing.lines() {
            assert_eq!(line.matches('▀').count(), 28);
            assert!(line.ends_with("\x1b[0m"));
        }
    }

    #[test]
    fn a_bar_is_as_long_as_its_value() {
        assert_eq!(bar(1.0), "█".repeat(30));
        assert_eq!(bar(0.05), "█▌");
        assert_eq!((bar(0.0), bar(-1.0), bar(f32::NAN)), Default::default());
        assert_eq!(bar(9.0), bar(1.0));
    }
}
