//! `PlotFile`: a file that a picture of results is going to be in.

use std::path::Path;

use super::error::Error;
use crate::files::output::OutputFile;
use crate::plots::{Picture, png, svg};

/// A file that a picture is going to be in.
#[derive(Clone, Debug)]
pub struct PlotFile(OutputFile);

impl PlotFile {
    /// Checks now that the file can be written later.
    ///
    /// # Errors
    ///
    /// As [`OutputFile::prepare`], and [`Error::Plot`] for a name that ends neither in .svg nor in .png.
    pub fn prepare(path: &Path) -> Result<Self, Error> {
        let file = Self(OutputFile::prepare(path)?);
        if file.ends_in("png") || file.ends_in("svg") {
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
            png(picture)
        } else {
            svg(picture)
        };
        let bytes = bytes.map_err(|reason| self.error(&reason.to_string()))?;
        Ok(self.0.write(&bytes)?)
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

#[cfg(test)]
mod tests {
    use super::PlotFile;

    #[test]
    fn a_name_that_ends_otherwise_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = PlotFile::prepare(&folder.path().join("a.jpg")).unwrap_err();
        assert!(error.to_string().ends_with("must end in .svg or .png"));
        assert!(PlotFile::prepare(&folder.path().join("a.PNG")).is_ok());
    }
}
