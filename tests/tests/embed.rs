//! `embed_model!` as another crate meets it: a good model compiles and runs; each fault stops the compiler, and its
//! message names the fault.
//!
//! Each case is a small program of its own, built by cargo against this workspace's core with what is already
//! downloaded.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use smidgen_core::{model, network, quantized_network};
use smidgen_tests::random;

/// A crate in a temporary folder, with a model beside its `main.rs`.
struct Program(tempfile::TempDir);

impl Program {
    /// `sizes` are those of `embed_model!`, `i8` before them for a model of integers, `f16` for one of 16-bit weights.
    fn new(sizes: &str, model: &[u8]) -> Self {
        let floats = |network: String| (network, "&[1.0, 0.5]", "0[0].to_bits()");
        let (network, input, output) = match sizes.split_once(", [") {
            Some(("i8", sizes)) => (
                format!("quantized_network![{sizes}"),
                "&[255, 128]",
                "z[0] as u32",
            ),
            Some(("f16", sizes)) => floats(format!("half_network![{sizes}")),
            _ => floats(format!("network!{sizes}")),
        };
        // Each has a name of its own: programs of one name, in one target folder, are one to cargo.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let core = root.join("core").canonicalize().unwrap();
        let program = Self(tempfile::tempdir().unwrap());
        program.write(
            "Cargo.toml",
            format!(
                "[package]\nname = \"embeds-{number}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                 [dependencies]\nsmidgen-core = {{ path = {core:?} }}\n[workspace]\n"
            ),
        );
        // The same versions as here, so that nothing has to be downloaded.
        std::fs::copy(root.join("Cargo.lock"), program.path("Cargo.lock")).unwrap();
        std::fs::create_dir(program.path("src")).unwrap();
        program.write(
            "src/main.rs",
            format!(
                "#![allow(unused_imports)]\n\
                 use smidgen_core::{{HalfNetwork, Model, Network, QuantizedNetwork, embed_model, half_network, network, quantized_network}};\n\
                 static MODEL: Model<{network}> = embed_model!(\"a.model\", {sizes});\n\
                 fn main() {{\n\
                     MODEL.verify().expect(\"the bits are the file's\");\n\
                     println!(\"{{:08x}} {{:08x}}\", MODEL.crc32(), MODEL.feedforward({input}).{output});\n\
                 }}\n"
            ),
        );
        program.write("src/a.model", model);
        program
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Cargo builds and runs it; core is compiled once for all programs.
    fn run(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline", "--color", "never"])
            .arg("--target-dir")
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("embed"))
            .env_remove("RUSTFLAGS")
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }
}

type Small = network![2, 3, 1];

fn small_network() -> Box<Small> {
    random::network::<Small, 2, 1>(4)
}

fn small_model() -> Vec<u8> {
    let mut file = Vec::new();
    model::encode(&*small_network(), "", |bytes| file.extend_from_slice(bytes));
    file
}

#[track_caller]
fn expect_no_program(sizes: &str, model: &[u8], message: &str) {
    let output = Program::new(sizes, model).run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it compiled: {output:?}");
    assert!(output.stdout.is_empty(), "it ran: {output:?}");
    assert!(stderr.contains("error[E0080]"), "{stderr}");
    assert!(stderr.contains(message), "{message:?} not in:\n{stderr}");
}

#[test]
fn a_whole_model_compiles_and_runs_with_the_same_bits() {
    use smidgen_core::Network;
    let file = small_model();
    let output = Program::new("[2, 3, 1]", &file).run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let crc32 = crc32fast::hash(&file[..file.len() - 4]);
    let activation = small_network().feedforward(&[1.0, 0.5])[0].to_bits();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("{crc32:08x} {activation:08x}\n")
    );
}

#[test]
fn another_shape_does_not_compile() {
    let message = "the model file has another shape than the network";
    expect_no_program("[2, 4, 1]", &small_model(), message);
}

#[test]
fn another_depth_does_not_compile() {
    let message = "the model file has another number of layers than the network";
    expect_no_program("[2, 3, 3, 1]", &small_model(), message);
}

#[test]
fn a_flipped_bit_does_not_compile() {
    let mut file = small_model();
    let middle = file.len() / 2;
    file[middle] ^= 1;
    expect_no_program("[2, 3, 1]", &file, "damaged: wrong checksum");
}

#[test]
fn a_truncated_model_does_not_compile() {
    let file = small_model();
    let message = "the model file has the wrong length";
    expect_no_program("[2, 3, 1]", &file[..file.len() - 4], message);
    expect_no_program("[2, 3, 1]", &file[..6], "the model file is truncated");
}

#[test]
fn a_nan_does_not_compile() {
    let mut network = small_network();
    network.rest.weights[2].0[0] = f32::NAN;
    let mut file = Vec::new();
    model::encode(&*network, "", |bytes| file.extend_from_slice(bytes));
    expect_no_program("[2, 3, 1]", &file, "not a finite number");
}

#[test]
fn a_model_of_floats_is_no_model_of_integers() {
    let message = "the model file holds another kind of element";
    expect_no_program("i8, [2, 3, 1]", &small_model(), message);
}

#[test]
fn a_model_of_integers_compiles_and_a_damaged_one_does_not() {
    let mut bytes = vec![3_u8; 2 * 3];
    for _ in 0..3 {
        bytes.extend([0, 0x90, 20, 0]);
    }
    bytes.extend([0; 4 * 3]);
    bytes.extend([5, 5, 5, 0, 0x90, 20, 0, 0, 0, 0, 0]);
    let mut network = bytemuck::zeroed_box::<quantized_network![2, 3, 1]>();
    smidgen_core::Stored::read_parameters(&mut *network, &bytes, 0).unwrap();
    let mut file = Vec::new();
    model::encode(&*network, "", |bytes| file.extend_from_slice(bytes));
    let output = Program::new("i8, [2, 3, 1]", &file).run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let middle = file.len() / 2;
    file[middle] ^= 1;
    expect_no_program("i8, [2, 3, 1]", &file, "damaged: wrong checksum");
}

#[test]
fn a_model_of_16_bit_weights_compiles_and_one_that_is_not_finite_does_not() {
    use smidgen_core::{HalfNetwork, half_network};
    let bytes: Vec<u8> = (0_u16..13)
        .flat_map(|i| (0x3800 + 77 * i).to_le_bytes())
        .collect();
    let mut network = bytemuck::zeroed_box::<half_network![2, 3, 1]>();
    smidgen_core::Stored::read_parameters(&mut *network, &bytes, 0).unwrap();
    let mut file = Vec::new();
    model::encode(&*network, "", |bytes| file.extend_from_slice(bytes));
    let output = Program::new("f16, [2, 3, 1]", &file).run();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let activation = network.feedforward(&[1.0, 0.5])[0].to_bits();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        stdout.ends_with(&format!(" {activation:08x}\n")),
        "{stdout}"
    );
    let end = file.len() - 4;
    file[end - 2..end].copy_from_slice(&0x7C00_u16.to_le_bytes());
    let checksum = crc32fast::hash(&file[..end]).to_le_bytes();
    file[end..].copy_from_slice(&checksum);
    expect_no_program("f16, [2, 3, 1]", &file, "not a finite number");
    let message = "the model file holds another kind of element";
    expect_no_program("f16, [2, 3, 1]", &small_model(), message);
}

#[test]
fn a_file_that_is_no_model_does_not_compile() {
    let message = "not a smidgen model file: wrong magic";
    expect_no_program("[2, 3, 1]", b"\x89PNG\r\n\x1a\n", message);
}
