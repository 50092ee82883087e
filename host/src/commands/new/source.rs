//! Where the crates of smidgen come from in a new project: from a checkout, or by their version.

use std::path::Path;

use crate::commands::error::Error;

/// The checkout that this program was built from, if it was built from one and that is still there.
fn own_checkout() -> Option<&'static Path> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    is_checkout(root).then_some(root)
}

fn is_checkout(root: &Path) -> bool {
    // Where a registry has unpacked the crate `smidgen`, its neighbour is not called `core`.
    ["host", "core"]
        .iter()
        .all(|folder| root.join(folder).join("Cargo.toml").is_file())
}

/// What stands in the manifests for `smidgen` and for `smidgen-core`: the paths in a checkout, by default that of this
/// program, or its version.
///
/// # Errors
///
/// [`Error::NoCheckout`].
pub fn dependencies(checkout: Option<&Path>) -> Result<[String; 2], Error> {
    let root = match checkout {
        Some(path) => match path.canonicalize() {
            Ok(root) if is_checkout(&root) => root,
            _ => return Err(Error::NoCheckout { path: path.into() }),
        },
        None => match own_checkout() {
            Some(root) => root.into(),
            None => {
                return Ok([(); 2]
                    .map(|()| concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"").into()));
            }
        },
    };
    // A string of JSON is one of TOML.
    let path = |folder| format!("path = {}", serde_json::json!(root.join(folder)));
    Ok(["host", "core"].map(path))
}
