//! The page on which one draws: a single file of HTML that needs nobody, with the model and the core inside.
//!
//! | step | where |
//! |------|-------|
//! | the core as a module of wasm32, made of `host/page` by `host/page/build` | `assets/page.wasm` |
//! | what the module has room for | [`limits`] |
//! | page, style, scripts, module, model and sample digits as one file | [`mod@file`] |
//! | bytes as text in that file | `pack` |
//! | the model that is used when none is named | [`cache`] |
//!
//! The scripts follow the pen and show answers; whatever is computed, the module computes, with the bits of this program.

pub mod cache;
mod error;
pub mod file;
pub mod limits;
mod pack;

pub use error::PageError;
pub use file::{Page, Samples};
