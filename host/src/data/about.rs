//! `About`: what is known of a data set besides its examples, and what a model keeps of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use smidgen_core::image::{PIXELS, SIDE};
use smidgen_core::model::description::{
    self, Description, write_block, write_names, write_note, write_rejection, write_scaling,
    write_shape,
};
use smidgen_core::scaling::is_valid;

use super::rejection::Rejection;
use super::table::{Fitted, Split};

/// The names, the form and the origin of a data set; of MNIST, which needs no word, nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The classes by name, in order; none if they have but numbers.
    pub classes: Vec<String>,
    /// The columns of readings by name; none for pictures.
    pub columns: Vec<String>,
    /// The dimensions of an input, the outermost first; none for a table, and for MNIST.
    pub shape: Vec<u16>,
    /// How readings become inputs, where they are not in [0, 1] already.
    pub scaling: Option<Fitted>,
    /// When an answer is left open, if that was chosen.
    pub rejection: Option<Rejection>,
    /// Where the data are from; MNIST if there is none.
    pub origin: Option<Origin>,
}

/// Where data are from, and how to tell them from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file or folder, as it was typed.
    pub name: String,
    /// The file of the test part, as it was typed, if it is one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// The column of the class, if it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// How a table was split, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// By which seed.
    #[serde(default)]
    pub seed: u64,
    /// The checksum of the training part.
    pub training_crc32: u32,
    /// The checksum of the test part.
    pub test_crc32: u32,
}

impl Origin {
    /// The data in words, by the files they are in.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.test {
            Some(test) => format!("{} and {test}", self.name),
            None => self.name.clone(),
        }
    }
}

impl About {
    /// The name of class `i`, or its number.
    #[must_use]
    pub fn class(&self, i: usize) -> Cow<'_, str> {
        match self.classes.get(i) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(i.to_string()),
        }
    }

    /// The name of input `k`, or its number.
    #[must_use]
    pub fn column(&self, k: usize) -> Cow<'_, str> {
        match self.columns.get(k) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(k.to_string()),
        }
    }

    /// Height and width of an input of so many values, if it is a picture.
    #[must_use]
    pub fn picture(&self, inputs: usize) -> Option<(usize, usize)> {
        match *self.shape.as_slice() {
            [rows, columns] => Some((rows.into(), columns.into())),
            [] if inputs == PIXELS && self.columns.is_empty() => Some((SIDE, SIDE)),
            _ => None,
        }
    }

    /// Whether the inputs are rows of a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }

    /// What examples are called.
    #[must_use]
    pub fn examples(&self) -> &'static str {
        if self.is_table() { "rows" } else { "images" }
    }

    /// All of it as JSON, for files of other programs; nothing if there is nothing to say.
    #[must_use]
    pub fn json(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        serde_json::to_string(self).ok()
    }

    /// What [`About::json`] gave, of a network of so many inputs and classes; nothing if it was not that.
    #[must_use]
    pub fn from_json(json: &str, inputs: usize, classes: usize) -> Option<Self> {
        let about: Self = serde_json::from_str(json).ok()?;
        let fits = |names: usize, all: usize| names == 0 || names == all;
        let columns = about
            .scaling
            .as_ref()
            .map_or(&[][..], |scaling| &scaling.columns);
        let shape: usize = about.shape.iter().map(|&size| usize::from(size)).product();
        let whole = fits(about.classes.len(), classes)
            && fits(about.columns.len(), inputs)
            && fits(columns.len(), inputs)
            && (about.shape.is_empty() || shape == inputs)
            && columns.iter().all(|&(low, factor)| is_valid(low, factor));
        whole.then_some(about)
    }

    /// The blocks of a model file's description with a note, for a network of a kind of element; nothing if a note alone
    /// says all.
    #[must_use]
    pub fn blocks(&self, note: &str, element: u8) -> Option<Vec<u8>> {
        if *self == Self::default() {
            return None;
        }
        let mut blocks = Vec::new();
        let put = &mut |bytes: &[u8]| blocks.extend_from_slice(bytes);
        write_note(note, put);
        if !self.classes.is_empty() {
            write_names(description::CLASSES, &self.classes, put);
        }
        if !self.columns.is_empty() {
            write_names(description::COLUMNS, &self.columns, put);
        }
        if !self.shape.is_empty() {
            write_shape(&self.shape, put);
        }
        if let Some(scaling) = &self.scaling {
            write_scaling(&scaling.columns, scaling.integers, put);
        }
        if let Some(rejection) = &self.rejection {
            write_rejection(rejection.stored(element), put);
        }
        if let Some(origin) = &self.origin {
            // Names and numbers always have a JSON.
            let json = serde_json::to_vec(origin).unwrap_or_default();
            write_block(description::DATA, |put| put(&json), put);
        }
        Some(blocks)
    }

    /// What a model file says of the data, of a network of these sizes and of a kind of element. A block of the data that another
    /// program wrote, and that this one does not understand, counts as none.
    #[must_use]
    pub fn of(description: &Description<'_>, sizes: &[usize], element: u8) -> Self {
        let [inputs, outputs] =
            [sizes.first(), sizes.last()].map(|size| size.copied().unwrap_or(0));
        let scaling = description.scaling().map(|stored| Fitted {
            columns: (0..inputs).map(|k| stored.column(k)).collect(),
            integers: stored.integers,
        });
        Self {
            classes: names(outputs, |i| description.class(i)),
            columns: names(inputs, |k| description.column(k)),
            shape: (0..)
                .map_while(|i| description.dimension(i))
                .map(|size| size as u16)
                .collect(),
            scaling,
            rejection: description
                .rejection()
                .map(|stored| Rejection::of(stored, element)),
            origin: description
                .data()
                .and_then(|json| serde_json::from_slice(json).ok()),
        }
    }
}

fn names<'a>(count: usize, name: impl Fn(usize) -> Option<&'a str>) -> Vec<String> {
    // To ask for a name costs as much as it has names before it, so all are asked for only if the first is there.
    (0..count)
        .map_while(|i| name(i).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use smidgen_core::model::ELEMENT_F32;

    use super::*;

    #[test]
    fn mnist_needs_no_blocks_and_all_others_come_back() {
        assert_eq!(About::default().blocks("a note", ELEMENT_F32), None);
        let about = About {
            rejection: Some(Rejection {
                confidence: f64::from(0.1_f32),
                least: 3,
                greatest: u32::MAX,
            }),
            classes: vec!["idle".into(), "läuft".into()],
            columns: vec!["a".into(), "b".into(), "c".into()],
            shape: vec![3],
            scaling: Some(Fitted {
                columns: vec![(-1.5, 0.25), (0.0, 0.0), (7.0, 1.0)],
                integers: false,
            }),
            origin: Some(Origin {
                name: "fan.csv".into(),
                class: Some("state".into()),
                split: Some(Split::OF_ONE),
                seed: 7,
                training_crc32: 1,
                test_crc32: u32::MAX,
                test: None,
            }),
        };
        let blocks = about.blocks("a note", ELEMENT_F32).unwrap();
        let network =
            <crate::smidgen_core::network![3, 2] as crate::smidgen_core::Network<3, 2>>::ZERO;
        let mut file = Vec::new();
        crate::smidgen_core::model::encode_described(&network, &blocks, |bytes| {
            file.extend_from_slice(bytes);
        });
        let header = crate::smidgen_core::model::Header::parse(&file).unwrap();
        assert_eq!(header.note(), "a note");
        assert_eq!(
            About::of(&header.description(), &[3, 2], ELEMENT_F32),
            about
        );
    }
}
