//! Values by epoch: one panel for each quantity, one line for each series.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, Drawn, FONT, INK, LINE, Picture, SOFT, WIDTH, title, write};

/// Height of a panel with its axes, at least.
const PANEL: u32 = 300;
/// Height of a line of the legend.
const ROW: u32 = 22;
/// Height of the title.
const TOP: u32 = 52;
/// Width of the legend.
const LEGEND: i32 = 170;

/// The colours of Okabe and Ito, without the yellow, which is too light for lines on white.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(34, 34, 34),
];

/// Panels of curves, one below the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Above all.
    pub title: String,
    /// One for each quantity.
    pub panels: Vec<Panel>,
}

/// One quantity by epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The quantity with its unit.
    pub quantity: String,
    /// The lines.
    pub series: Vec<Series>,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is of.
    pub name: String,
    /// The value after epoch 1, 2, …
    pub values: Vec<f64>,
}

impl Picture for Curves {
    fn size(&self) -> (u32, u32) {
        (WIDTH, TOP + self.panel() * self.panels.len() as u32)
    }

    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        title(area, &self.title)?;
        let (_, below) = area.split_vertically(TOP);
        let panels = below.split_evenly((self.panels.len().max(1), 1));
        for (area, panel) in panels.iter().zip(&self.panels) {
            let (left, right) = area.split_horizontally(WIDTH as i32 - LEGEND);
            panel.draw(&left)?;
            panel.draw_legend(&right)?;
        }
        Ok(())
    }
}

impl Curves {
    /// The height of a panel, in which all lines of the legend have room.
    fn panel(&self) -> u32 {
        let lines = self.panels.iter().map(|panel| panel.series.len()).max();
        PANEL.max(ROW * (lines.unwrap_or(0) as u32 + 1))
    }
}

impl Panel {
    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        let (low, high) = self.range();
        let epochs = self
            .series
            .iter()
            .map(|line| line.values.len())
            .max()
            .unwrap_or(0) as i32;
        let digits = decimals(high - low);
        let mut chart = ChartBuilder::on(area)
            .margin_left(16)
            .margin_right(12)
            .margin_bottom(10)
            .x_label_area_size(44)
            .y_label_area_size(62)
            .build_cartesian_2d(1..epochs.max(2), low..high)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(LINE)
            .light_line_style(TRANSPARENT)
            .axis_style(SOFT)
            .x_desc("epoch")
            .y_desc(&self.quantity)
            .x_labels(15)
            .y_labels(6)
            .y_label_formatter(&|value| format!("{value:.digits$}"))
            .label_style((FONT, 15).into_font().color(&INK))
            .axis_desc_style((FONT, 15).into_font().color(&INK))
            .draw()?;
        for (i, line) in self.series.iter().enumerate() {
            let points = (1..).zip(line.values.iter().copied());
            let points = points.filter(|point: &(i32, f64)| point.1.is_finite());
            let colour = colour(i);
            chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?;
            chart.draw_series(points.map(|point| EmptyElement::at(point) + marker(i, (0, 0))))?;
        }
        Ok(())
    }

    /// The lines' names, in the order of their last values, so that each stands about where its line ends.
    fn draw_legend<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        let last = |i: &usize| {
            let line = self.series.get(*i).and_then(|line| line.values.last());
            line.copied().unwrap_or(f64::NEG_INFINITY)
        };
        order.sort_by(|a, b| last(b).total_cmp(&last(a)));
        for (&i, row) in order.iter().zip(0..) {
            let Some(line) = self.series.get(i) else {
                continue;
            };
            let y = 20 + ROW as i32 * row;
            let colour = colour(i);
            area.draw(&PathElement::new(
                vec![(4, y), (28, y)],
                colour.stroke_width(2),
            ))?;
            area.draw(&marker(i, (16, y)))?;
            write(area, &line.name, (36, y), 15, INK, HPos::Left)?;
        }
        Ok(())
    }

    /// From the lowest to the highest value and a little more.
    fn range(&self) -> (f64, f64) {
        let values = self.series.iter().flat_map(|line| &line.values);
        let finite = values.copied().filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            return (0.0, 1.0);
        }
        let room = ((high - low) * 0.06).max(1e-3);
        (low - room, high + room)
    }
}

fn colour(i: usize) -> RGBColor {
    COLOURS.get(i % COLOURS.len()).copied().unwrap_or(INK)
}

/// The dot on a line: when the colours come round again, it is larger, and then larger still.
fn marker(i: usize, place: (i32, i32)) -> Circle<(i32, i32), i32> {
    let round = i / COLOURS.len();
    Circle::new(place, 3 + 2 * round.min(4) as i32, colour(i).filled())
}

/// Decimals that tell the labels of an axis of this length apart.
fn decimals(length: f64) -> usize {
    match length {
        length if length > 8.0 => 0,
        length if length > 0.8 => 1,
        length if length > 0.08 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::{png, svg};

    fn curves(values: &[f64]) -> Curves {
        let series = |name: &str| Series {
            name: name.into(),
            values: values.to_vec(),
        };
        let panel = |quantity: &str| Panel {
            quantity: quantity.into(),
            series: vec![series("test"), series("training")],
        };
        Curves {
            title: "A training".into(),
            panels: vec![panel("accuracy / %"), panel("cost")],
        }
    }

    #[test]
    fn title_axes_and_names_are_written() {
        let svg = String::from_utf8(svg(&curves(&[91.0, 93.5, 94.2])).unwrap()).unwrap();
        for text in [
            "A training",
            "accuracy / %",
            "cost",
            "epoch",
            "test",
            "training",
        ] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(svg.matches("<polyline").count() >= 4);
    }

    #[test]
    fn one_epoch_none_and_numbers_that_are_none_can_be_drawn() {
        for values in [&[90.0][..], &[], &[f64::NAN, 1.0], &[5.0, 5.0]] {
            assert!(png(&curves(values)).is_ok(), "{values:?}");
        }
    }
}
