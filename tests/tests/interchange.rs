//! `import` and `export --format` through the real binary: models that leave and come back, files of other programs
//! that are wrong, and, with the feature `python`, the other side run for real.
//!
//! With the feature `python` a missing interpreter or package is a failure that names the line to type.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView, serialize};
use smidgen_tests::folder::Folder;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model")
}

/// A folder with `digits.model` in it.
fn folder() -> Folder {
    let folder = Folder::new();
    std::fs::copy(fixture(), folder.path("digits.model")).unwrap();
    folder
}

#[test]
fn a_model_that_leaves_and_comes_back_is_the_same_file() {
    for format in ["safetensors", "network2-json"] {
        let folder = folder();
        let stdout = folder.stdout(&format!("export digits.model --format {format} --out away"));
        assert!(stdout.contains("Saved away: [784, 30, 10]"), "{stdout}");
        let stdout = folder.stdout("import away --out back.model");
        assert!(stdout.contains("23860 weights and biases"), "{stdout}");
        assert!(
            folder.read("back.model") == folder.read("digits.model"),
            "{format}"
        );
    }
}

#[test]
fn a_network_has_one_file_in_every_format() {
    let folder = folder();
    for format in ["safetensors", "network2-json", "npz", "onnx"] {
        let export = |out| {
            folder.stdout(&format!(
                "export digits.model --format {format} --out {out} --force"
            ))
        };
        export("a");
        export("b");
        assert!(folder.read("a") == folder.read("b"), "{format}");
    }
}

#[test]
fn every_size_on_the_menu_comes_back() {
    let folder = folder();
    for sizes in smidgen_tests::binary::sizes() {
        let layers = sizes.windows(2).map(|pair| {
            let (inputs, neurons) = (pair[0], pair[1]);
            let weights = (0..inputs * neurons).map(|i| (i as f32).sin()).collect();
            smidgen::network::layer::Layer::new(inputs, weights, vec![0.5; neurons]).unwrap()
        });
        let network = smidgen::interchange::Portable {
            layers: layers.collect(),
            note: Some("a note".into()),
            about: smidgen::data::About::default(),
        };
        let made = smidgen::interchange::Format::Safetensors.encode(&network);
        folder.write("made", made.unwrap());
        folder.stdout("import made --out made.model --force");
        for format in ["safetensors", "network2-json"] {
            folder.stdout(&format!(
                "export made.model --format {format} --out away --force"
            ));
            folder.stdout("import away --out back.model --force");
            assert!(
                folder.read("back.model") == folder.read("made.model"),
                "{sizes:?} {format}"
            );
        }
    }
}

#[test]
fn json_says_what_was_read_and_written() {
    let folder = folder();
    let parse = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
    let export =
        parse(folder.stdout("export digits.model --format safetensors --out a.safetensors --json"));
    assert_eq!(export["file"], "a.safetensors");
    assert_eq!(export["bytes"], folder.read("a.safetensors").len());
    let import = parse(folder.stdout("import a.safetensors --out a.model --json"));
    assert_eq!(import["layers"], serde_json::json!([784, 30, 10]));
    assert_eq!(import["parameters"], 23_860);
    assert_eq!(
        import["crc32"],
        parse(folder.stdout("info digits.model --json"))["crc32"]
    );
}

#[test]
fn nothing_is_replaced_unless_told() {
    let folder = folder();
    folder.stdout("export digits.model --format npz --out a");
    let error = folder.error("export digits.model --format npz --out a");
    assert!(
        error.contains("a is there already; --force replaces it"),
        "{error}"
    );
    folder.stdout("export digits.model --format safetensors --out a --force");
    // A model is replaced by a model, and nothing else is.
    folder.write("notes", "mine");
    let error = folder.error("import a --out notes");
    assert!(error.contains("notes is there already"), "{error}");
    assert_eq!(folder.read("notes"), b"mine");
    folder.stdout("import a --out digits.model");
}

#[test]
fn vectors_belong_to_firmware() {
    let error = folder().error("export digits.model --format onnx --out a --vectors 3");
    assert!(
        error.contains("--vectors belongs to --format firmware"),
        "{error}"
    );
}

// Files that are wrong

/// A tensor to be put into a file.
struct Made {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

fn made(shape: &[usize]) -> Made {
    Made {
        dtype: Dtype::F32,
        shape: shape.to_vec(),
        bytes: vec![0; 4 * shape.iter().product::<usize>()],
    }
}

/// The book's network of zeros.
fn zeros() -> HashMap<&'static str, Made> {
    HashMap::from([
        ("0.weight", made(&[30, 784])),
        ("0.bias", made(&[30])),
        ("2.weight", made(&[10, 30])),
        ("2.bias", made(&[10])),
    ])
}

