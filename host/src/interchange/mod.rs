//! Networks in the files of other programs: PyTorch's safetensors, the JSON of the book's `network2.py`, NumPy's
//! npz, ONNX.
//!
//! Every format has a file of its own here; they meet in [`Portable`]. Where a format names tensors, the names are
//! those that PyTorch gives in `nn.Sequential(Linear, Sigmoid, Linear, Sigmoid)`: `0.weight`, `0.bias`, `2.weight`,
//! `2.bias`, and so on, for any depth; a weight has the shape [neurons, inputs], as in the book and in the model file.

mod error;
mod format;
pub mod network2;
pub mod npz;
pub mod onnx;
mod portable;
pub mod safetensors;
mod tensors;

pub use error::InterchangeError;
pub use format::{Format, Source};
pub use portable::Portable;
