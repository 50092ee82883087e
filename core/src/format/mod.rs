//! The ground of both file formats: bytes and their checksum, kinds of element, what a file needs of a network.
//!
//! What stands here knows no layer and no network. The formats themselves are in [`model`](crate::model) and
//! [`vectors`](crate::vectors).

pub mod bytes;
pub mod crc;
pub mod element;
pub mod error;
pub mod stored;
