//! The page as one file: nothing in it asks for anything from elsewhere, and its policy forbids that it does.

use serde::Serialize;
use smidgen_core::model::{ELEMENT_F16, ELEMENT_F32};

use super::error::PageError;
use super::limits::{CLASSES, INPUTS, LAYERS, NEURONS};
use super::pack::{pack, planes};
use crate::network::ModelFile;

const HTML: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// The module that computes; `host/page/build` makes it.
const CODE: &[u8] = include_bytes!("../../assets/page.wasm");
/// What the page runs, and the worker in its background too.
const NETWORK: &str = include_str!("script/network.js");
/// What the page alone runs, in this order.
const SCRIPTS: [&str; 7] = [
    include_str!("script/state.js"),
    include_str!("script/paper.js"),
    include_str!("script/inside.js"),
    include_str!("script/answer.js"),
    include_str!("script/lessons.js"),
    include_str!("script/tour.js"),
    include_str!("script/main.js"),
];

/// All that makes a page one's own.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The network, of floats of 32 bits or of integers.
    pub model: &'a ModelFile,
    /// The names of its classes.
    pub classes: &'a [String],
    /// Pixels in a row of a picture, and rows.
    pub shape: (usize, usize),
    /// Pictures that the network was not trained on; without them no lesson is judged.
    pub samples: Option<&'a Samples>,
}

/// Pictures and their classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples {
    /// The pixels of one picture after those of another.
    pub pictures: Vec<u8>,
    /// A class for each.
    pub labels: Vec<u8>,
}

/// What the scripts must know before they unpack anything.
#[derive(Serialize)]
struct About<'a> {
    crc: String,
    note: &'a str,
    classes: &'a [String],
    width: usize,
    height: usize,
    samples: bool,
    /// Where the floats begin, and how many there are.
    planes: (usize, usize),
}

impl Page<'_> {
    /// The page as HTML.
    ///
    /// # Errors
    ///
    /// [`PageError`] for a model that a page has no room for, or that has no picture for an input.
    pub fn html(&self) -> Result<String, PageError> {
        self.check()?;
        let model = self.model;
        let floats = if model.element() == ELEMENT_F32 {
            model.parameters()
        } else {
            0
        };
        // After the numbers there is the checksum alone.
        let start = model.bytes().len().saturating_sub(4 * floats + 4);
        let about = About {
            crc: format!("{:08x}", model.crc32()),
            note: model.note(),
            classes: self.classes,
            width: self.shape.0,
            height: self.shape.1,
            samples: self.samples.is_some(),
            planes: (start, floats),
        };
        let mut data = block("about", "application/json", &json(&about));
        let mut add = |name, bytes: &[u8]| {
            data += &block(name, "application/octet-stream", &pack(bytes)?);
            Ok::<_, PageError>(())
        };
        add("code", CODE)?;
        add("model", &planes(model.bytes(), start, floats))?;
        if let Some(Samples { pictures, labels }) = self.samples {
            add("pictures", pictures)?;
            add("labels", labels)?;
        }
        let html = HTML
            .replacen("{{style}}", STYLE, 1)
            .replacen("{{network}}", NETWORK, 1)
            .replacen("{{page}}", &SCRIPTS.concat(), 1);
        // Last, so that nothing is looked for in what came from elsewhere.
        Ok(html.replacen("{{data}}", &data, 1))
    }

    fn check(&self) -> Result<(), PageError> {
        if self.model.element() == ELEMENT_F16 {
            return Err(PageError::Halves);
        }
        let sizes = self.model.sizes();
        let ([inputs, hidden @ .., classes], (width, height)) = (sizes, self.shape) else {
            return Err(PageError::Layers { layers: 0 });
        };
        if *inputs > INPUTS || width.checked_mul(height) != Some(*inputs) {
            return Err(PageError::Inputs { inputs: *inputs });
        }
        if *classes > CLASSES || self.classes.len() != *classes {
            return Err(PageError::Classes { classes: *classes });
        }
        if let Some(&neurons) = hidden.iter().find(|&&neurons| neurons > NEURONS) {
            return Err(PageError::Neurons { neurons });
        }
        if hidden.len() >= LAYERS {
            let layers = hidden.len() + 1;
            return Err(PageError::Layers { layers });
        }
        Ok(())
    }
}

/// A block of data in the page, which no browser runs.
fn block(name: &str, kind: &str, text: &str) -> String {
    format!("<script type=\"{kind}\" id=\"data-{name}\">{text}</script>\n")
}

/// JSON that no text in it can end early.
fn json(about: &About<'_>) -> String {
    // Numbers and texts alone, which serde does not refuse.
    let json = serde_json::to_string(about).unwrap_or_default();
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::AnyNetwork;

    fn model(note: &str) -> ModelFile {
        ModelFile::parse(<crate::network![784, 10, 10]>::zero().encode(note)).unwrap()
    }

    fn digits() -> Vec<String> {
        (0..10).map(|digit| digit.to_string()).collect()
    }

    #[test]
    fn a_note_cannot_become_a_part_of_the_page() {
        let (model, classes) = (
            model("</script><script>alert(1)</script>{{page}}"),
            digits(),
        );
        let page = Page {
            model: &model,
            classes: &classes,
            shape: (28, 28),
            samples: None,
        };
        let html = page.html().unwrap();
        assert!(!html.contains("alert(1)</"), "{}", &html[..200]);
        assert_eq!(
            html.matches("{{page}}").count(),
            1,
            "what stands in the note stays in it"
        );
        assert_eq!(
            html.matches("<script").count(),
            html.matches("</script>").count()
        );
    }

    #[test]
    fn what_no_page_has_room_for_is_named() {
        let (model, classes) = (model(""), digits());
        let page = Page {
            model: &model,
            classes: &classes,
            shape: (28, 28),
            samples: None,
        };
        let error = |page: Page<'_>| page.html().unwrap_err().to_string();
        let shape = error(Page {
            shape: (28, 27),
            ..page
        });
        assert!(
            shape.contains("the pixels of a picture") && shape.contains("784"),
            "{shape}"
        );
        let names = error(Page {
            classes: &classes[1..],
            ..page
        });
        assert!(names.contains("64 classes"), "{names}");
        let wide = <crate::network![784, 600, 10]>::zero().encode("");
        let wide = ModelFile::parse(wide).unwrap();
        assert!(
            error(Page {
                model: &wide,
                ..page
            })
            .contains("512 neurons")
        );
        let deep = <crate::network![784, 9, 9, 9, 10]>::zero().encode("");
        let deep = ModelFile::parse(deep).unwrap();
        assert!(
            error(Page {
                model: &deep,
                ..page
            })
            .contains("3 layers")
        );
    }
}
