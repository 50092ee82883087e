//! The sizes of network this program can train and run: one list, each a type of its own.

use smidgen_core::{Inference, Network, QuantizedNetwork, network, quantized_network};

use crate::error::Error;

/// Work that is to be done with a network type known only at run time.
pub trait Visitor {
    /// What the work results in.
    type Output;

    /// Does the work for the network type `N`.
    fn visit<N: Network<784, 10> + Send + Sync>(self) -> Self::Output;
}

/// Work that is to be done with an integer network type known only at run time.
pub trait QuantizedVisitor {
    /// What the work results in.
    type Output;

    /// Does the work for the network type `Q`.
    fn visit<Q: QuantizedNetwork<784, 10> + Inference<784, 10>>(self) -> Self::Output;
}

/// Makes the list of sizes and the choice among them from one table.
macro_rules! menu {
    ($([$($size:literal),+]),+ $(,)?) => {
        /// All sizes on the menu, from input to output.
        pub const MENU: &[&[usize]] = &[$(&[$($size),+]),+];

        /// Does a visitor's work with the network type of the given sizes.
        ///
        /// # Errors
        ///
        /// [`Error::NotOnMenu`] for other sizes.
        pub fn visit<V: Visitor>(sizes: &[usize], visitor: V) -> Result<V::Output, Error> {
            match sizes {
                $([$($size),+] => Ok(visitor.visit::<network![$($size),+]>()),)+
                _ => Err(Error::NotOnMenu { sizes: sizes.to_vec() }),
            }
        }

        /// Does a visitor's work with the integer network type of the given sizes.
        ///
        /// # Errors
        ///
        /// [`Error::NotOnMenu`] for other sizes.
        pub fn visit_quantized<V: QuantizedVisitor>(
            sizes: &[usize],
            visitor: V,
        ) -> Result<V::Output, Error> {
            match sizes {
                $([$($size),+] => Ok(visitor.visit::<quantized_network![$($size),+]>()),)+
                _ => Err(Error::NotOnMenu { sizes: sizes.to_vec() }),
            }
        }
    };
}

// To train another size, add it here.
menu! {
    [784, 10, 10],
    [784, 15, 10],
    [784, 20, 10],
    [784, 30, 10],
    [784, 50, 10],
    [784, 64, 10],
    [784, 100, 10],
    [784, 128, 10],
    [784, 200, 10],
    [784, 300, 10],
    [784, 30, 30, 10],
    [784, 100, 30, 10],
}

/// Whether sizes are on the menu.
///
/// # Errors
///
/// [`Error::NotOnMenu`] if they are not.
pub fn check(sizes: &[usize]) -> Result<(), Error> {
    if MENU.contains(&sizes) {
        Ok(())
    } else {
        Err(Error::NotOnMenu {
            sizes: sizes.to_vec(),
        })
    }
}

/// The menu in words, `784,10,10; 784,15,10; …`.
#[must_use]
pub fn list() -> String {
    MENU.iter()
        .map(|sizes| join(sizes))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Sizes as one types them, `784,30,10`.
#[must_use]
pub fn join(sizes: &[usize]) -> String {
    sizes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",")
}
