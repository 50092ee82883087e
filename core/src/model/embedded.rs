//! `Model`: a network with the checksum of its file; `embed_model!`, which decodes it when the program is compiled.

use super::header::Header;
use crate::format::crc::Crc32;
use crate::format::error::ModelError;
use crate::format::stored::Stored;

/// A network out of a model file, with what it takes to tell whether its bits are still those of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Model<N> {
    network: N,
    prefix: Crc32,
    crc32: u32,
}

impl<N: Stored> Model<N> {
    /// Bytes of the model in flash: those of the network, and of the two checksums beside it.
    pub const BYTES: usize = N::BYTES + 8;
}

impl<N> Model<N> {
    /// Joins a network to the file it was read from; [`embed_model!`](crate::embed_model) calls it.
    #[must_use]
    pub const fn new(network: N, header: &Header<'_>) -> Self {
        Self {
            network,
            prefix: header.prefix(),
            crc32: header.crc32(),
        }
    }

    /// The checksum of the model file.
    #[must_use]
    pub const fn crc32(&self) -> u32 {
        self.crc32
    }

    /// Checks that the weights in memory are the file's: computes the file's CRC-32 from them.
    ///
    /// # Errors
    ///
    /// [`ModelError::Checksum`] if a bit has changed.
    pub fn verify(&self) -> Result<(), ModelError>
    where
        N: Stored,
    {
        let mut crc = self.prefix;
        self.network.for_each_part(|part| crc = crc.with(part));
        if crc.value() == self.crc32 {
            Ok(())
        } else {
            Err(ModelError::Checksum {
                expected: self.crc32,
                found: crc.value(),
            })
        }
    }
}

impl<N> core::ops::Deref for Model<N> {
    type Target = N;

    fn deref(&self) -> &N {
        &self.network
    }
}

/// A model file as a value of type [`Model`](crate::Model), decoded and checked when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`. A file that is damaged or has
/// another kind or shape is a compile error. Give it to a `static`, and the network is in flash, ready to run:
///
/// ```
/// use smidgen_core::{Model, Network, embed_model, network};
/// static XOR: Model<network![2, 3, 1]> = embed_model!("../../testdata/xor.model", [2, 3, 1]);
/// assert!(XOR.feedforward(&[1.0, 0.0])[0] > 0.9);
/// assert!(XOR.verify().is_ok());
/// ```
///
/// An integer network says so: `embed_model!("digits.q8.model", i8, [784, 30, 10])` has the type
/// `Model<quantized_network![784, 30, 10]>`. One whose weights are kept in 16 bits, too:
/// `embed_model!("digits.f16.model", f16, [784, 30, 10])` has the type `Model<half_network![784, 30, 10]>`.
#[macro_export]
macro_rules! embed_model {
    ($path:expr, [$($size:expr),+ $(,)?]) => {
        $crate::embed_model!(@model $path, network, ELEMENT_F32, $($size),+)
    };
    ($path:expr, i8, [$($size:expr),+ $(,)?]) => {
        $crate::embed_model!(@model $path, quantized_network, ELEMENT_I8, $($size),+)
    };
    ($path:expr, f16, [$($size:expr),+ $(,)?]) => {
        $crate::embed_model!(@model $path, half_network, ELEMENT_F16, $($size),+)
    };
    (@model $path:expr, $network:ident, $element:ident, $($size:expr),+) => {{
        #[allow(long_running_const_eval)]
        const MODEL: $crate::Model<$crate::$network![$($size),+]> = {
            const BYTES: &[u8] = include_bytes!($path);
            let header = match $crate::model::Header::parse(BYTES) {
                Ok(header) => header,
                Err(error) => panic!("{}", error.message()),
            };
            if let Err(error) = header.expect($crate::model::$element, &[$($size),+]) {
                panic!("{}", error.message());
            }
            let position = header.parameters();
            $crate::Model::new($crate::embed_model!(@layers $network, BYTES, position, $($size),+), &header)
        };
        MODEL
    }};
    (@layers $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr) => {
        $crate::embed_model!(@layer $network, $bytes, $position, $in, $out).0
    };
    (@layers $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr, $($rest:expr),+) => {{
        let (layer, position) = $crate::embed_model!(@layer $network, $bytes, $position, $in, $out);
        $crate::Chain {
            layer,
            rest: $crate::embed_model!(@layers $network, $bytes, position, $out, $($rest),+),
        }
    }};
    (@layer $network:ident, $bytes:expr, $position:expr, $in:expr, $out:expr) => {{
        let mut layer = <$crate::$network![$in, $out]>::ZERO;
        match layer.read($bytes, $position) {
            Ok(position) => (layer, position),
            Err(error) => panic!("{}", error.message()),
        }
    }};
}

