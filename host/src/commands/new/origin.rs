//! Where the data of a project come from: tables are copied into it, folders of images stay where they are; and how the
//! trainer is told.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::commands::data::DataArgs;
use crate::commands::error::Error;
use crate::files::FileError;

/// The folder of a project that its tables go to.
pub const FOLDER: &str = "data";

/// A file to copy.
#[derive(Debug, PartialEq, Eq)]
pub struct Copy {
    /// From where.
    pub from: PathBuf,
    /// To where in the project.
    pub to: String,
}

/// What the trainer is told of its data, and the files that it needs for that.
#[derive(Debug, Default)]
pub struct DataOrigin {
    /// Tables.
    pub copies: Vec<Copy>,
    /// The options of `train`, each with a space before it.
    pub options: String,
}

impl DataOrigin {
    /// By the arguments of `new`.
    ///
    /// # Errors
    ///
    /// [`Error`] for a folder that is not there any more.
    pub fn of(args: &DataArgs) -> Result<Self, Error> {
        let mut origin = Self::default();
        if let Some(data) = &args.data {
            origin.add("data", data, "")?;
        }
        if let Some(test) = &args.test {
            origin.add("test", test, "test-")?;
        }
        if let Some(class) = &args.class {
            origin.option("class", class);
        }
        if let Some(split) = args.split {
            let shares = [split.training, split.validation, split.test].map(usize::from);
            origin.option("split", &crate::network::join(&shares));
        }
        if let Some(scaling) = args.scaling {
            let value = scaling.to_possible_value();
            origin.option(
                "scaling",
                value.as_ref().map_or("", |value| value.get_name()),
            );
        }
        Ok(origin)
    }

    /// A table is copied, under its name with a word before it if that is taken.
    fn add(&mut self, option: &str, path: &Path, word: &str) -> Result<(), Error> {
        if path.is_dir() {
            let whole = path.canonicalize();
            let whole = whole.map_err(|source| FileError::read(path, source))?;
            self.option(option, &whole.to_string_lossy());
            return Ok(());
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = format!("{FOLDER}/{name}");
        let taken = self.copies.iter().any(|copy| copy.to == plain);
        let to = if taken {
            format!("{FOLDER}/{word}{name}")
        } else {
            plain
        };
        self.option(option, &to);
        self.copies.push(Copy {
            from: path.into(),
            to,
        });
        Ok(())
    }

    fn option(&mut self, name: &str, value: &str) {
        self.options += &format!(" --{name} {}", quoted(value));
    }
}

/// A word as one types it in a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-,+=:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (word, typed) in [
            ("a/b-1.csv", "a/b-1.csv"),
            ("my readings.csv", "'my readings.csv'"),
            ("it's", r"'it'\''s'"),
            ("$(true)", "'$(true)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), typed);
        }
    }

    #[test]
    fn tables_of_one_name_do_not_meet() {
        let args = DataArgs {
            data: Some("a/fan.csv".into()),
            test: Some("b/fan.csv".into()),
            class: Some("the state".into()),
            ..DataArgs::default()
        };
        let origin = DataOrigin::of(&args).unwrap();
        let line = " --data data/fan.csv --test data/test-fan.csv --class 'the state'";
        assert_eq!(origin.options, line);
        let to: Vec<_> = origin.copies.iter().map(|copy| copy.to.as_str()).collect();
        assert_eq!(to, ["data/fan.csv", "data/test-fan.csv"]);
    }
}
