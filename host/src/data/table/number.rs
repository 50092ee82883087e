//! Numbers as a table has them.

/// The number in a cell, if it is a finite one.
pub fn number(cell: &[u8]) -> Option<f32> {
    let text = std::str::from_utf8(cell).ok()?;
    let number: f32 = text.parse().ok()?;
    // −0 and 0 are one reading.
    number.is_finite().then_some(number + 0.0)
}
