//! `Options`: a training as it was asked for, as its checkpoint keeps it.

use std::ffi::OsString;

/// Options as they were typed: the long name of each, and its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(pub Vec<(String, Vec<String>)>);

impl Options {
    /// One line of text.
    pub fn encode(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// What [`Options::encode`] made a line of.
    pub fn decode(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok().map(Self)
    }

    /// These, and those of `others` that are not among them.
    pub fn or(mut self, others: Self) -> Self {
        let missing = |(name, _): &(String, _)| self.0.iter().all(|(own, _)| own != name);
        let others: Vec<_> = others.0.into_iter().filter(missing).collect();
        self.0.extend(others);
        self
    }

    /// As they would be typed.
    pub fn arguments(&self) -> impl Iterator<Item = OsString> {
        let words = |(name, values): &(String, Vec<String>)| match values.as_slice() {
            [] => vec![format!("--{name}")],
            // A value that begins with a dash is one all the same.
            [value] => vec![format!("--{name}={value}")],
            values => std::iter::once(format!("--{name}"))
                .chain(values.iter().cloned())
                .collect(),
        };
        self.0.iter().flat_map(words).map(OsString::from)
    }
}
