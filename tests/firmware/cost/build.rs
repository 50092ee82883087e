//! Makes models of the sizes in `SMIDGEN_COST_LAYERS`, such as `24,12,4`, and the statics that embed them.
//!
//! What the weights are hardly matters for what a network costs, as long as they are of both signs and of many sizes.

use std::path::Path;
use std::{env, fs};

use smidgen_core::Half;
use smidgen_core::crc::Crc32;
use smidgen_core::model::{ELEMENT_F16, ELEMENT_F32, ELEMENT_I8, MAGIC, VERSION_1};

fn main() {
    println!("cargo:rerun-if-env-changed=SMIDGEN_COST_LAYERS");
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    if env::var_os("CARGO_FEATURE_INSTRUMENTS").is_some() {
        println!("cargo:rustc-link-arg-bins=-Tdefmt.x");
    }
    let layers = env::var("SMIDGEN_COST_LAYERS").unwrap_or_else(|_| "24,12,4".into());
    let sizes: Vec<usize> = layers
        .split(',')
        .map(|size| size.parse().unwrap())
        .collect();
    let out = env::var("OUT_DIR").unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(Path::new(&out).join(name), bytes).unwrap();
    write("floats.model", &model(ELEMENT_F32, &sizes, float_layer));
    write("halves.model", &model(ELEMENT_F16, &sizes, half_layer));
    write("integers.model", &model(ELEMENT_I8, &sizes, integer_layer));
    let mut source = source(&sizes);
    if let [frozen @ .., _] = sizes.as_slice()
        && frozen.len() > 1
    {
        let last = &sizes[frozen.len() - 1..];
        for (name, sizes) in [("frozen", frozen), ("last", last)] {
            write(
                &format!("{name}.model"),
                &model(ELEMENT_F32, sizes, float_layer),
            );
            source += &model_source(name, "network", "", &list(sizes));
        }
        source += &format!(
            "/// The layer that learns alone.\npub type Last = smidgen_core::Dense<{}>;\n",
            list(last)
        );
    }
    write("network.rs", source.as_bytes());
}

/// The statics of all kinds of network.
fn source(sizes: &[usize]) -> String {
    let (inputs, outputs, all) = (sizes[0], sizes[sizes.len() - 1], list(sizes));
    let mut source = format!(
        "/// Inputs of the network.\npub const INPUTS: usize = {inputs};\n\
         /// Its neurons in the last layer.\npub const OUTPUTS: usize = {outputs};\n\
         /// What learns.\npub type Learner = smidgen_core::network![{all}];\n"
    );
    for (name, network, kind) in [
        ("floats", "network", ""),
        ("halves", "half_network", "f16, "),
        ("integers", "quantized_network", "i8, "),
    ] {
        source += &model_source(name, network, kind, &all);
    }
    source
}

fn model_source(name: &str, network: &str, kind: &str, sizes: &str) -> String {
    let upper = name.to_uppercase();
    format!(
        "/// A network in flash.\n#[unsafe(link_section = \".model\")]\n\
         pub static {upper}: smidgen_core::Model<smidgen_core::{network}![{sizes}]> =\n    \
         smidgen_core::embed_model!(\"{name}.model\", {kind}[{sizes}]);\n"
    )
}

fn list(sizes: &[usize]) -> String {
    let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
    sizes.join(", ")
}

/// Writes the numbers of a layer.
type Layer = fn(&mut Vec<u8>, inputs: usize, neurons: usize, &mut Random);

/// A model file of version 1.
fn model(element: u8, sizes: &[usize], layer: Layer) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION_1.to_le_bytes());
    bytes.extend([element, sizes.len() as u8]);
    for &size in sizes {
        bytes.extend((size as u32).to_le_bytes());
    }
    bytes.extend(0_u32.to_le_bytes());
    let mut random = Random(2026);
    for pair in sizes.windows(2) {
        layer(&mut bytes, pair[0], pair[1], &mut random);
    }
    let crc = Crc32::START.with(&bytes).value();
    bytes.extend(crc.to_le_bytes());
    bytes
}

fn float_layer(bytes: &mut Vec<u8>, inputs: usize, neurons: usize, random: &mut Random) {
    for _ in 0..(inputs + 1) * neurons {
        bytes.extend(random.weight(inputs).to_le_bytes());
    }
}

fn half_layer(bytes: &mut Vec<u8>, inputs: usize, neurons: usize, random: &mut Random) {
    for _ in 0..(inputs + 1) * neurons {
        let half = Half::nearest(random.weight(inputs)).unwrap();
        bytes.extend(half.to_bits().to_le_bytes());
    }
}

/// Weights of all 255 values, scales that make of their sums what a sigmoid has use for, and biases.
fn integer_layer(bytes: &mut Vec<u8>, inputs: usize, neurons: usize, random: &mut Random) {
    for _ in 0..inputs * neurons {
        bytes.push((random.below(255) as i32 - 127) as i8 as u8);
    }
    for _ in 0..neurons {
        let shift = 17 + inputs.ilog2().div_ceil(2) as u16;
        bytes.extend((0x8000 + random.below(0x8000) as u16).to_le_bytes());
        bytes.extend(shift.to_le_bytes());
    }
    for _ in 0..neurons {
        bytes.extend((random.below(2001) as i32 - 1000).to_le_bytes());
    }
}

/// A generator of Lehmer's, which is random enough for weights.
struct Random(u64);

impl Random {
    /// A number below another.
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0 * 48_271 % 0x7FFF_FFFF;
        (self.0 * u64::from(end) / 0x7FFF_FFFF) as u32
    }

    /// Nearly Gaussian, as wide as makes sums of about 1.
    fn weight(&mut self, inputs: usize) -> f32 {
        let sum: u32 = (0..3).map(|_| self.below(1 << 16)).sum();
        (sum as f32 / 32_768.0 - 3.0) * 2.0 / (inputs as f32).sqrt()
    }
}
