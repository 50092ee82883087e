//! Standard output: text, and JSON of one object per line.

use std::io::{self, Write};

use serde::Serialize;

use super::error::Error;

/// Writes text as it is.
///
/// # Errors
///
/// [`Error::Output`] if it cannot be written, because the reader has gone, for one.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::Output)
}

/// Writes an object in one line of JSON.
///
/// # Errors
///
/// As [`print`].
pub fn print_json(object: &impl Serialize) -> Result<(), Error> {
    let line =
        serde_json::to_string(object).map_err(|error| Error::Output(io::Error::from(error)))?;
    print(&(line + "\n"))
}
