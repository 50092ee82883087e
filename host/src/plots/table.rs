//! A table of numbers whose cells are the darker the larger the number is.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, Drawn, INK, LINE, Picture, SOFT, WIDTH, shade, title, write};

/// Left of the cells, at least.
const LEFT: i32 = 120;
/// Width of a character of the rows' names, or a little more.
const CHARACTER: i32 = 10;
/// Above the cells: title, axis, names of the columns.
const TOP: i32 = 104;
/// Below the cells.
const BOTTOM: i32 = 48;
/// Right of the cells.
const RIGHT: i32 = 24;
/// Width of a cell, at most: one class fills no table.
const WIDEST: i32 = 160;
/// Height of a cell.
const ROW: i32 = 44;

/// A table with names for its rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Above all.
    pub title: String,
    /// What the columns are.
    pub across: String,
    /// What the rows are.
    pub down: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Row by row.
    pub cells: Vec<Vec<Cell>>,
    /// What the shade says, below the table.
    pub note: String,
}

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The number as text.
    pub text: String,
    /// From 0, light, to 1, dark; `None` is grey, for what is outside of the scale.
    pub shade: Option<f64>,
}

impl Picture for Table {
    fn size(&self) -> (u32, u32) {
        let height = TOP + ROW * self.rows.len() as i32 + BOTTOM;
        (WIDTH, height.unsigned_abs())
    }

    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> Drawn<B> {
        title(area, &self.title)?;
        let columns = self.columns.len().max(1) as i32;
        let left = self.left();
        let width = (WIDTH as i32 - left - RIGHT).min(columns * WIDEST);
        let edge = |column: i32| left + width * column / columns;
        write(
            area,
            &self.across,
            (left + width / 2, 62),
            16,
            SOFT,
            HPos::Center,
        )?;
        for (name, column) in self.columns.iter().zip(0..) {
            let middle = (edge(column) + edge(column + 1)) / 2;
            write(area, name, (middle, TOP - 16), 16, INK, HPos::Center)?;
        }
        write(area, &self.down, (24, TOP - 16), 16, SOFT, HPos::Left)?;
        for ((name, cells), row) in self.rows.iter().zip(&self.cells).zip(0..) {
            let top = TOP + ROW * row;
            write(area, name, (left - 14, top + ROW / 2), 16, INK, HPos::Right)?;
            for (cell, column) in cells.iter().zip(0..) {
                cell.draw(area, (edge(column), top), edge(column + 1))?;
            }
        }
        let below = TOP + ROW * self.rows.len() as i32 + 26;
        write(area, &self.note, (left, below), 14, SOFT, HPos::Left)
    }
}

impl Table {
    /// Where the cells begin: right of the longest name.
    fn left(&self) -> i32 {
        let names = self.rows.iter().map(|name| name.chars().count());
        let longest = names.max().unwrap_or(0) as i32;
        LEFT.max(2 * 14 + CHARACTER * longest).min(WIDTH as i32 / 2)
    }
}

impl Cell {
    fn draw<B: DrawingBackend>(
        &self,
        area: &Area<B>,
        (left, top): (i32, i32),
        right: i32,
    ) -> Drawn<B> {
        let colour = self.shade.map_or(LINE, shade);
        let corners = [(left + 1, top + 1), (right - 1, top + ROW - 1)];
        area.draw(&Rectangle::new(corners, colour.filled()))?;
        let ink = if self.shade.is_some_and(|shade| shade > 0.5) {
            WHITE
        } else {
            INK
        };
        write(
            area,
            &self.text,
            ((left + right) / 2, top + ROW / 2),
            16,
            ink,
            HPos::Center,
        )
    }
}

/// The confusion table of an evaluation, of classes with these names: right answers grey, mistakes the darker the more there are.
#[must_use]
pub fn confusion(title: String, names: Vec<String>, confusion: &[Vec<u32>]) -> Table {
    let wrong = confusion.iter().enumerate().flat_map(|(label, answers)| {
        let answers = answers.iter().enumerate();
        answers
            .filter(move |&(answer, _)| answer != label)
            .map(|(_, &count)| count)
    });
    let most = wrong.max().unwrap_or(0).max(1);
    let cell = |label: usize, answer: usize, count: u32| Cell {
        text: if count == 0 {
            "·".into()
        } else {
            count.to_string()
        },
        shade: (label != answer).then(|| f64::from(count) / f64::from(most)),
    };
    let cells = confusion.iter().enumerate().map(|(label, answers)| {
        let answers = answers.iter().enumerate();
        answers
            .map(|(answer, &count)| cell(label, answer, count))
            .collect()
    });
    Table {
        title,
        across: "what the network says".into(),
        down: "label".into(),
        columns: names.clone(),
        rows: names,
        cells: cells.collect(),
        note: format!(
            "images; grey: right answers; blue: mistakes, the darker the more, up to {most}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::svg;

    #[test]
    fn mistakes_are_shaded_by_their_number_and_right_answers_are_not() {
        let mut counts = vec![vec![0; 10]; 10];
        counts[3][3] = 900;
        counts[4][9] = 40;
        counts[9][4] = 10;
        let names = (0..10).map(|i| i.to_string()).collect();
        let table = confusion("Confusion".into(), names, &counts);
        assert_eq!(table.cells[3][3].shade, None);
        assert_eq!(
            (table.cells[4][9].shade, table.cells[9][4].shade),
            (Some(1.0), Some(0.25))
        );
        let svg = String::from_utf8(svg(&table, None).unwrap()).unwrap();
        for text in ["Confusion", "900", "what the network says", "up to 40"] {
            assert!(svg.contains(text), "{text}");
        }
    }

    #[test]
    fn long_names_of_rows_push_the_cells_to_the_right() {
        let table = |name: &str| Table {
            rows: vec![name.into()],
            ..confusion(String::new(), vec![String::new()], &[vec![0; 10]])
        };
        assert_eq!(table("9").left(), LEFT);
        assert_eq!(table("100 hidden, η = 0.5").left(), 28 + 190);
    }
}
