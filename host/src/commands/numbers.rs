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

/// A share in percent, `1%`, or of one, `0.01`; none if it is no number.
pub fn share(text: &str) -> Option<f64> {
    let (number, whole) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    Some(number.parse::<f64>().ok()? / whole)
}

/// A share that may be nothing or all.
pub fn any_share(text: &str) -> Result<f64, String> {
    let share = share(text).filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it must be a share, such as 20% or 0.2".into())
}

/// Bytes of memory, as data sheets have them: `16K`, `16 KiB`, `1M`, `65536`. K is 1024.
pub fn bytes(text: &str) -> Result<usize, String> {
    let wrong = || "it must be a size of memory, such as 64K, 1M or 65536".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "" | "B" => 1,
        "K" | "k" | "KB" | "kB" | "KiB" => 1 << 10,
        "M" | "MB" | "MiB" => 1 << 20,
        _ => return Err(wrong()),
    };
    let number: usize = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

/// A frequency in Hz, above 0: `64MHz`, `32.768 kHz`.
pub fn hertz(text: &str) -> Result<f64, String> {
    let wrong = || "it must be a frequency, such as 64MHz".to_owned();
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &*text[number.len()..].trim().to_ascii_lowercase() {
        "hz" => 1.0,
        "khz" => 1e3,
        "mhz" => 1e6,
        "ghz" => 1e9,
        _ => return Err(wrong()),
    };
    let hertz = number.parse::<f64>().map_err(|_| wrong())? * unit;
    if hertz.is_finite() && hertz > 0.0 {
        Ok(hertz)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_clocks_have_the_units_of_data_sheets() {
        for (text, expected) in [
            ("64K", 65_536),
            ("16 KiB", 16_384),
            ("1M", 1 << 20),
            ("7", 7),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for wrong in [
            "",
            "K",
            "64G",
            "-1K",
            "1.5K",
            "64Kbit",
            "99999999999999999999",
            "9999999999999999M",
        ] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        for (text, expected) in [("64MHz", 64e6), ("32.768 kHz", 32_768.0), ("1hz", 1.0)] {
            assert!(
                (hertz(text).unwrap_or(0.0) - expected).abs() < 1e-6,
                "{text}"
            );
        }
        for wrong in [
            "", "64", "MHz", "64M", "0MHz", "-1MHz", "64 mW", "1e999MHz", "infHz",
        ] {
            assert!(hertz(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_are_of_a_hundred_or_of_one() {
        for text in ["20%", "20 %", "0.2"] {
            assert_eq!(any_share(text), Ok(0.2), "{text}");
        }
        for wrong in ["", "%", "101%", "1.1", "-1%", "NaN", "a fifth"] {
            assert!(any_share(wrong).is_err(), "{wrong}");
        }
    }

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