/// The scaling in a model file as a value of type [`Scaling`](crate::Scaling), or in integers only of type
/// [`IntegerScaling`](crate::IntegerScaling), read and checked when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`; the number is that of the inputs. A file
/// without a scaling, or for `i16` one whose readings are not integers of 16 bits, is a compile error.
///
/// ```
/// use smidgen_core::{IntegerScaling, Scaling, embed_scaling};
/// static SCALING: Scaling<2> = embed_scaling!("../../testdata/thermostat.model", 2);
/// static INTEGERS: IntegerScaling<2> = embed_scaling!("../../testdata/thermostat.model", i16, 2);
/// assert_eq!(SCALING.apply_to_bytes(&[215.0, 40.0])?, INTEGERS.apply(&[215, 40]));
/// # Ok::<(), smidgen_core::NotANumber>(())
/// ```
///
/// ```compile_fail
/// # use smidgen_core::{Scaling, embed_scaling};
/// // Its inputs are 0 and 1: there is nothing to scale.
/// static SCALING: Scaling<2> = embed_scaling!("../../testdata/xor.model", 2);
/// ```
#[macro_export]
macro_rules! embed_scaling {
    ($path:expr, $inputs:expr) => {{
        #[allow(long_running_const_eval)]
        const SCALING: $crate::Scaling<{ $inputs }> =
            match $crate::model::scaling(include_bytes!($path)) {
                Ok((scaling, _)) => scaling,
                Err(error) => panic!("{}", error.message()),
            };
        SCALING
    }};
    ($path:expr, i16, $inputs:expr) => {{
        #[allow(long_running_const_eval)]
        const SCALING: $crate::IntegerScaling<{ $inputs }> =
            match $crate::model::integer_scaling(include_bytes!($path)) {
                Ok(scaling) => scaling,
                Err(error) => panic!("{}", error.message()),
            };
        SCALING
    }};
}

/// When an answer is left open, as a value of type [`Rejection<f32>`](crate::Rejection), or for an integer network of type
/// `Rejection<i32>`, read from a model file when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`. A file in which `smidgen evaluate
/// --reject` has chosen nothing is a compile error.
///
/// ```
/// use smidgen_core::{Rejection, embed_rejection};
/// static REJECTION: Rejection<f32> = embed_rejection!("../../testdata/thermostat.model");
/// assert!(REJECTION.confidence > 0.0);
/// ```
///
/// ```compile_fail
/// # use smidgen_core::{Rejection, embed_rejection};
/// static REJECTION: Rejection<f32> = embed_rejection!("../../testdata/xor.model");
/// ```
#[macro_export]
macro_rules! embed_rejection {
    ($path:expr) => {
        $crate::embed_rejection!(@read $path, f32, rejection)
    };
    ($path:expr, i8) => {
        $crate::embed_rejection!(@read $path, i32, integer_rejection)
    };
    (@read $path:expr, $confidence:ty, $read:ident) => {{
        const REJECTION: $crate::Rejection<$confidence> =
            match $crate::model::$read(include_bytes!($path)) {
                Ok(rejection) => rejection,
                Err(error) => panic!("{}", error.message()),
            };
        REJECTION
    }};
}

/// The names of the classes in a model file as a value of type `[&'static str; O]`, read when the program is compiled.
///
/// The path is relative to the file that calls the macro, as in `include_bytes!`; the number is that of the classes. A file
/// without names is a compile error.
///
/// ```
/// use smidgen_core::embed_classes;
/// static CLASSES: [&str; 3] = embed_classes!("../../testdata/thermostat.model", 3);
/// assert_eq!(CLASSES, ["cold", "right", "warm"]);
/// ```
///
/// ```compile_fail
/// # use smidgen_core::embed_classes;
/// static CLASSES: [&str; 1] = embed_classes!("../../testdata/xor.model", 1);
/// ```
#[macro_export]
macro_rules! embed_classes {
    ($path:expr, $classes:expr) => {{
        const CLASSES: [&str; { $classes }] =
            match $crate::model::class_names(include_bytes!($path)) {
                Ok(names) => names,
                Err(error) => panic!("{}", error.message()),
            };
        CLASSES
    }};
}
