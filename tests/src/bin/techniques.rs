//! Prints how far each technique of the book's third chapter gets: trainings by the program itself, three seeds each.
//!
//! `cargo run --release -p smidgen-tests --bin techniques [-- FIRST LAST]`, the numbers of the rows from 1; all of them take
//! some minutes on two cores. The validation images choose where there is something to choose; the test images are
//! only reported.

use std::process::{ExitCode, Stdio};

use serde_json::Value;
use smidgen_tests::binary::smidgen;

const SEEDS: [u64; 3] = [1, 2, 3];

/// What is tried, and the arguments of `smidgen train` for it.
const ROWS: [(&str, &str); 12] = [
    (
        "[784, 30, 10], the book's first settings",
        "--preset book-ch1",
    ),
    (
        "… cross-entropy, η = 0.5",
        "--epochs 30 --cost cross-entropy --learning-rate 0.5",
    ),
    (
        "… and scaled start",
        "--epochs 30 --cost cross-entropy --learning-rate 0.5 --init scaled",
    ),
    (
        "… and L2, λ = 5",
        "--epochs 30 --cost cross-entropy --learning-rate 0.5 --init scaled --regularization 5",
    ),
    (
        "… L1 in place of L2, λ = 5",
        "--epochs 30 --cost cross-entropy --learning-rate 0.5 --init scaled --regularization 5 --l1",
    ),
    (
        "… L2, momentum 0.5, η = 0.25",
        "--epochs 30 --cost cross-entropy --learning-rate 0.25 --init scaled --regularization 5 --momentum 0.5",
    ),
    (
        "… L2, halving schedule, patience 5",
        "--epochs 60 --cost cross-entropy --learning-rate 0.5 --init scaled --regularization 5 --schedule halving --early-stopping 5",
    ),
    (
        "[784, 100, 10], quadratic cost, 15 epochs",
        "--preset book-ch2-demo",
    ),
    (
        "… cross-entropy, L2, λ = 5, η = 0.1, 60 epochs",
        "--layers 784,100,10 --epochs 60 --cost cross-entropy --learning-rate 0.1 --init scaled --regularization 5",
    ),
    (
        "… the same, with a cosine schedule",
        "--layers 784,100,10 --epochs 60 --cost cross-entropy --learning-rate 0.1 --init scaled --regularization 5 --schedule cosine",
    ),
    (
        "`book-ch3`: the same, with momentum 0.8, halving",
        "--preset book-ch3",
    ),
    ("`best`: moved images, cosine schedule", "--preset best"),
];

fn main() -> ExitCode {
    let rows: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|n| n.parse().ok())
        .collect();
    let (first, last) = match rows.as_slice() {
        [first, last] => (*first, *last),
        _ => (1, ROWS.len()),
    };
    println!(
        "| network and technique | test accuracy, mean of {} seeds | each | seconds |",
        SEEDS.len()
    );
    println!("|---|---|---|---|");
    for (name, arguments) in ROWS.iter().take(last).skip(first.saturating_sub(1)) {
        match row(name, arguments) {
            Ok(line) => println!("{line}"),
            Err(error) => {
                eprintln!("techniques: {name}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}

/// All seeds of a row, one after another.
fn row(name: &str, arguments: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut runs = Vec::new();
    for seed in SEEDS {
        let output = smidgen(folder.path())
            .args(["train", "--json", "--seed", &seed.to_string()])
            .args(arguments.split_whitespace())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("the training failed, {}", output.status));
        }
        runs.push(outcome(&String::from_utf8_lossy(&output.stdout))?);
    }
    let mean = |of: fn(&(f64, f64)) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
    let each: Vec<String> = runs
        .iter()
        .map(|(percent, _)| format!("{percent:.2}"))
        .collect();
    Ok(format!(
        "| {name} | {:.2} % | {} | {:.1} |",
        mean(|&(percent, _)| percent),
        each.join(", "),
        mean(|&(_, seconds)| seconds),
    ))
}

/// The accuracy of the model that was saved, in percent, and the seconds of training, from the lines of JSON.
fn outcome(lines: &str) -> Result<(f64, f64), String> {
    let (mut percent, mut seconds) = (None, 0.0);
    for line in lines.lines() {
        let event: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        seconds += event["train_seconds"].as_f64().unwrap_or(0.0);
        if event["event"] == "saved" {
            let correct = event["correct"].as_f64().unwrap_or(f64::NAN);
            percent = event["total"].as_f64().map(|total| 100.0 * correct / total);
        }
    }
    Ok((percent.ok_or("no model was saved")?, seconds))
}
