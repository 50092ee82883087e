//! The bits that the page's module must have: computed here, and by the module in Node.

use std::path::Path;
use std::process::Command;

use smidgen::network::layer::layers;
use smidgen::network::{ModelFile, Networks};
use smidgen_core::Cost;
use smidgen_core::model::ELEMENT_F32;

use crate::mnist::mnist;
use crate::page::Drawing;

/// η of the page's lessons.
const LEARNING_RATE: f32 = 0.1;

/// What is computed: which drawings, how many of the first test images, how many lessons of those.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// Drawn by hand.
    pub drawings: &'a [Drawing],
    /// Test images.
    pub pictures: usize,
    /// Lessons, each on an image with the label of the next.
    pub lessons: usize,
}

impl Work<'_> {
    /// The pixels of the pictures, one after another.
    #[must_use]
    pub fn pixels(&self) -> Vec<u8> {
        let images = 0..self.pictures;
        images.flat_map(|i| mnist().test.bytes::<784>(i)).collect()
    }

    /// Their labels.
    #[must_use]
    pub fn labels(&self) -> Vec<u8> {
        (0..self.pictures)
            .map(|i| mnist().test.label(i) as u8)
            .collect()
    }

    /// The bits, computed here, as `tests/page/bits_of.mjs` puts them together.
    ///
    /// # Panics
    ///
    /// If the model is none of those that were compiled in.
    #[must_use]
    pub fn here(&self, model: &ModelFile, networks: &Networks) -> Vec<u8> {
        if model.element() == ELEMENT_F32 {
            self.of_floats(model, networks)
        } else {
            self.of_integers(model, networks)
        }
    }

    fn of_floats(&self, model: &ModelFile, networks: &Networks) -> Vec<u8> {
        let mut bits = Vec::new();
        let mut network = model.learner(networks).expect("it was compiled in");
        let add = |bits: &mut Vec<u8>, numbers: &[f32]| {
            numbers.iter().for_each(|x| bits.extend(x.to_le_bytes()));
        };
        let answer = |bits: &mut Vec<u8>, rows: Vec<Vec<f32>>| {
            rows.iter().for_each(|row| add(bits, row));
        };
        for drawing in self.drawings {
            let image = drawing.image();
            bits.extend(image);
            answer(&mut bits, network.forward((&image).into()));
        }
        for i in 0..self.pictures {
            answer(
                &mut bits,
                network.forward((&mnist().test.bytes::<784>(i)).into()),
            );
        }
        for i in 0..self.lessons {
            let image = mnist().test.bytes::<784>(i);
            let label = mnist().test.label((i + 1) % self.pictures);
            network.learn(Cost::CrossEntropy, (&image).into(), label, LEARNING_RATE);
            answer(&mut bits, network.forward((&image).into()));
        }
        for layer in layers(model.sizes(), &network.parameters()) {
            add(&mut bits, layer.weights());
        }
        bits
    }

    /// The output alone is seen from here; what is between is left out by [`Work::outputs`].
    fn of_integers(&self, model: &ModelFile, networks: &Networks) -> Vec<u8> {
        let network = model.network(networks).expect("it was compiled in");
        let images = (0..self.pictures).map(|i| mnist().test.bytes::<784>(i));
        let all = self.drawings.iter().map(Drawing::image).chain(images);
        let answers = all.flat_map(|image| network.infer((&image).into()).activations);
        answers.flat_map(f32::to_le_bytes).collect()
    }

    /// The output's activations among the bits of an integer model.
    #[must_use]
    pub fn outputs(&self, bits: &[u8], sizes: &[usize]) -> Vec<u8> {
        let neurons: usize = sizes.iter().skip(1).sum();
        let output = 4 * sizes.last().copied().unwrap_or(0);
        let (mut rest, mut outputs) = (bits, Vec::new());
        for i in 0..self.drawings.len() + self.pictures {
            let image = if i < self.drawings.len() { 784 } else { 0 };
            let Some((answer, after)) = rest.split_at_checked(image + 4 * neurons) else {
                break;
            };
            outputs.extend(answer.split_at(answer.len() - output).1);
            rest = after;
        }
        outputs
    }

    /// The bits, computed by a module in Node; of an integer model those of the output alone.
    ///
    /// # Errors
    ///
    /// In words: what Node said, or that there is none.
    pub fn there(&self, module: &Path, model: &ModelFile) -> Result<Vec<u8>, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes)
                .map(|()| path)
                .map_err(|error| error.to_string())
        };
        let mut command = Command::new("node");
        command
            .arg(root.join("page/bits.mjs"))
            .arg(module)
            .arg(root.join("../host/src/page/script/network.js"))
            .arg(write("model", model.bytes())?)
            .arg(write("pictures", &self.pixels())?)
            .arg(write("labels", &self.labels())?)
            .arg(self.lessons.to_string());
        if !self.drawings.is_empty() {
            command.arg(root.join("fixtures/strokes.json"));
        }
        let output = command
            .output()
            .map_err(|error| format!("cannot start node: {error}; type tests/firmware/setup"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(if model.element() == ELEMENT_F32 {
            output.stdout
        } else {
            self.outputs(&output.stdout, model.sizes())
        })
    }
}
