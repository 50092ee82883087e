//! Names that a project can have: those that cargo takes for a program.

/// Names that are something else already: words of Rust, folders of cargo, crates of the language, and ours.
const TAKEN: &str = "abstract alloc as async await become box break build const continue core crate deps do dyn else enum \
    examples extern false final fn for gen if impl in incremental let loop macro match mod move mut override priv \
    proc_macro pub ref return self smidgen smidgen-core static std struct super test trait true try type typeof unsafe \
    unsized use virtual where while yield";

/// What is wrong with a name, if anything is.
#[must_use]
pub fn fault(name: &str) -> Option<&'static str> {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("it must begin with a letter from a to z")
    } else if !name.chars().all(letter) {
        Some("it may have letters from a to z, digits, - and _")
    } else if TAKEN.split_whitespace().any(|taken| taken == name) {
        Some("that is the name of something else")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_programs() {
        for name in ["fan", "fan-2", "my_fan", "F"] {
            assert_eq!(fault(name), None, "{name}");
        }
        for name in [
            "", "2fan", "-fan", "lüfter", "a b", "a.b", "fn", "smidgen", "test",
        ] {
            assert!(fault(name).is_some(), "{name}");
        }
    }
}
