//! Tables that were measured, not made: how often the trained network is right about their test parts, and that it is as
//! right in integers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tables")
        .join(name)
}

/// The last line of JSON that a program with the sizes of these tables prints.
#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_own_sizes"))
        .current_dir(folder)
        .args(arguments)
        .arg("--json")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn percent(line: &Value, correct: &str) -> f64 {
    100.0 * line[correct].as_f64().unwrap() / line["total"].as_f64().unwrap()
}

/// The accuracy on the test part in percent, of floats and of integers: the means of some seeds.
fn means(seeds: u32, data: &[&str]) -> [f64; 2] {
    let folder = tempfile::tempdir().unwrap();
    let mut sums = [0.0; 2];
    for seed in 1..=seeds {
        let seed = seed.to_string();
        let train = [&["train", "--out", "a.model", "--seed", &seed][..], data].concat();
        let trained = json(folder.path(), &train);
        let quantize = [
            "quantize",
            "a.model",
            "--out",
            "b.model",
            "--max-loss",
            "100",
        ];
        let quantized = json(folder.path(), &quantize);
        assert_eq!(trained["correct"], quantized["correct_before"]);
        sums[0] += percent(&trained, "correct");
        sums[1] += percent(&quantized, "correct_after");
    }
    let means = sums.map(|sum| sum / f64::from(seeds));
    println!("{data:?}: floats {:.2}, integers {:.2}", means[0], means[1]);
    means
}

/// The means of three seeds over the activities, by their features or by what was measured.
fn activities(kind: &str, layers: &str) -> [f64; 2] {
    let (training, test) = (
        table(&format!("motions-train{kind}.csv")),
        table(&format!("motions-test{kind}.csv")),
    );
    let [training, test] = [&training, &test].map(|path| path.to_str().unwrap());
    means(3, &["--data", training, "--test", test, "--layers", layers])
}

#[test]
fn activities_are_told_apart_by_their_features() {
    let [floats, integers] = activities("-features", "24,12,4");
    assert!(floats >= 97.5, "{floats}");
    assert!((floats - integers).abs() <= 1.0, "{floats} {integers}");
}

/// Without features it is harder, for the same movement begins now sooner and now later; chance would be 25 %.
#[test]
fn activities_are_told_apart_by_what_was_measured_too() {
    let [floats, integers] = activities("", "600,16,4");
    assert!(floats >= 75.0, "{floats}");
    assert!((floats - integers).abs() <= 1.0, "{floats} {integers}");
}

#[test]
fn wines_are_told_apart() {
    let wine = table("wine.csv");
    let data = ["--data", wine.to_str().unwrap(), "--layers", "13,8,3"];
    let [floats, integers] = means(5, &data);
    assert!(floats >= 96.0, "{floats}");
    assert!((floats - integers).abs() <= 1.0, "{floats} {integers}");
}
