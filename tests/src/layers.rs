//! A trace of core, whose depth is in its type, as a list of layers.

use smidgen_core::{Chain, Row};

/// Whatever has one row of values for every layer.
pub trait Layers {
    /// The rows, the first hidden layer's first, the output's last.
    fn layers(&self) -> Vec<Vec<f32>>;
}

impl<const N: usize> Layers for Row<N> {
    fn layers(&self) -> Vec<Vec<f32>> {
        vec![self.0.to_vec()]
    }
}

impl<const N: usize, R: Layers> Layers for Chain<Row<N>, R> {
    fn layers(&self) -> Vec<Vec<f32>> {
        let mut layers = self.layer.layers();
        layers.extend(self.rest.layers());
        layers
    }
}

/// The bits of some numbers, by which two results are equal or not, whatever −0 and NaN compare as.
#[must_use]
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// [`bits`] layer by layer.
#[must_use]
pub fn layer_bits(layers: &[Vec<f32>]) -> Vec<Vec<u32>> {
    layers.iter().map(|layer| bits(layer)).collect()
}