#[track_caller]
fn expect_refusal(change: impl FnOnce(&mut HashMap<&'static str, Made>), words: &str) {
    let folder = folder();
    let mut tensors = zeros();
    change(&mut tensors);
    let views = tensors.iter().map(|(name, made)| {
        let view = TensorView::new(made.dtype, made.shape.clone(), &made.bytes).unwrap();
        (*name, view)
    });
    std::fs::write(
        folder.path("a.safetensors"),
        serialize(views, None).unwrap(),
    )
    .unwrap();
    let error = folder.error("import a.safetensors --out a.model");
    assert!(
        error.contains("a.safetensors: ") && error.contains(words),
        "{words} not in {error}"
    );
    assert!(!folder.path("a.model").exists());
}

#[test]
fn a_whole_file_of_zeros_is_no_fault() {
    let folder = folder();
    let tensors = zeros();
    let views = tensors.iter().map(|(name, made)| {
        (
            *name,
            TensorView::new(made.dtype, made.shape.clone(), &made.bytes).unwrap(),
        )
    });
    std::fs::write(folder.path("a.bin"), serialize(views, None).unwrap()).unwrap();
    folder.stdout("import a.bin --out a.model");
    assert!(
        folder
            .stdout("info a.model")
            .contains("imported from a.bin")
    );
}

/// The model that is imported from the network of zeros under other names.
fn renamed(rename: impl Fn(&str) -> String) -> Vec<u8> {
    let folder = folder();
    let tensors: HashMap<String, Made> = zeros()
        .into_iter()
        .map(|(name, made)| (rename(name), made))
        .collect();
    write(&folder, "a.safetensors", &tensors);
    folder.stdout("import a.safetensors --out a.model");
    folder.read("a.model")
}

fn write(folder: &Folder, name: &str, tensors: &HashMap<String, Made>) {
    let views = tensors.iter().map(|(name, made)| {
        let view = TensorView::new(made.dtype, made.shape.clone(), &made.bytes);
        (name, view.unwrap())
    });
    folder.write(name, serialize(views, None).unwrap());
}

#[test]
fn what_wrappers_and_classes_put_into_names_is_taken() {
    let expected = renamed(str::to_owned);
    for before in ["module.", "_orig_mod.", "model.", "_orig_mod.module.net."] {
        assert!(renamed(|name| format!("{before}{name}")) == expected);
    }
    for (first, second) in [
        ("1", "3"),
        ("0", "3"),
        ("fc1", "fc2"),
        ("l.0.linear", "l.10.linear"),
    ] {
        let rename = |name: &str| match name.split_once('.') {
            Some(("0", part)) => format!("{first}.{part}"),
            Some((_, part)) => format!("{second}.{part}"),
            None => unreachable!(),
        };
        assert!(renamed(rename) == expected, "{first} {second}");
    }
}

/// The trained network in floats of other sizes: those of 16 bits are exact, so what comes back is what they say.
#[test]
fn floats_of_every_size_are_taken() {
    let folder = folder();
    folder.stdout("export digits.model --format safetensors --out a.safetensors");
    let file = folder.read("a.safetensors");
    let trained = SafeTensors::deserialize(&file).unwrap();
    for (dtype, cut) in [
        (Dtype::F64, u32::MAX),
        (Dtype::BF16, 0xffff_0000),
        (Dtype::F16, 0xffff_e000),
    ] {
        let encode = |value: f32| -> Vec<u8> {
            match dtype {
                Dtype::F64 => f64::from(value).to_le_bytes().into(),
                Dtype::BF16 => value.to_le_bytes()[2..].into(),
                _ => half(value).to_le_bytes().into(),
            }
        };
        let [given, same] = [true, false].map(|short| {
            let tensor = |(name, view): (String, TensorView)| {
                let values = view
                    .data()
                    .as_chunks()
                    .0
                    .iter()
                    .map(|b| f32::from_le_bytes(*b));
                // What binary16 holds of the trained numbers: those in its normal range, and zeros for the smaller.
                let kept = |x: f32| {
                    let small = dtype == Dtype::F16 && x.abs() < 6.2e-5;
                    if small {
                        0.0
                    } else {
                        f32::from_bits(x.to_bits() & cut)
                    }
                };
                let bytes = values.map(kept).flat_map(|x| match short {
                    true => encode(x),
                    false => x.to_le_bytes().into(),
                });
                let (bytes, shape) = (bytes.collect(), view.shape().to_vec());
                let dtype = if short { dtype } else { Dtype::F32 };
                (
                    name,
                    Made {
                        dtype,
                        shape,
                        bytes,
                    },
                )
            };
            write(
                &folder,
                "b.safetensors",
                &trained.tensors().into_iter().map(tensor).collect(),
            );
            folder.stdout("import b.safetensors --out b.model --force");
            folder.read("b.model")
        });
        assert!(given == same, "{dtype:?}");
    }
}

/// binary16 of a number that it holds: 0, or one in its normal range.
fn half(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    match value {
        0.0 => sign,
        _ => sign | (((bits & 0x7fff_ffff) - (112 << 23)) >> 13) as u16,
    }
}

#[test]
fn json_with_a_mark_and_without_a_cost_is_read() {
    let folder = folder();
    folder.stdout("export digits.model --format network2-json --out a.json");
    folder.stdout("import a.json --out a.model");
    let json = String::from_utf8(folder.read("a.json")).unwrap();
    let bare = json.replace(r#","cost":"CrossEntropyCost""#, "");
    assert_ne!(bare, json);
    folder.write("b.json", format!("\u{feff}{bare}"));
    let marked = format!("\u{feff}{json}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("c.bin", wide);
    for name in ["b.json", "c.bin"] {
        folder.stdout(&format!("import {name} --out b.model --force"));
        assert!(folder.read("b.model") == folder.read("a.model"), "{name}");
    }
}

#[test]
fn wrong_names() {
    expect_refusal(
        |t| {
            let weight = t.remove("0.weight").unwrap();
            t.insert("fc1.weight", weight);
        },
        "no tensor 0.weight; expected are 0.weight, 0.bias, 2.weight, 2.bias, …, found 0.bias, 2.bias, 2.weight, fc1.weight",
    );
    expect_refusal(
        |t| {
            t.insert("5.weight", made(&[10, 10]));
        },
        "no tensor 5.bias;",
    );
    expect_refusal(
        |t| {
            t.insert("scale", made(&[10]));
        },
        "unexpected tensor scale; expected are 0.weight, 0.bias, 2.weight, 2.bias",
    );
    expect_refusal(
        |t| {
            t.remove("2.bias");
        },
        "no tensor 2.bias;",
    );
    expect_refusal(
        HashMap::clear,
        "no tensor 0.weight; expected are 0.weight, 0.bias, 2.weight, 2.bias, …, found none",
    );
}

#[test]
fn wrong_shapes() {
    for (name, shape, words) in [
        (
            "0.weight",
            &[784, 30][..],
            "tensor 0.weight is transposed: shape [30, 784] expected, [784, 30] found",
        ),
        (
            "0.weight",
            &[30, 100],
            "tensor 0.weight: shape [30, 784] expected, [30, 100] found",
        ),
        (
            "0.weight",
            &[30, 28, 28],
            "tensor 0.weight: shape [neurons, inputs] expected, [30, 28, 28] found",
        ),
        (
            "0.bias",
            &[30, 1],
            "tensor 0.bias: shape [30] expected, [30, 1] found",
        ),
        (
            "2.weight",
            &[10, 31],
            "tensor 2.weight: shape [neurons, 30] expected, [10, 31] found",
        ),
        (
            "2.bias",
            &[11],
            "tensor 2.bias: shape [10] expected, [11] found",
        ),
        (
            "2.weight",
            &[0, 30],
            "tensor 2.weight: shape [neurons, 30] expected, [0, 30] found",
        ),
    ] {
        expect_refusal(|t| drop(t.insert(name, made(shape))), words);
    }
    expect_refusal(
        |t| {
            t.insert("2.weight", made(&[7, 30]));
            t.insert("2.bias", made(&[7]));
        },
        "tensor 2.weight: shape [10, 30] expected, [7, 30] found",
    );
}

#[test]
fn sizes_that_are_not_on_the_menu_are_answered_with_it() {
    let folder = folder();
    let (zeros, column) = (vec![0.0; 784], vec![[0.0]; 10]);
    let json = serde_json::json!({
        "sizes": [784, 1, 10],
        "weights": [[zeros], column],
        "biases": [[[0.0]], column],
        "cost": "QuadraticCost",
    });
    std::fs::write(folder.path("a.json"), json.to_string()).unwrap();
    let error = folder.error("import a.json --out a.model");
    assert!(
        error.contains("[784,1,10]") && error.contains("784,30,10"),
        "{error}"
    );
}

#[test]
fn wrong_types_and_numbers() {
    expect_refusal(
        |t| {
            let made = t.get_mut("2.bias").unwrap();
            (made.dtype, made.shape) = (Dtype::I64, vec![5]);
        },
        "tensor 2.bias: F32, F16, BF16 or F64 expected, I64 found",
    );
    expect_refusal(
        |t| {
            let made = t.get_mut("0.weight").unwrap();
            made.bytes[4 * 1000..4 * 1001].copy_from_slice(&f32::NAN.to_le_bytes());
        },
        "tensor 0.weight, number 1000: a finite 32-bit float expected, NaN found",
    );
}

#[test]
fn files_that_are_none() {
    let folder = folder();
    for (name, bytes, arguments, words) in [
        (
            "a.bin",
            &b"PK"[..],
            "",
            "neither safetensors nor the JSON of network2.py; --format",
        ),
        ("a.safetensors", b"PK", "", "not a safetensors file"),
        (
            "b.bin",
            b"PK",
            "--format safetensors",
            "not a safetensors file",
        ),
        (
            "c.bin",
            b"PK",
            "--format network2-json",
            "not a network of network2.py",
        ),
        ("d.json", b"{}", "", "missing field `sizes`"),
        ("e.json", b"", "", "EOF"),
    ] {
        std::fs::write(folder.path(name), bytes).unwrap();
        let error = folder.error(&format!("import {name} --out a.model {arguments}"));
        assert!(
            error.contains(name) && error.contains(words),
            "{words} not in {error}"
        );
    }
    assert!(
        folder
            .error("import nowhere --out a.model")
            .contains("cannot read nowhere")
    );
    assert!(!folder.path("a.model").exists());
}

#[cfg(feature = "python")]
mod python {
    use smidgen::data::load_test;
    use smidgen::network::ModelFile;
    use smidgen_core::Image;
    use smidgen_tests::python::other_side;
    use smidgen_tests::tolerance::INTERCHANGE;

    use super::{Folder, folder};

    /// Real digits that every network of these tests is asked about.
    const IMAGES: usize = 1000;

    /// Compares the outputs of a model here with those that the other side has for a file.
    #[track_caller]
    fn expect_equal(folder: &Folder, model: &str, format: &str, file: &str) {
        let test = load_test(None).unwrap();
        let images: Vec<Image> = (0..IMAGES).map(|i| test.bytes(i)).collect();
        std::fs::write(folder.path("images"), images.concat()).unwrap();
        other_side(folder.root(), &["run", format, file, "images", "outputs"]);
        let model = ModelFile::parse(folder.read(model)).unwrap();
        let networks = smidgen::networks![[784, 30, 10], [784, 30, 30, 10], [784, 100, 30, 10]];
        let network = model.network(&networks).unwrap();
        let outputs = images
            .iter()
            .map(|image| network.infer(image.into()).activations);
        let here: Vec<f32> = outputs.flatten().collect();
        let there = folder.read("outputs");
        let there = there
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes));
        assert_eq!((here.len(), there.len()), (10 * IMAGES, 10 * IMAGES));
        for (i, (here, there)) in here.iter().zip(there).enumerate() {
            let place = format!("{format}, image {}, class {}", i / 10, i % 10);
            INTERCHANGE.check(&place, there.into(), f64::from(*here));
        }
    }

    /// The trained network of the fixtures goes out, and a deep one that comes in goes out again.
    #[test]
    fn what_is_exported_runs_there_with_our_outputs() {
        let folder = folder();
        other_side(
            folder.root(),
            &[
                "make",
                "safetensors",
                "deep.safetensors",
                "784,100,30,10",
                "5",
            ],
        );
        folder.stdout("import deep.safetensors --out deep.model");
        for model in ["digits.model", "deep.model"] {
            for format in ["safetensors", "npz", "onnx", "network2-json"] {
                let file = format!("{model}.{format}");
                folder.stdout(&format!("export {model} --format {format} --out {file}"));
                expect_equal(&folder, model, format, &file);
            }
        }
    }

    #[test]
    fn what_is_made_there_runs_here_with_their_outputs() {
        let folder = folder();
        for (format, name) in [
            ("safetensors", "a.safetensors"),
            ("network2-json", "a.json"),
        ] {
            for sizes in ["784,30,10", "784,30,30,10"] {
                other_side(folder.root(), &["make", format, name, sizes, "7"]);
                folder.stdout(&format!("import {name} --out a.model --force"));
                expect_equal(&folder, "a.model", format, name);
            }
        }
    }
}
