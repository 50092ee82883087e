//! The kinds of element that a model file can have.

/// The kind of element of a float network: IEEE 754 binary32.
pub const ELEMENT_F32: u8 = 1;
/// The kind of element of an integer network: weights in 8 bits.
pub const ELEMENT_I8: u8 = 2;
