//! The way of a model into firmware, through the real binary: `quantize` and `export`, and what they refuse.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use smidgen_core::quantized_network;
use smidgen_core::{Inference, Vectors, model, network};
use smidgen_tests::{binary, random};
use tempfile::TempDir;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A folder with the book's model in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("digits.model"), folder.path().join("digits.model")).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &str) -> Output {
    binary::smidgen(folder.path())
        .args(arguments.split_whitespace())
        .output()
        .unwrap()
}

#[track_caller]
fn stdout(folder: &TempDir, arguments: &str) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(folder: &TempDir, arguments: &str) -> Value {
    serde_json::from_str(&stdout(folder, arguments)).unwrap()
}

/// One line on standard error with all of the words, exit code 2, and no new file.
#[track_caller]
fn expect_error(folder: &TempDir, arguments: &str, words: &[&str]) {
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let before = files();
    let output = run(folder, arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "{word:?} not in {stderr}");
    }
    assert_eq!(files(), before, "{stderr}");
}

// quantize

#[test]
fn quantizing_loses_next_to_nothing_and_gives_the_committed_model() {
    let folder = folder();
    let line = json(
        &folder,
        "quantize digits.model --out digits.q8.model --json",
    );
    let number = |key: &str| line[key].as_i64().unwrap();
    assert_eq!((number("total"), number("correct_before")), (10_000, 9_458));
    assert!(line["loss"].as_f64().unwrap() <= 0.05, "{line}");
    assert!(number("agree") >= 9_980, "{line}");
    assert_eq!(
        number("flash_saved"),
        number("flash_before") - number("flash_after")
    );
    assert!(number("flash_after") <= 24_300);
    let written = std::fs::read(folder.path().join("digits.q8.model")).unwrap();
    assert!(written == std::fs::read(fixture("digits.q8.model")).unwrap());
    let evaluation = json(&folder, "evaluate digits.q8.model --json");
    assert_eq!(evaluation["correct"], line["correct_after"]);
}

#[test]
fn the_other_verbs_take_models_of_integers_or_say_that_they_do_not() {
    let folder = folder();
    std::fs::copy(fixture("digits.q8.model"), folder.path().join("q8")).unwrap();
    assert_eq!(json(&folder, "info q8 --json")["element"], "i8");
    assert_eq!(json(&folder, "info digits.model --json")["element"], "f32");
    let answer = json(&folder, "predict q8 --index 0 --json");
    assert_eq!(
        (&answer["predicted"], &answer["actual"]),
        (&7.into(), &7.into())
    );
    stdout(
        &folder,
        "evaluate q8 --plot plot.svg --mistakes mistakes.png",
    );
    stdout(&folder, "draw --model q8 --out q8.html");
    for verb in ["filters q8 --out f.svg", "explain --model q8"] {
        expect_error(&folder, verb, &["q8", "integers"]);
    }
    expect_error(&folder, "quantize q8 --out x", &["q8", "already"]);
}

#[test]
fn weights_in_16_bits_lose_nothing_and_give_the_committed_model() {
    let folder = folder();
    let line = json(
        &folder,
        "quantize digits.model --to f16 --out digits.f16.model --json",
    );
    let number = |key: &str| line[key].as_i64().unwrap();
    assert_eq!(
        (number("correct_before"), number("correct_after")),
        (9_458, 9_458)
    );
    assert!(number("agree") >= 9_998, "{line}");
    assert_eq!(number("flash_after"), 47_728);
    let written = std::fs::read(folder.path().join("digits.f16.model")).unwrap();
    assert!(written == std::fs::read(fixture("digits.f16.model")).unwrap());
}

#[test]
fn the_other_verbs_take_models_of_16_bit_weights() {
    let folder = folder();
    std::fs::copy(fixture("digits.f16.model"), folder.path().join("f16")).unwrap();
    assert_eq!(json(&folder, "info f16 --json")["element"], "f16");
    assert_eq!(json(&folder, "evaluate f16 --json")["correct"], 9_458);
    assert_eq!(
        json(&folder, "predict f16 --index 0 --json")["predicted"],
        7
    );
    stdout(&folder, "filters f16 --out f.svg");
    stdout(&folder, "explain --model f16 --index 3");
    stdout(&folder, "draw --model f16 --out f16.html");
    stdout(&folder, "export f16 --format npz --out f16.npz");
    let text = stdout(&folder, "export f16 --out out");
    let line = "static MODEL: Model<half_network![784, 30, 10]> = embed_model!(\"f16\", f16, [784, 30, 10]);";
    assert!(text.contains(line) && text.contains("47728"), "{text}");
    assert!(!text.contains("learning"), "{text}");
    stdout(&folder, "quantize f16 --out q8");
    for from in ["f16", "q8"] {
        let verb = format!("quantize {from} --to f16 --out x");
        expect_error(&folder, &verb, &[from, "already"]);
    }
}

/// What has no number of 16 bits is refused by name, and just below is not.
#[test]
fn a_weight_that_is_too_large_for_16_bits_is_named() {
    let folder = folder();
    let mut network = random::network::<network![784, 30, 10], 784, 10>(3);
    network.layer.weights[5].0[7] = -65_505.0;
    std::fs::write(folder.path().join("large"), encoded(&*network)).unwrap();
    expect_error(
        &folder,
        "quantize large --to f16 --out x",
        &["neuron 7", "layer 1", "-65505", "65504"],
    );
    network.layer.weights[5].0[7] = -65_504.0;
    std::fs::write(folder.path().join("large"), encoded(&*network)).unwrap();
    stdout(&folder, "quantize large --to f16 --max-loss 100 --out x");
}

