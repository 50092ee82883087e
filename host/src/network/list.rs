//! `Networks`: the types of network that were compiled in, as a value.

use super::any::{AnyNetwork, Learner};
use super::error::NetworkError;
use super::sizes::join;

/// The networks of a program, in the order in which they were named.
///
/// [`networks!`](crate::networks) makes one.
#[derive(Clone, Debug)]
pub struct Networks(Vec<Compiled>);

/// One size of network, compiled for floats, for weights of 16 bits and for integers.
#[derive(Clone, Copy, Debug)]
pub struct Compiled {
    /// From input to output.
    pub sizes: &'static [usize],
    /// A network of floats, all of them 0.
    pub float: fn() -> Box<dyn Learner>,
    /// A network of 16-bit weights, all of them 0.
    pub halves: fn() -> Box<dyn AnyNetwork>,
    /// A network of integers, all of them 0.
    pub integer: fn() -> Box<dyn AnyNetwork>,
}

/// Compiles networks of the given sizes, each from input to output, into a value of type [`Networks`].
///
/// ```
/// let networks = smidgen::networks![[24, 12, 4], [24, 8, 4]];
/// assert_eq!(networks.float(&[24, 8, 4])?.parameters().len(), 24 * 8 + 8 + 8 * 4 + 4);
/// assert!(networks.float(&[24, 9, 4]).is_err());
/// # Ok::<(), smidgen::network::NetworkError>(())
/// ```
#[macro_export]
macro_rules! networks {
    ($([$in:expr $(, $rest:expr)+ $(,)?]),+ $(,)?) => {
        $crate::network::Networks::new(&[$(
            $crate::network::Compiled {
                sizes: &[$in $(, $rest)+],
                float: || Box::new(<$crate::network![$in $(, $rest)+]>::zero()),
                halves: || Box::new(
                    $crate::network::Halves::<
                        $crate::smidgen_core::half_network![$in $(, $rest)+],
                        { $in },
                        { $crate::network::last(&[$($rest),+]) },
                    >::zero(),
                ),
                integer: || Box::new(
                    $crate::network::Integer::<
                        $crate::smidgen_core::quantized_network![$in $(, $rest)+],
                        { $in },
                        { $crate::network::last(&[$($rest),+]) },
                    >::zero(),
                ),
            }
        ),+])
    };
}

impl Networks {
    /// The given networks.
    #[must_use]
    pub fn new(compiled: &[Compiled]) -> Self {
        Self(compiled.to_vec())
    }

    /// All sizes, each from input to output.
    pub fn sizes(&self) -> impl Iterator<Item = &'static [usize]> {
        self.0.iter().map(|compiled| compiled.sizes)
    }

    /// A network of floats of the given sizes, all of them 0.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`].
    pub fn float(&self, sizes: &[usize]) -> Result<Box<dyn Learner>, NetworkError> {
        self.find(sizes).map(|compiled| (compiled.float)())
    }

    /// A network of 16-bit weights of the given sizes, all of them 0.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`].
    pub fn halves(&self, sizes: &[usize]) -> Result<Box<dyn AnyNetwork>, NetworkError> {
        self.find(sizes).map(|compiled| (compiled.halves)())
    }

    /// A network of integers of the given sizes, all of them 0.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`].
    pub fn integer(&self, sizes: &[usize]) -> Result<Box<dyn AnyNetwork>, NetworkError> {
        self.find(sizes).map(|compiled| (compiled.integer)())
    }

    /// Checks that sizes were compiled in.
    ///
    /// # Errors
    ///
    /// [`NetworkError::NotCompiled`] if they were not.
    pub fn check(&self, sizes: &[usize]) -> Result<(), NetworkError> {
        self.find(sizes).map(|_| ())
    }

    fn find(&self, sizes: &[usize]) -> Result<&Compiled, NetworkError> {
        let found = self.0.iter().find(|compiled| compiled.sizes == sizes);
        found.ok_or_else(|| NetworkError::NotCompiled {
            sizes: sizes.to_vec(),
            compiled: self.to_string(),
        })
    }
}

/// The list in words, `784,10,10; 784,15,10; …`.
impl std::fmt::Display for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all: Vec<_> = self.sizes().map(join).collect();
        f.write_str(&all.join("; "))
    }
}
