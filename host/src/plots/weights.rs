//! The weights of a first layer as a chart: a row for each column of a table, by name, and a square for each neuron.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::scale::draw_scale;
use super::{Area, Drawn, INK, LINE, Picture, SOFT, WIDTH, diverging, title, write};
use crate::network::layer::Layer;

/// Left and right of everything.
const MARGIN: i32 = 24;
/// Left of the squares, where the names are.
const NAMES: i32 = 200;
/// Above the squares: title, what it is, and the neurons' numbers.
const TOP: i32 = 104;
/// From one row to the next.
const ROW: i32 = 22;
/// Rows that are drawn: those with the largest weights, where there are more.
const MOST_ROWS: usize = 60;
/// Characters of a name that are written.
const MOST_NAME: usize = 24;
/// The widest a square gets.
const WIDEST: i32 = 44;

/// The chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Above all.
    pub title: String,
    /// What it is.
    note: String,
    /// The name of each row, and its weights by neuron.
    rows: Vec<(String, Vec<f64>)>,
    /// The weight that has the strongest colour.
    limit: f64,
}

/// The weights of every neuron of the first layer by the names of the columns they come from: red is drawn to high
/// readings, blue to low ones.
#[must_use]
pub fn weights(title: String, layer: &Layer, names: &[String]) -> Weights {
    let mut rows: Vec<(String, Vec<f64>)> = names
        .iter()
        .enumerate()
        .map(|(k, name)| {
            let weights = (0..layer.neurons).map(|j| f64::from(layer.weight(j, k)));
            (name.chars().take(MOST_NAME).collect(), weights.collect())
        })
        .collect();
    let size = |weights: &[f64]| weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    let all = rows.len();
    if all > MOST_ROWS {
        let mut order: Vec<_> = rows.into_iter().enumerate().collect();
        order.sort_by(|(_, a), (_, b)| size(&b.1).total_cmp(&size(&a.1)));
        order.truncate(MOST_ROWS);
        order.sort_by_key(|&(place, _)| place);
        rows = order.into_iter().map(|(_, row)| row).collect();
    }
    let limit = rows.iter().fold(f64::MIN_POSITIVE, |most, (_, weights)| {
        most.max(size(weights))
    });
    let which = if all > rows.len() {
        format!(
            "the {} of {all} columns with the largest weights",
            rows.len()
        )
    } else {
        "weights from each column".into()
    };
    Weights {
        title,
        note: format!(
            "{which} to each hidden neuron: red is drawn to high readings, blue to low ones"
        ),
        rows,
        limit,
    }
}

impl Weights {
    fn neurons(&self) -> usize {
        self.rows.first().map_or(0, |(_, weights)| weights.len())
    }

    /// The width of a square.
    fn side(&self) -> i32 {
        let room = WIDTH as i32 - NAMES - MARGIN;
        (room / self.neurons().max(1) as i32).clamp(1, WIDEST)
    }

    fn below(&self) -> i32 {
        TOP + ROW * self.rows.len() as i32
    }
}

impl Picture for Weights {
    fn size(&self) -> (u32, u32) {
        (WIDTH, (self.below() + 64) as u32)
    }

    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        title(area, &self.title)?;
        write(area, &self.note, (MARGIN, 58), 16, SOFT, HPos::Left)?;
        let side = self.side();
        // Numbers of neurons, as many as there is room for.
        let every = (28 / side + 1) as usize;
        for j in (0..self.neurons()).step_by(every) {
            let middle = NAMES + side * j as i32 + side / 2;
            write(
                area,
                &j.to_string(),
                (middle, TOP - 12),
                14,
                SOFT,
                HPos::Center,
            )?;
        }
        for ((name, weights), row) in self.rows.iter().zip(0..) {
            let top = TOP + ROW * row;
            write(area, name, (NAMES - 8, top + ROW / 2), 14, INK, HPos::Right)?;
            for (weight, j) in weights.iter().zip(0..) {
                let [red, green, blue] = diverging(weight / self.limit);
                let left = NAMES + side * j;
                let corners = [(left, top), (left + side, top + ROW)];
                area.draw(&Rectangle::new(
                    corners,
                    RGBColor(red, green, blue).filled(),
                ))?;
                if side > 6 {
                    area.draw(&Rectangle::new(corners, LINE))?;
                }
            }
        }
        draw_scale(area, (NAMES, self.below() + 16), self.limit).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::layer::layers;
    use crate::plots::svg;

    #[test]
    fn every_column_has_its_name_and_of_many_the_strongest_are_shown() {
        let names = |count: usize| {
            (0..count)
                .map(|k| format!("column {k}"))
                .collect::<Vec<_>>()
        };
        let layer = &layers(&[3, 2], &[1.0, -2.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0])[0];
        let chart = weights("Weights".into(), layer, &names(3));
        assert_eq!(
            (chart.limit, chart.rows[1].1.as_slice()),
            (2.0, &[-2.0, 0.0][..])
        );
        let svg = String::from_utf8(svg(&chart, None).unwrap()).unwrap();
        for text in ["Weights", "column 2", "+2.0"] {
            assert!(svg.contains(text), "{text}");
        }
        let mut parameters = vec![0.0; 601];
        parameters[599] = 3.0;
        let chart = weights(
            String::new(),
            &layers(&[600, 1], &parameters)[0],
            &names(600),
        );
        assert_eq!(chart.rows.len(), MOST_ROWS);
        assert!(chart.rows.iter().any(|(name, _)| name == "column 599"));
    }
}
