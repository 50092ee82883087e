//! The kinds of file that this program makes, by which it knows its own again.

use std::path::Path;

use smidgen_core::{flash, model, vectors};

use crate::files::outputs::{Kind, is};
use crate::training::checkpoint;

/// A model.
pub const MODEL: Kind = Kind {
    name: "a model",
    is: |head| head.starts_with(&model::MAGIC),
};

/// Test vectors.
pub const VECTORS: Kind = Kind {
    name: "a file of test vectors",
    is: |head| head.starts_with(&vectors::MAGIC),
};

/// An image for flash.
pub const IMAGE: Kind = Kind {
    name: "an image for flash",
    is: |head| head.starts_with(&flash::MAGIC),
};

/// A checkpoint.
pub const CHECKPOINT: Kind = Kind {
    name: "a checkpoint",
    is: |head| head.starts_with(&checkpoint::MAGIC),
};

/// A picture of results: SVG or PNG with [`MARK`] at its start.
#[cfg(feature = "plots")]
pub const PICTURE: Kind = Kind {
    name: "a picture",
    is: |head| head.windows(MARK.len()).any(|window| window == MARK),
};

/// What a picture says of its origin.
#[cfg(feature = "plots")]
pub const MARK: &[u8] = b"Drawn by smidgen";

/// The page of `smidgen draw`.
#[cfg(feature = "page")]
pub const PAGE: Kind = Kind {
    name: "a page",
    is: |head| {
        const TITLE: &[u8] = "· smidgen</title>".as_bytes();
        head.windows(TITLE.len()).any(|window| window == TITLE)
    },
};

/// A network in another program's format, which does not say who wrote it.
pub const FOREIGN: Kind = Kind {
    name: "certainly a file",
    is: |_| false,
};

/// What a file of this program is called, whichever kind it is.
#[must_use]
pub fn name(path: &Path) -> Option<&'static str> {
    let kinds = [MODEL, VECTORS, IMAGE, CHECKPOINT];
    kinds
        .into_iter()
        .find(|&kind| is(kind, path))
        .map(|kind| kind.name)
}
