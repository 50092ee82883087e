//! The data of a verb: as they are named on the command line, and as a model remembers them.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::model::Model;
use crate::data::source::{self, MNIST};
use crate::data::table::{Method, Rows, Split};
use crate::data::{About, Dataset, Loaded, Origin, Source, load_test};

/// Where the data of a training are.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DataArgs {
    /// A CSV file of readings with a class, or a folder of IDX files, raw or gzip, named as MNIST's [default: MNIST]
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,
    /// A CSV file of the test part [default: a part of --data]
    #[arg(long, requires = "data", value_name = "CSV")]
    pub test: Option<PathBuf>,
    /// The column of the class [default: the last]
    #[arg(long, requires = "data", value_name = "COLUMN")]
    pub class: Option<String>,
    /// Percent of a table for training, validation and test [default: 70,15,15, with --test 85,15,0]
    #[arg(long, requires = "data", value_parser = split, value_name = "PARTS")]
    pub split: Option<Split>,
    /// What the readings of a table are scaled by [default: range]
    #[arg(long, requires = "data", value_enum, value_name = "HOW")]
    pub scaling: Option<Method>,
}

impl DataArgs {
    /// Loads all parts; a table is split by the seed.
    ///
    /// # Errors
    ///
    /// [`Error`] for data that cannot be read or are not as they should be, and for options of tables beside a folder.
    pub fn load(&self, seed: u64) -> Result<Loaded, Error> {
        let folder = self.data.as_deref().filter(|path| path.is_dir());
        if let Some(path) = folder {
            for (given, option) in [
                (self.test.is_some(), "--test"),
                (self.class.is_some(), "--class"),
                (self.split.is_some(), "--split"),
                (self.scaling.is_some(), "--scaling"),
            ] {
                if given {
                    let path = path.into();
                    return Err(Error::TableOption { option, path });
                }
            }
        }
        let source = Source {
            data: self.data.clone(),
            test: self.test.clone(),
            class: self.class.clone(),
            split: self.split,
            seed,
            scaling: self.scaling.unwrap_or_default(),
        };
        Ok(source.load()?)
    }
}

/// Three shares in percent, `70,15,15`.
fn split(text: &str) -> Result<Split, String> {
    let wrong = || "it must be three whole numbers that add up to 100, such as 70,15,15".to_owned();
    let shares: Vec<u8> = text
        .split(',')
        .map(|share| share.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| wrong())?;
    match *shares.as_slice() {
        [training, validation, test]
            if training > 0
                && [training, validation, test]
                    .map(u32::from)
                    .iter()
                    .sum::<u32>()
                    == 100 =>
        {
            Ok(Split {
                training,
                validation,
                test,
            })
        }
        _ => Err(wrong()),
    }
}

/// Which data a model is judged by.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct JudgeArgs {
    /// The data that the model was trained on, if they are not where they were: a CSV file, or a folder of IDX files
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,
    /// Take --data though they are not the model's
    #[arg(long, requires = "data")]
    pub other_data: bool,
}

/// What a model is judged by.
#[derive(Clone, Debug)]
pub struct Test {
    /// The examples as the network takes them.
    pub data: Dataset,
    /// The readings as they were measured; none for pictures.
    pub readings: Option<Rows>,
}

impl Test {
    fn of_pictures(data: Dataset) -> Self {
        Self {
            data,
            readings: None,
        }
    }
}

/// What a model says of the data it was trained on.
enum Known<'a> {
    /// The program's own.
    Mnist,
    /// These.
    These(&'a Origin),
    /// Others, and it does not say which.
    Others,
    /// Nothing: another program wrote it.
    Nothing,
}

impl<'a> Known<'a> {
    fn of(model: &'a Model) -> Self {
        // Files of version 1 have but a note, in which the data stand after the version of the program.
        let words = model
            .file
            .note()
            .split_once(": ")
            .map_or("", |(_, words)| words);
        match &model.file.about().origin {
            Some(origin) => Self::These(origin),
            None if words.starts_with("MNIST,") => Self::Mnist,
            None if words.starts_with("other data,") => Self::Others,
            None => Self::Nothing,
        }
    }

    /// Whether data with these checksums may be them.
    fn is(&self, training: Option<u32>, test: u32) -> bool {
        let wanted = match self {
            Self::Mnist => MNIST,
            Self::These(origin) => (origin.training_crc32, origin.test_crc32),
            Self::Others | Self::Nothing => return true,
        };
        test == wanted.1 && training.is_none_or(|training| training == wanted.0)
    }

    fn words(&self) -> String {
        match self {
            Self::Mnist | Self::Nothing => "MNIST".into(),
            Self::These(origin) => origin.words(),
            Self::Others => "other data".into(),
        }
    }
}

impl JudgeArgs {
    /// The test part of a model's data.
    ///
    /// # Errors
    ///
    /// [`Error::OtherData`] for data that are not the model's, [`Error::DataGone`] for data that are not there any more,
    /// and what else can be wrong with data.
    pub fn test(&self, model: &Model) -> Result<Test, Error> {
        let known = Known::of(model);
        let mut test = match self.find(model, &known)? {
            None => Test::of_pictures(load_test(None)?),
            Some(path) if path.is_dir() => {
                let test = Test::of_pictures(load_test(Some(&path))?);
                self.expect(model, &known, &path, (None, test.data.crc32()))?;
                test
            }
            Some(path) => self.test_table(model, &known, &path)?,
        };
        test.data.widen(model.file.about().classes.len());
        Ok(test)
    }

