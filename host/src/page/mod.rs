//! The page where one draws a digit: strokes made into an image, a network that can be taught, a cached model, and the
//! server of it all.
//!
//! | step | where |
//! |------|-------|
//! | the points of the strokes become ink, the ink becomes an [`Image`](smidgen_core::Image) as MNIST has them | [`raster`], [`smidgen_core::centre()`] |
//! | the image is asked about, or taught | [`session`] |
//! | JSON in and JSON out | [`api`] |
//! | HTTP, limits, time-outs | [`server`] |
//! | the model that is used when none is named | [`cache`] |

pub mod api;
pub mod cache;
pub mod raster;
pub mod server;
pub mod session;
