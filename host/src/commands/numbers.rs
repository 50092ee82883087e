//! The numbers that options take, with what is wrong said in words.

/// A whole number, at least 1.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number, at least 1".into()),
    }
}

/// What stands between sizes, if it is not only space.
const SEPARATORS: [char; 5] = [',', '-', 'x', '×', '→'];

/// Sizes of layers as people type them: `784,30,10`, `784 30 10`, `[784, 30, 10]`, `784x30x10`.
pub fn sizes(text: &str) -> Result<Layers, String> {
    let inner = text
        .trim()
        .trim_start_matches(['[', '('])
        .trim_end_matches([']', ')']);
    // One separator between two numbers, and the same between all; only then is nothing left out in silence.
    let inner = inner.replace("->", "→");
    let separator = inner.chars().find(|c| SEPARATORS.contains(c));
    let sizes: Result<Vec<usize>, _> = match separator {
        Some(separator) => inner
            .split(separator)
            .map(|size| size.trim().parse())
            .collect(),
        None => inner.split_whitespace().map(str::parse).collect(),
    };
    match sizes {
        Ok(sizes) if !sizes.is_empty() => Ok(Layers(sizes)),
        _ => Err("it must be sizes from input to output, such as 784,30,10".into()),
    }
}

/// The sizes of one network, from input to output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers(pub Vec<usize>);

/// A finite number that passes a test.
fn number(text: &str, passes: impl Fn(f32) -> bool, wanted: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() && passes(number) => Ok(number),
        _ => Err(format!("it must be {wanted}")),
    }
}

/// A finite number above 0.
pub fn positive(text: &str) -> Result<f32, String> {
    number(text, |number| number > 0.0, "a finite number above 0")
}

/// A finite number, 0 or above.
pub fn not_negative(text: &str) -> Result<f32, String> {
    number(text, |number| number >= 0.0, "a finite number, 0 or above")
}

/// A number from 0 to below 1.
pub fn below_one(text: &str) -> Result<f32, String> {
    number(
        text,
        |number| (0.0..1.0).contains(&number),
        "a number from 0 to below 1",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_type_them() {
        for text in [
            "784,30,10",
            "784 30 10",
            "[784, 30, 10]",
            "784, 30, 10",
            "(784,30,10)",
            "784x30x10",
            "784-30-10",
            "784 -> 30 -> 10",
        ] {
            assert_eq!(sizes(text), Ok(Layers(vec![784, 30, 10])), "{text}");
        }
        for wrong in [
            "",
            "[]",
            "784,x30y,10",
            "784,x,10",
            "784,3-5",
            "784,,10",
            "784,3.5,10",
            "many",
        ] {
            assert!(sizes(wrong).is_err(), "{wrong}");
        }
    }
}
