//! Prints what the firmware costs on every target: flash, RAM, stack, instructions, and how often it is right.
//!
//! `cargo run --release -p smidgen-tests --bin report [-- [--json] [TARGET …]]`; needs QEMU and the targets, which
//! `tests/firmware/setup` installs.

use std::process::ExitCode;

use serde::Serialize;
use smidgen_tests::firmware::image::Image;
use smidgen_tests::firmware::log::{Fact, costs};
use smidgen_tests::firmware::target::{TARGETS, Target};
use smidgen_tests::firmware::toolchain::{Build, build};
use smidgen_tests::firmware::{images, run};

/// Inference on one target.
#[derive(Serialize)]
struct Inference {
    target: &'static str,
    program: &'static str,
    network: &'static str,
    path: &'static str,
    flash_code: u64,
    flash_model: u64,
    ram_static: u64,
    stack: usize,
    instructions_mean: f64,
    instructions_min: f64,
    instructions_max: f64,
    accuracy: f64,
    images: u32,
}

/// Learning on one target.
#[derive(Serialize)]
struct Learning {
    target: &'static str,
    program: &'static str,
    step: &'static str,
    network: &'static str,
    flash_code: u64,
    ram_total: u64,
    stack: usize,
    instructions_per_example: f64,
}

/// What classifies: a program, the kind of its network, and the way it takes.
const CLASSIFIERS: [(&str, &str, &str); 3] = [
    ("classify", "f32", "skip-zeros"),
    ("classify_q8", "i8", "skip-zeros"),
    ("classify_q8_constant_time", "i8", "constant-time"),
];

/// The steps of learning: their names, the program of each, and the examples of one.
const STEPS: [(&str, &str, f64); 3] = [
    ("mini-batch", "learn", 10.0),
    ("in-place", "learn", 1.0),
    ("output-layer", "learn_output", 1.0),
];

fn main() -> ExitCode {
    let (json, names): (Vec<_>, Vec<_>) = std::env::args()
        .skip(1)
        .partition(|argument| argument == "--json");
    let targets: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| names.is_empty() || names.iter().any(|name| name == target.triple))
        .collect();
    if names.len() > targets.len() {
        eprintln!(
            "report: takes --json and the names of targets, not {}",
            names.join(" ")
        );
        return ExitCode::from(2);
    }
    match report(!json.is_empty(), &targets) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error}");
            ExitCode::from(2)
        }
    }
}

fn report(json: bool, targets: &[&Target]) -> Result<(), String> {
    if !json {
        println!(
            "Instructions, counted by QEMU's -icount: not cycles. Bytes of flash, RAM and stack."
        );
        println!("Flash for code is all of a program's flash but the model and the test images.\n");
        println!(
            "{:<29} {:<17} {:>6} {:>6} {:>6} {:>6} {:>9} {:>9} {:>9} {:>15}",
            "classify [784, 30, 10]",
            "path",
            "code",
            "model",
            "static",
            "stack",
            "mean",
            "least",
            "most",
            "right"
        );
    }
    let classifiers = targets
        .iter()
        .flat_map(|&target| CLASSIFIERS.map(|classifier| (target, classifier)));
    for (target, classifier) in classifiers {
        let row = inference(target, classifier)?;
        if json {
            print_json(&row)?;
        } else {
            println!(
                "{:<29} {:<17} {:>6} {:>6} {:>6} {:>6} {:>9.0} {:>9.0} {:>9.0} {:>6.2}% of {:>5}",
                row.target,
                format!("{} {}", row.network, row.path),
                row.flash_code,
                row.flash_model,
                row.ram_static,
                row.stack,
                row.instructions_mean,
                row.instructions_min,
                row.instructions_max,
                row.accuracy,
                row.images
            );
        }
    }
    if !json {
        println!(
            "\n{:<29} {:<13} {:<14} {:>6} {:>8} {:>6} {:>13}",
            "learn", "step", "network", "code", "RAM", "stack", "an example"
        );
    }
    for &target in targets {
        for (step, program, examples) in STEPS {
            let row = learning(target, step, program, examples)?;
            if json {
                print_json(&row)?;
            } else {
                println!(
                    "{:<29} {:<13} {:<14} {:>6} {:>8} {:>6} {:>13.0}",
                    row.target,
                    row.step,
                    row.network,
                    row.flash_code,
                    row.ram_total,
                    row.stack,
                    row.instructions_per_example
                );
            }
        }
    }
    Ok(())
}

fn print_json(row: &impl Serialize) -> Result<(), String> {
    println!(
        "{}",
        serde_json::to_string(row).map_err(|error| error.to_string())?
    );
    Ok(())
}

/// The image of a program without instruments.
fn bare(target: &Target, program: &str) -> Result<Image, String> {
    Image::read(&build(target, Build::Bare)?.join(program))
}

fn inference(
    target: &Target,
    (program, network, path): (&'static str, &'static str, &'static str),
) -> Result<Inference, String> {
    let image = bare(target, program)?;
    let count = if network == "i8" {
        10_000
    } else {
        target.images
    };
    let facts = run(target, program, &[("images", &images(count))])?;
    let costs = costs(&facts, "classify")?;
    let instructions = || costs.iter().map(|&(instructions, _)| instructions);
    let Some(&Fact::Accuracy { correct, total }) = facts.last() else {
        return Err("no accuracy in the log".into());
    };
    Ok(Inference {
        target: target.triple,
        program: "classify",
        network,
        path,
        flash_code: image.code,
        flash_model: image.model,
        ram_static: image.ram(),
        stack: costs.iter().map(|&(_, stack)| stack).max().unwrap_or(0),
        instructions_mean: instructions().sum::<f64>() / costs.len() as f64,
        instructions_min: instructions().fold(f64::INFINITY, f64::min),
        instructions_max: instructions().fold(0.0, f64::max),
        accuracy: 100.0 * f64::from(correct) / f64::from(total),
        images: total,
    })
}

fn learning(
    target: &Target,
    step: &'static str,
    program: &str,
    examples: f64,
) -> Result<Learning, String> {
    let image = bare(target, program)?;
    let costs = costs(&run(target, program, &[])?, step)?;
    let stack = costs.iter().map(|&(_, stack)| stack).max().unwrap_or(0);
    let mean = costs
        .iter()
        .map(|&(instructions, _)| instructions)
        .sum::<f64>()
        / costs.len() as f64;
    Ok(Learning {
        target: target.triple,
        program: "learn",
        step,
        network: match step {
            "output-layer" => "[30, 10]",
            _ if target.learns_digits => "[784, 30, 10]",
            _ => "[196, 10, 10]",
        },
        flash_code: image.code,
        ram_total: image.ram() + stack as u64,
        stack,
        instructions_per_example: mean / examples,
    })
}
