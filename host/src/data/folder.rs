//! Where the files of a data set are: in a folder, or one below it, under one of their usual names.
//!
//! MNIST and the sets that were made after it are called `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz` and the
//! like; EMNIST's have the name of a part in front and say `test`; torchvision puts the files into `NAME/raw`.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::error::DataError;

/// Reads are made in pieces of this many bytes.
const BUFFER: usize = 1 << 16;

/// The four files of a data set.
#[derive(Clone, Debug)]
pub struct Files {
    /// What stands before the usual names, `emnist-balanced` for one; mostly nothing.
    pub prefix: String,
    /// The folder they are in.
    pub folder: PathBuf,
    /// The training images.
    pub training: Pair,
    /// The test images.
    pub test: Pair,
}

impl Files {
    /// The set in a folder, in its `raw`, or in the `raw` of the one folder in it that has one.
    ///
    /// # Errors
    ///
    /// [`DataError::NoDataFile`] if a file is missing, [`DataError::SeveralSets`] if there is more than one set.
    pub fn find(directory: &Path) -> Result<Self, DataError> {
        let folder = choose(directory)?;
        let prefix = prefix(&folder, "train")?.unwrap_or_default();
        Ok(Self {
            training: Pair::find(&folder, &prefix, "train")?,
            test: Pair::find(&folder, &prefix, "t10k")
                .or_else(|error| Pair::find(&folder, &prefix, "test").map_err(|_| error))?,
            prefix,
            folder,
        })
    }

    /// The test images alone, of a folder that may have nothing else.
    ///
    /// # Errors
    ///
    /// As [`Files::find`].
    pub fn find_test(directory: &Path) -> Result<(String, Pair), DataError> {
        let folder = choose(directory)?;
        let prefix = match prefix(&folder, "t10k")? {
            Some(prefix) => prefix,
            None => prefix(&folder, "test")?.unwrap_or_default(),
        };
        let pair = Pair::find(&folder, &prefix, "t10k")
            .or_else(|error| Pair::find(&folder, &prefix, "test").map_err(|_| error))?;
        Ok((prefix, pair))
    }
}

/// A file of images and the file of their labels.
#[derive(Clone, Debug)]
pub struct Pair {
    /// `…-images-idx3-ubyte`.
    pub images: DataFile,
    /// `…-labels-idx1-ubyte`.
    pub labels: DataFile,
}

impl Pair {
    fn find(folder: &Path, prefix: &str, part: &str) -> Result<Self, DataError> {
        let stem = if prefix.is_empty() {
            part.to_owned()
        } else {
            format!("{prefix}-{part}")
        };
        let kinds = ["idx3-ubyte", "idx2-ubyte", "idx4-ubyte"];
        let images = kinds.map(|kind| DataFile::find(folder, &format!("{stem}-images"), kind));
        let [images, flat, deep] = images;
        Ok(Self {
            images: images.or_else(|error| flat.or(deep).map_err(|_| error))?,
            labels: DataFile::find(folder, &format!("{stem}-labels"), "idx1-ubyte")?,
        })
    }
}

/// The folder itself if it has files of images, or else the one below it that has.
fn choose(directory: &Path) -> Result<PathBuf, DataError> {
    let has_images = |folder: &Path| names(folder).iter().any(|name| parse(name).is_some());
    if has_images(directory) {
        return Ok(directory.into());
    }
    let mut below = vec![directory.join("raw")];
    below.extend(folders(directory));
    below.extend(
        folders(directory)
            .into_iter()
            .map(|folder| folder.join("raw")),
    );
    below.retain(|folder| has_images(folder));
    below.dedup();
    match below.as_slice() {
        [] => Ok(directory.into()),
        [one] => Ok(one.clone()),
        several => Err(DataError::SeveralSets {
            directory: directory.into(),
            sets: several
                .iter()
                .map(|folder| folder.display().to_string())
                .collect(),
        }),
    }
}

/// The one prefix that the files of images of a part have; none if there is no such file.
fn prefix(folder: &Path, part: &str) -> Result<Option<String>, DataError> {
    let mut prefixes: Vec<String> = names(folder)
        .iter()
        .filter_map(|name| parse(name))
        .filter(|(_, found)| *found == part)
        .map(|(prefix, _)| prefix.to_owned())
        .collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    match prefixes.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        // The usual names come before longer ones.
        [first, ..] if first.is_empty() => Ok(Some(String::new())),
        several => Err(DataError::SeveralSets {
            directory: folder.into(),
            sets: several.to_vec(),
        }),
    }
}

/// Prefix and part of a file of images by its name.
fn parse(name: &str) -> Option<(&str, &str)> {
    let (stem, kind) = name.split_once("-images")?;
    let kind = kind.strip_suffix(".gz").unwrap_or(kind);
    if !kind.ends_with("-ubyte") {
        return None;
    }
    match stem.rsplit_once('-') {
        Some((prefix, part)) => Some((prefix, part)),
        None => Some(("", stem)),
    }
    .filter(|(_, part)| ["train", "t10k", "test"].contains(part))
}

