//! Values by epoch: one panel for each quantity, one line for each series.

use plotters::coord::combinators::BindKeyPoints;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::{RangedCoordf64, RangedCoordi32};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, Drawn, FONT, INK, LINE, Picture, SOFT, WIDTH, title, write};

/// Height of a panel with its axes, at least.
const PANEL: u32 = 300;
/// Height of a line of the legend.
const ROW: u32 = 22;
/// Height of the title.
const TOP: u32 = 52;
/// Numbers that an axis of values has at most.
const VALUES: usize = 6;
/// Numbers that the axis of epochs has at most, the first one aside.
const EPOCHS: usize = 15;
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
    /// The value after epoch 0, 1, …
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
        let digits = decimals(low, high);
        // A single epoch stands in the middle.
        let across = if epochs > 1 { 0..epochs - 1 } else { -1..1 };
        let across = across.with_key_points(epoch_ticks(epochs));
        let mut chart = ChartBuilder::on(area)
            .margin_left(16)
            .margin_right(12)
            .margin_bottom(10)
            .x_label_area_size(44)
            .y_label_area_size(68)
            .build_cartesian_2d(across, low..high)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(LINE)
            .light_line_style(TRANSPARENT)
            .axis_style(SOFT)
            .x_desc("epoch")
            .y_desc(&self.quantity)
            .x_label_formatter(&|epoch| epoch.to_string())
            .y_labels(VALUES)
            .y_label_formatter(&|value| format!("{value:.digits$}"))
            .label_style((FONT, 15).into_font().color(&INK))
            .axis_desc_style((FONT, 15).into_font().color(&INK))
            .draw()?;
        for (i, line) in self.series.iter().enumerate() {
            let points = (0..).zip(line.values.iter().copied());
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
        // Of a single value, a hundredth to either side.
        let least = 0.01 * low.abs().max(high.abs());
        let room = ((high - low) * 0.06).max(if low < high { 1e-3 } else { least.max(1e-3) });
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

/// Decimals that tell the numbers of an axis apart, which are at multiples of 1, 2 or 5 times a power of ten.
fn decimals(low: f64, high: f64) -> usize {
    let [first, second, ..] = RangedCoordf64::from(low..high).key_points(VALUES)[..] else {
        return 3;
    };
    // A step of 0.1 may be a little less in floats.
    (-(second - first).log10() - 1e-6).ceil().max(0.0) as usize
}

/// The epochs, counted from 0 as everywhere, that have a number: all if there is room, else the first and round ones.
fn epoch_ticks(epochs: i32) -> Vec<i32> {
    if epochs < 2 {
        return vec![0];
    }
    RangedCoordi32::from(0..epochs - 1).key_points(EPOCHS)
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
        let svg = String::from_utf8(svg(&curves(&[91.0, 93.5, 94.2]), None).unwrap()).unwrap();
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

    /// The numbers on both axes, from top to bottom.
    fn numbers(values: &[f64]) -> Vec<String> {
        let svg = String::from_utf8(svg(&curves(values), None).unwrap()).unwrap();
        let lines = svg.lines().map(str::trim);
        let numbers = lines.filter(|line| line.parse::<f64>().is_ok());
        numbers.map(str::to_owned).collect()
    }

    #[test]
    fn no_number_stands_twice_on_an_axis_and_no_tick_has_none() {
        for (low, high) in [
            (0.0701, 0.0712),
            (0.0, 1e-3),
            (93.0, 99.9),
            (0.3, 0.31),
            (5.0, 5.002),
        ] {
            let places = RangedCoordf64::from(low..high).key_points(VALUES);
            let text = |place: &f64| format!("{place:.0$}", decimals(low, high));
            let mut texts: Vec<String> = places.iter().map(text).collect();
            assert!(
                (2..=VALUES).contains(&texts.len()),
                "{low} to {high}: {texts:?}"
            );
            for (text, place) in texts.iter().zip(&places) {
                assert!(
                    (text.parse::<f64>().unwrap() - place).abs() < 1e-9,
                    "{text} at {place}"
                );
            }
            texts.dedup();
            assert_eq!(texts.len(), places.len(), "{low} to {high}");
        }
        let both = numbers(&[0.0701, 0.0712]);
        let of_values = both.iter().filter(|text| text.contains('.')).count();
        assert!(of_values >= 4, "{both:?}");
    }

    #[test]
    fn epochs_have_whole_numbers_the_first_and_the_round_ones() {
        assert_eq!(epoch_ticks(1), [0]);
        assert_eq!(epoch_ticks(3), [0, 1, 2]);
        assert_eq!(epoch_ticks(15).len(), 15);
        assert_eq!(epoch_ticks(60).first_chunk(), Some(&[0, 5, 10]));
        assert_eq!(epoch_ticks(60).last(), Some(&55));
        // In the picture a tick is a short line; of one epoch there is one on the axis of epochs.
        assert_eq!(
            numbers(&[90.0]).iter().filter(|text| *text == "0").count(),
            2
        );
    }

    #[test]
    fn one_epoch_none_and_numbers_that_are_none_can_be_drawn() {
        for values in [&[90.0][..], &[], &[f64::NAN, 1.0], &[5.0, 5.0]] {
            assert!(png(&curves(values), None).is_ok(), "{values:?}");
        }
    }
}
