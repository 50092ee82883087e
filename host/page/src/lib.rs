//! The page's own part: what is drawn becomes an image, a network of the core is asked, taught, and looked into.
//!
//! | step | where |
//! |------|-------|
//! | points of strokes become ink, the ink an image as MNIST has them | [`raster`], [`smidgen_core::centre()`] |
//! | a model file of any sizes becomes a network of the sizes that were compiled in | [`room`], [`pad`] |
//! | the network is asked and taught, and its weights and products are read | [`room`], [`weights`] |
//! | what the page calls | `exports` |
//!
//! Everything that computes is the core's; there is no second implementation here, and none in the page's script.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod exports;
#[path = "../../src/page/limits.rs"]
pub mod limits;
pub mod pad;
pub mod raster;
pub mod room;
pub mod weights;

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
