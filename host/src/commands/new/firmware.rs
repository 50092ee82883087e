//! The parts of the firmware's `main.rs` that depend on the kind of network and of readings.

use crate::data::About;

/// What the firmware reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readings {
    /// Floats, as they were measured.
    Floats,
    /// Integers of 16 bits, as they were measured, for a network of integers.
    Integers,
    /// Bytes that are inputs as they are: images, and tables that need no scaling.
    Bytes,
}

/// A network and what it reads.
#[derive(Debug)]
pub struct Kind<'a> {
    name: &'a str,
    layers: &'a [usize],
    /// Whether the network is one of integers.
    integers: bool,
    readings: Readings,
    classes: &'a [String],
}

impl<'a> Kind<'a> {
    /// For the model of a name, by what is known of its data.
    #[must_use]
    pub fn new(name: &'a str, layers: &'a [usize], integers: bool, about: &'a About) -> Self {
        let readings = match &about.scaling {
            Some(scaling) if scaling.integers && integers => Readings::Integers,
            Some(_) => Readings::Floats,
            None => Readings::Bytes,
        };
        Self {
            name,
            layers,
            integers,
            readings,
            classes: &about.classes,
        }
    }

    /// What fills the places of the template.
    #[must_use]
    pub fn places(&self) -> Vec<(&'static str, String)> {
        vec![
            ("imports", self.imports()),
            ("statics", self.statics()),
            ("self_test", self.self_test().into()),
            ("input", self.input().into()),
            ("infer", self.infer().into()),
            ("say", self.say().into()),
        ]
    }

    fn imports(&self) -> String {
        let test = match self.readings {
            Readings::Floats => {
                "readings::{ReadingVectors, self_test};\nuse smidgen_core::vectors::Agreement"
            }
            Readings::Integers => {
                "readings::{ReadingVectors, self_test_integers};\nuse smidgen_core::vectors::Agreement"
            }
            Readings::Bytes => "vectors::{Agreement, Vectors, self_test}",
        };
        let mut types = vec!["Inference", "Model"];
        let mut macros = vec!["embed_model", "embed_vectors", self.network()];
        match self.readings {
            Readings::Integers => types.push("IntegerScaling"),
            Readings::Floats => types.push("Scaling"),
            Readings::Bytes => {}
        }
        if self.readings != Readings::Bytes {
            macros.push("embed_scaling");
        }
        if !self.integers {
            types.push("Output");
        }
        if !self.classes.is_empty() {
            macros.push("embed_classes");
        }
        let list = |mut names: Vec<&str>| {
            names.sort_unstable();
            names.join(", ")
        };
        format!(
            "use smidgen_core::{test};\n\
             use smidgen_core::{{{}}};\nuse smidgen_core::{{{}}};",
            list(types),
            list(macros)
        )
    }

    fn statics(&self) -> String {
        let (name, layers) = (self.name, list(self.layers));
        let [inputs, outputs] = [self.layers.first(), self.layers.last()];
        let (inputs, outputs) = (inputs.unwrap_or(&0), outputs.unwrap_or(&0));
        let network = self.network();
        let kind = if self.integers { "i8, " } else { "" };
        let model = item(
            "MODEL",
            &format!("Model<{network}![{layers}]>"),
            &format!("embed_model!(\"{name}.model\", {kind}[{layers}])"),
        );
        let scaling = |scaling: &str, kind: &str| {
            item(
                "SCALING",
                &format!("{scaling}<{inputs}>"),
                &format!("embed_scaling!(\"{name}.model\", {kind}{inputs})"),
            )
        };
        let vectors = |vectors: &str, reading: &str| {
            item(
                "VECTORS",
                &format!("{vectors}{inputs}, {outputs}>"),
                &format!("embed_vectors!(\"{name}.vectors\", {reading}[{inputs}, {outputs}])"),
            )
        };
        let classes = item(
            "CLASSES",
            &format!("[&str; {outputs}]"),
            &self.class_names(),
        );
        let items = match self.readings {
            Readings::Floats => vec![
                model,
                scaling("Scaling", ""),
                classes,
                vectors("ReadingVectors<f32, ", "f32, "),
            ],
            Readings::Integers => vec![
                model,
                scaling("IntegerScaling", "i16, "),
                classes,
                vectors("ReadingVectors<i16, ", "i16, "),
            ],
            Readings::Bytes => vec![model, classes, vectors("Vectors<", "")],
        };
        items.join("\n")
    }

    /// Out of the model, or numbers, which are their own names.
    fn class_names(&self) -> String {
        let count = self.layers.last().copied().unwrap_or(0);
        if self.classes.is_empty() {
            let names: Vec<_> = (0..count).map(|i| format!("\"{i}\"")).collect();
            format!("[{}]", names.join(", "))
        } else {
            format!("embed_classes!(\"{}.model\", {count})", self.name)
        }
    }

    fn network(&self) -> &'static str {
        if self.integers {
            "quantized_network"
        } else {
            "network"
        }
    }

    fn self_test(&self) -> &'static str {
        match self.readings {
            Readings::Floats => "self_test(&MODEL, &SCALING, &VECTORS)",
            Readings::Integers => "self_test_integers(&MODEL, &SCALING, &VECTORS)",
            Readings::Bytes => "self_test(&MODEL, &VECTORS)",
        }
    }

    fn input(&self) -> &'static str {
        match self.readings {
            Readings::Bytes => "image",
            _ => "readings",
        }
    }

    fn infer(&self) -> &'static str {
        match self.readings {
            Readings::Floats => {
                "let Ok(output) = MODEL.infer_readings(&SCALING, &readings) else {\n            \
                 continue; // One of them is not a number.\n        \
                 };"
            }
            Readings::Integers => "let output = MODEL.infer(&SCALING.apply(&readings));",
            Readings::Bytes => "let output = MODEL.infer(image);",
        }
    }

    /// The confidence of integers is printed as it is: without a float there is no soft-float library in the flash.
    fn say(&self) -> &'static str {
        if self.integers {
            "let confidence = output.activations()[class];\n        \
             defmt::println!(\"{=str}, confidence {=u8}/255\", CLASSES[class], confidence);"
        } else {
            "let confidence = output.activations()[class];\n        \
             defmt::println!(\"{=str}, confidence {=f32}\", CLASSES[class], confidence);"
        }
    }
}

/// A static as rustfmt has it, in one line or in two.
fn item(name: &str, kind: &str, value: &str) -> String {
    const WIDTH: usize = 100;
    let line = format!("static {name}: {kind} = {value};");
    if line.len() <= WIDTH {
        line
    } else {
        format!("static {name}: {kind} =\n    {value};")
    }
}

/// Sizes as they stand in Rust, `784, 30, 10`.
pub fn list(sizes: &[usize]) -> String {
    crate::network::join(sizes).replace(',', ", ")
}
