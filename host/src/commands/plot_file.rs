//! `PlotFile`: a file that a picture of results is going to be in.

use std::path::Path;

use smidgen_core::crc::Crc32;

use super::error::Error;
use super::kinds::{self, MARK};
use crate::files::output::OutputFile;
use crate::files::outputs::Outputs;
use crate::plots::{Picture, WIDTHS, png, svg};

/// How large pictures are.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Size {
    /// Pixels of a picture from left to right; 1600 in a PNG, 800 in an SVG if nothing is said
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(i64::from(*WIDTHS.start())..=i64::from(*WIDTHS.end())))]
    width: Option<u32>,
}

/// A file that a picture is going to be in.
#[derive(Clone, Debug)]
pub struct PlotFile(OutputFile, Size);

impl PlotFile {
    /// Checks now that the file can be written later.
    ///
    /// # Errors
    ///
    /// As [`Outputs::prepare`], and [`Error::Plot`] for a name that ends neither in .svg nor in .png.
    pub fn prepare(path: &Path, size: Size, outputs: &mut Outputs) -> Result<Self, Error> {
        let file = Self(outputs.prepare(path, kinds::PICTURE)?, size);
        if file.ends_in("png") || file.ends_in("svg") || file.0.is_special() {
            Ok(file)
        } else {
            Err(file.error("its name must end in .svg or .png"))
        }
    }

    /// Where the picture will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Draws the picture and writes the file.
    ///
    /// # Errors
    ///
    /// [`Error::Plot`] or [`Error::File`].
    pub fn write(&self, picture: &impl Picture) -> Result<(), Error> {
        let bytes = if self.ends_in("png") {
            png(picture, self.1.width)
        } else {
            svg(picture, self.1.width)
        };
        let bytes = bytes.map_err(|reason| self.error(&reason.to_string()))?;
        Ok(self.0.write(&marked(bytes))?)
    }

    fn ends_in(&self, kind: &str) -> bool {
        let end = self.path().extension();
        end.is_some_and(|end| end.eq_ignore_ascii_case(kind))
    }

    fn error(&self, reason: &str) -> Error {
        Error::Plot {
            path: self.path().into(),
            reason: reason.into(),
        }
    }
}

/// Bytes of a PNG file before its second chunk: the signature, and `IHDR`.
const PNG_START: usize = 33;

/// A picture that says who drew it, so that the next one may replace it: in an SVG a description, in a PNG a text.
fn marked(mut picture: Vec<u8>) -> Vec<u8> {
    let (at, mark) = if picture.starts_with(b"\x89PNG") {
        let text = [b"tEXtSoftware\0", MARK].concat();
        let crc = Crc32::START.with(&text).value();
        let length = (text.len() - 4) as u32;
        let chunk = [&length.to_be_bytes()[..], &text, &crc.to_be_bytes()];
        (PNG_START, chunk.concat())
    } else {
        let end = picture.iter().position(|&byte| byte == b'>');
        let mark = [b"<desc>", MARK, b"</desc>"].concat();
        (end.map_or(0, |end| end + 1), mark)
    };
    picture.splice(at..at, mark);
    picture
}

#[cfg(test)]
mod tests {
    use super::{Outputs, PlotFile, Size};

    #[test]
    fn a_name_that_ends_otherwise_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let outputs = &mut Outputs::new(false);
        let error =
            PlotFile::prepare(&folder.path().join("a.jpg"), Size::default(), outputs).unwrap_err();
        assert!(error.to_string().ends_with("must end in .svg or .png"));
        assert!(PlotFile::prepare(&folder.path().join("a.PNG"), Size::default(), outputs).is_ok());
    }
}