    /// All parts of a model's data.
    ///
    /// # Errors
    ///
    /// As [`JudgeArgs::test`].
    pub fn all(&self, model: &Model) -> Result<Loaded, Error> {
        let known = Known::of(model);
        let Some(path) = self.find(model, &known)? else {
            return Ok(Source::default().load()?);
        };
        let loaded = source_of(model, &known, path.clone()).load_for(model.file.about())?;
        let (training, test) = sums(&loaded);
        self.expect(model, &known, &path, (Some(training), test))?;
        Ok(loaded)
    }

    /// Where the data are; the program's own if nowhere.
    fn find(&self, model: &Model, known: &Known<'_>) -> Result<Option<PathBuf>, Error> {
        if let Some(path) = &self.data {
            return Ok(Some(path.clone()));
        }
        match known {
            Known::Mnist | Known::Nothing => Ok(None),
            Known::These(origin) => find(model, known, &origin.name).map(Some),
            Known::Others => Err(gone(model, known)),
        }
    }

    /// The test part of a model of readings. The file at the path may be that part, or the whole of which it is one.
    fn test_table(&self, model: &Model, known: &Known<'_>, path: &Path) -> Result<Test, Error> {
        let Known::These(origin) = known else {
            return self.test_file(model, known, path);
        };
        // The test file is tried first where there is one, and where nothing is said it is the one of the training.
        if let Some(name) = &origin.test {
            let file = match &self.data {
                Some(given) => given.clone(),
                None => find(model, known, name)?,
            };
            let test = self.test_file(model, known, &file);
            if test.is_ok() || self.data.is_none() {
                return test;
            }
        }
        let loaded = source_of(model, known, path.into()).load_for(model.file.about());
        match loaded {
            Ok(loaded) if known.is(Some(sums(&loaded).0), sums(&loaded).1) => Ok(Test {
                data: loaded.parts.test,
                readings: loaded.test_readings,
            }),
            _ => self.test_file(model, known, path),
        }
    }

    /// A file that is the test part.
    fn test_file(&self, model: &Model, known: &Known<'_>, path: &Path) -> Result<Test, Error> {
        let about = model.file.about();
        if !about.is_table() {
            return Err(other(model, known, path));
        }
        let readings = match source::load_test_table(path, about) {
            Err(error) if error.is_other_table() && !self.other_data => {
                return Err(other(model, known, path));
            }
            readings => readings?,
        };
        self.expect(model, known, path, (None, readings.crc32()))?;
        Ok(Test {
            data: source::scaled(path, readings.clone(), about)?,
            readings: Some(readings),
        })
    }

    /// Refuses data that are not the model's by the checksums of training part, if it is there, and test part, unless
    /// others are wanted.
    fn expect(
        &self,
        model: &Model,
        known: &Known<'_>,
        path: &Path,
        (training, test): (Option<u32>, u32),
    ) -> Result<(), Error> {
        if self.other_data || known.is(training, test) {
            Ok(())
        } else {
            Err(other(model, known, path))
        }
    }
}

/// Refuses data that are not the model's.
fn other(model: &Model, known: &Known<'_>, path: &Path) -> Error {
    Error::OtherData {
        model: model.path.clone(),
        known: known.words(),
        given: path.into(),
    }
}

/// Says that the model's data are not to be found.
fn gone(model: &Model, known: &Known<'_>) -> Error {
    Error::DataGone {
        model: model.path.clone(),
        data: known.words(),
    }
}

/// The checksums of the training part and of the test part.
fn sums(loaded: &Loaded) -> (u32, u32) {
    let origin = loaded.about.origin.as_ref();
    origin.map_or(MNIST, |origin| (origin.training_crc32, origin.test_crc32))
}

/// The source of a model's data, with its file or folder at a path.
fn source_of(model: &Model, known: &Known<'_>, path: PathBuf) -> Source {
    let Known::These(origin) = known else {
        return Source {
            data: Some(path),
            ..Source::default()
        };
    };
    Source {
        data: Some(path),
        test: origin
            .test
            .as_deref()
            .map(|test| find(model, known, test).unwrap_or_else(|_| test.into())),
        class: origin.class.clone(),
        split: origin.split,
        seed: origin.seed,
        ..Source::default()
    }
}

/// A file or folder by the name that was typed when the model was trained: here, or seen from the model.
fn find(model: &Model, known: &Known<'_>, name: &str) -> Result<PathBuf, Error> {
    let name = Path::new(name);
    let folder = model.path.parent().unwrap_or(Path::new(""));
    let last = name.file_name().map(|last| folder.join(last));
    let places = [Some(name.to_path_buf()), Some(folder.join(name)), last];
    let found = places.into_iter().flatten().find(|path| path.exists());
    found.ok_or_else(|| gone(model, known))
}

/// The names of the classes of a model, or their numbers.
pub fn class(about: &About, i: usize) -> String {
    // A name comes with the file, so it must not steer the terminal.
    about.class(i).replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        let Ok(shares) = split("60, 20,20") else {
            panic!("not read");
        };
        assert_eq!(
            (shares.training, shares.validation, shares.test),
            (60, 20, 20)
        );
        for wrong in [
            "",
            "70,30",
            "70,15,16",
            "0,50,50",
            "70,15,15,0",
            "a,b,c",
            "-1,1,100",
        ] {
            assert!(split(wrong).is_err(), "{wrong}");
        }
    }
}
