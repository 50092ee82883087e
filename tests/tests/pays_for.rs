//! Firmware pays for what it asks of a model file, and for nothing else: shown on linked images for a Cortex-M0.
#![cfg(feature = "qemu")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use object::{Object, ObjectSection};
use smidgen_core::{model, network};
use smidgen_tests::firmware::target::TARGETS;
use smidgen_tests::firmware::toolchain;

/// A model of format 2, with the names of three classes and the scaling of two readings.
const DESCRIBED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../core/testdata/thermostat.model"
);

/// The same weights in format 1, which has but a note.
fn plain() -> Vec<u8> {
    let mut network = bytemuck::zeroed_box::<network![2, 4, 3]>();
    model::decode(&fs::read(DESCRIBED).unwrap(), &mut *network).unwrap();
    let mut file = Vec::new();
    model::encode(&*network, "the same weights", |part| {
        file.extend_from_slice(part);
    });
    file
}

/// A program that runs the network of a model file, and does more.
fn program(model: &str, more: &str) -> String {
    format!(
        "#![no_std]\n#![no_main]\n#![allow(unused_imports)]\n\
         use core::hint::black_box;\n\
         use smidgen_core::{{Model, Network, Scaling, embed_classes, embed_model, embed_scaling, network}};\n\
         static MODEL: Model<network![2, 4, 3]> = embed_model!(\"../{model}\", [2, 4, 3]);\n\
         #[panic_handler]\nfn panic(_: &core::panic::PanicInfo) -> ! {{ loop {{}} }}\n\
         #[unsafe(no_mangle)]\nextern \"C\" fn main() -> ! {{\n\
             let inputs = black_box([0.5, 0.25]);\n\
             {more}\n\
             black_box(MODEL.feedforward(&inputs));\n\
             black_box(MODEL.verify().is_ok());\n\
             loop {{}}\n\
         }}\n"
    )
}

/// The sections of a program that go into flash.
fn sections(elf: &Path) -> BTreeMap<String, Vec<u8>> {
    let bytes = fs::read(elf).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let kept = file.sections().filter_map(|section| {
        let name = section.name().ok()?;
        let flash = [".text", ".rodata", ".data"].contains(&name);
        flash.then(|| (name.to_owned(), section.data().unwrap().to_vec()))
    });
    kept.collect()
}

fn holds(sections: &BTreeMap<String, Vec<u8>>, word: &str) -> bool {
    let found = |bytes: &Vec<u8>| {
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    sections.values().any(found)
}

fn size(sections: &BTreeMap<String, Vec<u8>>) -> usize {
    sections.values().map(Vec::len).sum()
}

#[test]
fn names_and_scaling_are_in_flash_only_if_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    let core = core.canonicalize().unwrap();
    let target = &TARGETS[3];
    write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"pays-for\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nsmidgen-core = {{ path = {core:?} }}\n\
             [profile.release]\nlto = \"fat\"\ncodegen-units = 1\n"
        )
        .as_bytes(),
    );
    let flags = "\"-C\", \"link-arg=--nmagic\", \"-C\", \"link-arg=-emain\"";
    let config = format!("[target.{}]\nrustflags = [{flags}]\n", target.triple);
    write(".cargo/config.toml", config.as_bytes());
    write("src/plain.model", &plain());
    write("src/described.model", &fs::read(DESCRIBED).unwrap());
    write("src/bin/plain.rs", program("plain.model", "").as_bytes());
    write(
        "src/bin/described.rs",
        program("described.model", "").as_bytes(),
    );
    let asks = "static CLASSES: [&str; 3] = embed_classes!(\"../described.model\", 3);\n\
                static SCALING: Scaling<2> = embed_scaling!(\"../described.model\", 2);\n\
                let inputs = SCALING.apply(&inputs).unwrap_or(inputs);\n\
                black_box(&CLASSES);";
    write(
        "src/bin/asks.rs",
        program("described.model", asks).as_bytes(),
    );
    let results = toolchain::target_folder().join("new-firmware");
    let mut cargo = toolchain::cargo_in(target, folder.path(), &results).unwrap();
    let output = cargo
        .args(["build", "--release", "--quiet", "--target", target.triple])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let image = |name: &str| sections(&results.join(target.triple).join("release").join(name));
    let [plain, described, asks] = ["plain", "described", "asks"].map(image);
    let sizes = [&plain, &described, &asks].map(size);
    println!("bytes of flash of format 1, of format 2, and with names and scaling: {sizes:?}");
    assert_eq!(sizes[0], sizes[1]);
    // Of all bytes, only the two checksums beside the network differ.
    let pairs = plain.values().flatten().zip(described.values().flatten());
    assert!(pairs.filter(|(a, b)| a != b).count() <= 8);
    assert!(sizes[2] >= sizes[1] + 16, "{sizes:?}");
    assert!(!holds(&described, "cold") && holds(&asks, "cold"));
}
