//! The numbers that options take, with what is wrong said in words.

/// A whole number, at least 1.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number, at least 1".into()),
    }
}

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