#[test]
fn a_model_that_loses_too_much_is_not_written() {
    let folder = folder();
    // A weight of each neuron so large that its others are rounded away.
    let mut network = bytemuck::zeroed_box::<network![784, 30, 10]>();
    let file = std::fs::read(fixture("digits.model")).unwrap();
    model::decode(&file, &mut *network).unwrap();
    network.layer.weights[0].0 = [250.0; 30];
    std::fs::write(folder.path().join("spoilt"), encoded(&*network)).unwrap();
    let output = run(&folder, "quantize spoilt --out x --max-loss 0.5");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("--max-loss"));
    assert!(!folder.path().join("x").exists());
    stdout(&folder, "quantize spoilt --out x --max-loss 100");
    assert!(folder.path().join("x").exists());
}

fn encoded(network: &impl smidgen_core::Stored) -> Vec<u8> {
    let mut bytes = Vec::new();
    model::encode(network, "", |part| bytes.extend_from_slice(part));
    bytes
}

#[test]
fn what_cannot_be_quantized_is_named() {
    let folder = folder();
    let write = |name: &str, network: &network![784, 30, 10]| {
        std::fs::write(folder.path().join(name), encoded(network)).unwrap();
    };
    let mut network = random::network::<network![784, 30, 10], 784, 10>(3);
    network.layer.weights[5].0[7] = 1e9;
    write("saturated", &network);
    expect_error(
        &folder,
        "quantize saturated --out x",
        &["neuron 7", "layer 1", "saturated"],
    );
    network.layer.weights[5].0[7] = 1.0;
    network.rest.biases.0[2] = 1e9;
    write("bias", &network);
    expect_error(
        &folder,
        "quantize bias --out x",
        &["neuron 2", "layer 2", "saturated"],
    );
    network.rest.biases.0[2] = 0.0;
    network.rest.weights = [smidgen_core::Row::ZERO; 30];
    write("zeros", &network);
    expect_error(&folder, "quantize zeros --out x", &["layer 2", "are 0"]);
    expect_error(
        &folder,
        "quantize digits.model --out none/x",
        &["no folder none"],
    );
    expect_error(&folder, "quantize none --out x", &["none"]);
    expect_error(
        &folder,
        "quantize digits.model --out x --max-loss=-1",
        &["--max-loss"],
    );
}

/// A file whose sums could overflow is refused by every verb that runs it.
#[test]
fn an_integer_model_that_could_overflow_is_refused() {
    let folder = folder();
    let mut bytes = std::fs::read(fixture("digits.q8.model")).unwrap();
    let end = bytes.len() - 4;
    // The last number is the bias of the last neuron.
    bytes[end - 4..end].copy_from_slice(&0x0080_0000_i32.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&checksum);
    std::fs::write(folder.path().join("over"), bytes).unwrap();
    for verb in [
        "evaluate over",
        "predict over --index 0",
        "export over --out out",
    ] {
        expect_error(&folder, verb, &["over", "overflow"]);
    }
}

// export

#[test]
fn export_writes_the_model_and_vectors_that_agree_with_it() {
    let folder = folder();
    let line = json(&folder, "export digits.model --out out --vectors 25 --json");
    assert_eq!(
        (&line["images"], &line["flash_model"]),
        (&25.into(), &95_448.into())
    );
    assert!(line["ram_in_place"].as_i64().unwrap() <= 97_000);
    let copied = std::fs::read(folder.path().join("out/digits.model")).unwrap();
    assert!(copied == std::fs::read(fixture("digits.model")).unwrap());
    let vectors = std::fs::read(folder.path().join("out/digits.vectors")).unwrap();
    let vectors = Vectors::<784, 10>::parse(&vectors).unwrap();
    assert_eq!(vectors.len(), 25);
    let mut network = bytemuck::zeroed_box::<network![784, 30, 10]>();
    model::decode(&copied, &mut *network).unwrap();
    for vector in vectors.iter() {
        use smidgen_core::Output;
        assert_eq!(network.infer(vector.image).bits(), vector.output);
    }
}

#[test]
fn export_of_integers_has_their_line_and_no_budget_for_learning() {
    let folder = folder();
    std::fs::copy(fixture("digits.q8.model"), folder.path().join("d.model")).unwrap();
    let text = stdout(&folder, "export d.model --out out");
    assert!(
        text.contains("Model<quantized_network![784, 30, 10]>"),
        "{text}"
    );
    assert!(
        text.contains("embed_model!(\"d.model\", i8, [784, 30, 10])"),
        "{text}"
    );
    assert!(
        text.contains("24248") && !text.contains("learning"),
        "{text}"
    );
    let bytes = size_of::<quantized_network![784, 30, 10]>();
    assert_eq!(bytes + 8, 24_248);
}

#[test]
fn export_replaces_nothing_without_force_and_refuses_damage() {
    let folder = folder();
    stdout(&folder, "export digits.model --out out");
    // What this program wrote it replaces, and nothing else.
    stdout(&folder, "export digits.model --out out");
    std::fs::write(folder.path().join("out/digits.vectors"), "notes").unwrap();
    expect_error(
        &folder,
        "export digits.model --out out",
        &["digits.vectors", "--force"],
    );
    stdout(&folder, "export digits.model --out out --force");
    let mut bytes = std::fs::read(fixture("digits.model")).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(folder.path().join("broken"), bytes).unwrap();
    expect_error(&folder, "export broken --out new", &["broken", "checksum"]);
    expect_error(
        &folder,
        "export digits.model --out new --vectors 10001",
        &["10000"],
    );
}
