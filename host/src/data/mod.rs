//! Data: labelled images and rows of readings, and where they come from.
//!
//! | step | where |
//! |------|-------|
//! | a file is found in a folder | [`folder`] |
//! | MNIST is read from inside the program | `mnist` |
//! | IDX, raw or gzip, becomes images and labels | [`idx`] |
//! | CSV becomes rows of readings, and is split and scaled | [`table`] |
//! | all of that is found from what was typed, or from what a model remembers | [`source`] |
//! | names and origin are kept beside the examples | [`about`] |
//! | an image becomes the list of its active pixels | [`Dataset`] |
//! | a training file is split; training, validation and test images belong together | [`Parts`] |
//! | more images are made of those there are | [`expand`] |
//! | a photograph or a drawing becomes an image as MNIST has them | [`picture`] |

pub mod about;
mod dataset;
mod error;
pub mod expand;
pub mod folder;
pub mod idx;
mod input;
mod known;
mod mnist;
mod pages;
mod parts;
pub mod picture;
mod rejection;
mod scan;
pub mod shuffle;
pub mod source;
pub mod table;

pub use about::{About, Origin};
pub use dataset::{Dataset, MOST_CLASSES, MOST_INPUTS};
pub use error::DataError;
pub use input::Input;
pub use parts::{Parts, VALIDATION, load_test};
pub use rejection::Rejection;
pub use source::{Loaded, Source};
