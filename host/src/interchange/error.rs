//! `InterchangeError`: what is wrong with a file of another program, by the name of the tensor.

/// What is wrong with a network in a file of another program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InterchangeError {
    /// The file is not in the format of safetensors.
    #[error("not a safetensors file: {0}")]
    Safetensors(safetensors::SafeTensorError),
    /// The file is not JSON, or the JSON is not that of `network2.py`.
    #[error("not a network of network2.py: {at}: {source}")]
    Json {
        /// What was being read, `weights[0][3]` for one.
        at: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A tensor that every network of this form has.
    #[error(
        "no tensor {tensor}; expected are 0.weight, 0.bias, 2.weight, 2.bias, …, found {found}"
    )]
    Missing {
        /// Its name.
        tensor: String,
        /// The names there are.
        found: String,
    },
    /// A tensor that no network of this form has.
    #[error("unexpected tensor {tensor}; expected are {expected}")]
    Unexpected {
        /// Its name.
        tensor: String,
        /// The names of this network's tensors.
        expected: String,
    },
    /// Weights whose first size is that of the inputs, as Keras and JAX have them.
    #[error("tensor {tensor} is transposed: shape {expected} expected, {found} found")]
    Transposed {
        /// Its name.
        tensor: String,
        /// The shape that fits.
        expected: String,
        /// The tensor's.
        found: String,
    },
    /// A tensor of other numbers than floats.
    #[error("tensor {tensor}: F32, F16, BF16 or F64 expected, {found} found")]
    Dtype {
        /// Its name.
        tensor: String,
        /// Its type, by the name that safetensors gives it.
        found: String,
    },
    /// A tensor of another shape than the layers before it ask for.
    #[error("tensor {tensor}: shape {expected} expected, {found} found")]
    Shape {
        /// Its name.
        tensor: String,
        /// The shape that fits, in words where a size is free.
        expected: String,
        /// The tensor's.
        found: String,
    },
    /// A number that is a NaN, an infinity, or beyond the range of 32-bit floats.
    #[error("tensor {tensor}, number {position}: a finite 32-bit float expected, {found:?} found")]
    NotFinite {
        /// The tensor's name.
        tensor: String,
        /// Which number, from 0, in the order of C.
        position: usize,
        /// The number.
        found: f64,
    },
    /// The format cannot hold the network.
    #[error("the network does not fit into the format: {0}")]
    Encode(String),
}

/// A shape as PyTorch prints it, `[30, 784]`.
pub fn shape(sizes: &[impl ToString]) -> String {
    let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
    format!("[{}]", sizes.join(", "))
}