/// The names of the files in a folder; none if it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    files
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The folders in a folder, in the order of their names.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort_unstable();
    folders
}

/// One file, and how to open it.
#[derive(Clone, Debug)]
pub struct DataFile {
    path: PathBuf,
}

impl DataFile {
    /// Its name, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it for reading from the start.
    ///
    /// # Errors
    ///
    /// [`DataError::Read`] if the system cannot open it.
    pub fn open(&self) -> Result<BufReader<File>, DataError> {
        let file = File::open(&self.path).map_err(|source| DataError::read(&self.path, source))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }

    /// The first file there is of `stem-kind`, `stem.kind`, and both with `.gz`. A folder of that name is none, but the
    /// file of that name in it is, as archives are laid out by some programs.
    fn find(directory: &Path, stem: &str, kind: &str) -> Result<Self, DataError> {
        for end in ["", ".gz"] {
            for separator in ["-", "."] {
                let name = format!("{stem}{separator}{kind}{end}");
                let path = directory.join(&name);
                let inside = path.join(&name);
                if let Some(path) = [path, inside].into_iter().find(|path| path.is_file()) {
                    return Ok(Self { path });
                }
            }
        }
        Err(DataError::NoDataFile {
            directory: directory.into(),
            stem: stem.into(),
            kind: kind.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_name_is_found_and_raw_comes_before_gzip() {
        let directory = tempfile::tempdir().unwrap();
        let names = [
            "a.idx3-ubyte.gz",
            "a-idx3-ubyte.gz",
            "a.idx3-ubyte",
            "a-idx3-ubyte",
        ];
        for name in names {
            let path = directory.path().join(name);
            std::fs::write(&path, []).unwrap();
            let found = DataFile::find(directory.path(), "a", "idx3-ubyte").unwrap();
            assert_eq!(found.path(), path);
        }
    }

    /// A folder with empty files of these names.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for name in names {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, []).unwrap();
        }
        directory
    }

    #[test]
    fn emnists_names_and_torchvisions_folders_are_found() {
        let directory = folder(&[
            "EMNIST/raw/emnist-balanced-train-images-idx3-ubyte.gz",
            "EMNIST/raw/emnist-balanced-train-labels-idx1-ubyte.gz",
            "EMNIST/raw/emnist-balanced-test-images-idx3-ubyte",
            "EMNIST/raw/emnist-balanced-test-labels-idx1-ubyte",
        ]);
        let files = Files::find(directory.path()).unwrap();
        assert_eq!(files.prefix, "emnist-balanced");
        assert!(
            files
                .test
                .images
                .path()
                .ends_with("raw/emnist-balanced-test-images-idx3-ubyte")
        );
        let (prefix, test) = Files::find_test(directory.path()).unwrap();
        assert_eq!(
            (prefix.as_str(), test.labels.path()),
            ("emnist-balanced", files.test.labels.path())
        );
    }

    #[test]
    fn of_several_sets_none_is_guessed() {
        let directory = folder(&[
            "MNIST/raw/train-images-idx3-ubyte",
            "FashionMNIST/raw/train-images-idx3-ubyte",
        ]);
        let error = Files::find(directory.path()).unwrap_err().to_string();
        assert!(
            error.contains("FashionMNIST/raw") && error.contains("MNIST/raw"),
            "{error}"
        );
        let directory = folder(&[
            "emnist-letters-train-images-idx3-ubyte",
            "emnist-digits-train-images-idx3-ubyte",
        ]);
        let error = Files::find(directory.path()).unwrap_err().to_string();
        assert!(error.contains("emnist-digits, emnist-letters"), "{error}");
    }

    #[test]
    fn a_folder_named_as_the_file_is_none() {
        let name = "train-images-idx3-ubyte";
        let directory = folder(&["train-images-idx3-ubyte/other", "train-images.idx3-ubyte"]);
        let found = DataFile::find(directory.path(), "train-images", "idx3-ubyte").unwrap();
        assert!(found.path().ends_with("train-images.idx3-ubyte"));
        let directory = folder(&["train-images-idx3-ubyte/train-images-idx3-ubyte"]);
        let found = DataFile::find(directory.path(), "train-images", "idx3-ubyte").unwrap();
        assert!(found.path().ends_with(Path::new(name).join(name)));
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Files::find(Path::new("nowhere")).unwrap_err().to_string();
        let names = "no train-images-idx3-ubyte in nowhere, nor train-images.idx3-ubyte, nor either with .gz";
        assert_eq!(error, names);
    }

    #[test]
    fn a_file_that_has_gone_is_an_error() {
        let file = DataFile {
            path: "nowhere/a".into(),
        };
        assert!(matches!(file.open().err(), Some(DataError::Read { .. })));
    }
}
