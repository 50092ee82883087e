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
    print_bytes(text.as_bytes())
}

/// Writes bytes as they are.
///
/// # Errors
///
/// As [`print`].
pub fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(Error::Output)
}

/// Says something that is not the result, on standard error.
pub fn note(line: &str) {
    // There is nowhere to report that this fails.
    let _ = writeln!(io::stderr(), "smidgen: {line}");
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
