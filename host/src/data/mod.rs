//! Data: labelled images and where they come from.
//!
//! | step | where |
//! |------|-------|
//! | a file is found in a folder | [`folder`] |
//! | MNIST is read from inside the program | `mnist` |
//! | IDX, raw or gzip, becomes images and labels | [`idx`] |
//! | an image becomes the list of its active pixels | [`Dataset`] |
//! | a training file is split; training, validation and test images belong together | [`Parts`] |
//! | more images are made of those there are | [`expand`] |
//! | a photograph or a drawing becomes an image as MNIST has them | [`picture`] |

mod dataset;
mod error;
pub mod expand;
pub mod folder;
pub mod idx;
mod mnist;
mod parts;
pub mod picture;
mod png;
mod scan;

pub use dataset::{Dataset, MOST_CLASSES, MOST_INPUTS};
pub use error::DataError;
pub use parts::{Parts, VALIDATION, load_test};
