//! Data sets that are known by their names: what their classes are called, and how their images lie.

use std::path::Path;

/// The classes of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017, table 1).
const FASHION: [&str; 10] = [
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot",
];

/// The characters of EMNIST's parts in the order of their labels (Cohen, Afshar, Tapson and van Schaik, 2017): digits,
/// capitals, and the small letters that do not look like their capitals.
const EMNIST: [(&str, &str); 5] = [
    (
        "emnist-balanced",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
    ),
    (
        "emnist-bymerge",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
    ),
    (
        "emnist-byclass",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    ),
    // Its labels begin with 1.
    ("emnist-letters", "-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("emnist-digits", "0123456789"),
];

/// The file with the names of the classes, one in each line, that may stand beside the others.
pub const NAMES: &str = "classes.txt";

/// Whether the images of a set lie transposed, columns for rows, as EMNIST's do.
#[must_use]
pub fn is_transposed(prefix: &str) -> bool {
    prefix.starts_with("emnist-")
}

/// The names of a set's classes: from [`NAMES`] in its folder, or as they are known of the set; none if they are not.
#[must_use]
pub fn class_names(folder: &Path, prefix: &str) -> Vec<String> {
    if let Ok(text) = std::fs::read_to_string(folder.join(NAMES)) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        return text.lines().map(|line| line.trim().to_owned()).collect();
    }
    let known = EMNIST.iter().find(|(name, _)| *name == prefix);
    if let Some((_, characters)) = known {
        return characters.chars().map(String::from).collect();
    }
    let path = folder.to_string_lossy().to_lowercase();
    if path.contains("fashion") || prefix.to_lowercase().contains("fashion") {
        return FASHION.map(String::from).to_vec();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_known_by_their_names() {
        let names = |folder: &str, prefix| class_names(Path::new(folder), prefix);
        assert_eq!(names("a/FashionMNIST/raw", "")[9], "boot");
        let balanced = names("a", "emnist-balanced");
        assert_eq!((balanced.len(), balanced[46].as_str()), (47, "t"));
        assert_eq!(names("a", "emnist-byclass").len(), 62);
        assert!(names("a/mnist", "").is_empty());
        assert!(is_transposed("emnist-letters") && !is_transposed(""));
    }

    #[test]
    fn a_file_of_names_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAMES), "cat\ndog\n").unwrap();
        assert_eq!(class_names(folder.path(), "emnist-digits"), ["cat", "dog"]);
    }
}
