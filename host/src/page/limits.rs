//! What the page has room for. The module of wasm32 is compiled from this very file.

/// Inputs that a model may have, as in a picture of 32 × 32.
pub const INPUTS: usize = 1024;
/// Classes that a model may have.
pub const CLASSES: usize = 64;
/// Neurons that a hidden layer may have.
pub const NEURONS: usize = 512;
/// Layers that a model may have after its input.
pub const LAYERS: usize = 3;
