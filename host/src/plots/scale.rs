//! What the colours of weights mean: a bar of all of them with its values.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, Drawn, INK, SOFT, diverging, write};

/// Colours that are drawn.
const STEPS: i32 = 100;
/// The width of each.
const STEP: i32 = 3;
/// The height of the bar.
const HEIGHT: i32 = 14;

/// Draws the bar with its upper left corner at a place; `limit` is the weight with the last colour. Gives the place behind it
/// where words may follow.
///
/// # Errors
///
/// What the backend says.
pub fn draw_scale<B: DrawingBackend>(
    area: &Area<B>,
    (left, top): (i32, i32),
    limit: f64,
) -> Result<(i32, i32), DrawingAreaErrorKind<B::ErrorType>> {
    for i in 0..STEPS {
        let [red, green, blue] = diverging(f64::from(2 * i + 1 - STEPS) / f64::from(STEPS));
        let corners = [
            (left + i * STEP, top),
            (left + (i + 1) * STEP, top + HEIGHT),
        ];
        let colour = RGBColor(red, green, blue);
        area.draw(&Rectangle::new(corners, colour.filled()))?;
    }
    let end = left + STEPS * STEP;
    area.draw(&Rectangle::new([(left, top), (end, top + HEIGHT)], SOFT))?;
    let text = |text: &str, x: i32, at: HPos| -> Drawn<B> {
        write(area, text, (x, top + 2 * HEIGHT), 15, INK, at)
    };
    text(&format!("−{limit:.1}"), left, HPos::Left)?;
    text("0", (left + end) / 2, HPos::Center)?;
    text(&format!("+{limit:.1}"), end, HPos::Right)?;
    Ok((end + 20, top + HEIGHT / 2))
}
