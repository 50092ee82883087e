//! Stands in for the pictures of every verb where the program is built without the feature `plots`: it has no options
//! and draws nothing.

use super::error::Error;
use crate::files::outputs::Outputs;

/// No options.
#[derive(Debug, clap::Args)]
pub struct PictureArgs {}

impl PictureArgs {
    /// No picture.
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as the real one has it"
    )]
    pub fn prepare(&self, _: &mut Outputs) -> Result<Pictures, Error> {
        Ok(Pictures)
    }
}

/// No picture.
pub struct Pictures;

impl Pictures {
    /// Whether a picture is wanted.
    pub fn is_wanted(&self) -> bool {
        false
    }

    /// Draws nothing of anything.
    #[allow(clippy::unnecessary_wraps, reason = "as the real one has it")]
    pub fn draw<T>(&self, _: T) -> Result<(), Error> {
        Ok(())
    }
}
