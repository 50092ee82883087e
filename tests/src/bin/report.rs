//! Prints what the firmware costs on every target: flash, RAM, stack, instructions, cycles, and how often it is right.
//!
//! `cargo run --release -p smidgen-tests --bin report [-- [--json] [TARGET …]]`; needs QEMU and the targets, which
//! `tests/firmware/setup` installs.

use std::process::ExitCode;

use serde::Serialize;
use smidgen_tests::firmware::cycles::{Cycles, cycles};
use smidgen_tests::firmware::image::Image;
use smidgen_tests::firmware::log::{Fact, costs, instructions_per_tick};
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
    /// By Arm's table; the mean over the same images.
    cycles_least: Option<f64>,
    cycles_most: Option<f64>,
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
    cycles_least: Option<f64>,
    cycles_most: Option<f64>,
}

/// What classifies: a program, the function of it, the kind of its network, and the way it takes.
const CLASSIFIERS: [[&str; 4]; 4] = [
    ["classify", "scenario::infer", "f32", "skip-zeros"],
    [
        "classify_f16",
        "scenario::infer_halves",
        "f16",
        "skip-zeros",
    ],
    [
        "classify_q8",
        "scenario::infer_quantized",
        "i8",
        "skip-zeros",
    ],
    [
        "classify_q8_constant_time",
        "scenario::infer_constant_time",
        "i8",
        "constant-time",
    ],
];

/// The steps of learning: their names, the program and the function of each, and the examples of one.
const STEPS: [(&str, &str, &str, f64); 3] = [
    ("mini-batch", "learn", "scenario::mini_batch", 10.0),
    ("in-place", "learn", "scenario::in_place", 1.0),
    (
        "output-layer",
        "learn_output",
        "scenario::output_layer",
        1.0,
    ),
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
        print!("{HEAD}");
    }
    for &target in targets {
        for classifier in CLASSIFIERS {
            let row = inference(target, classifier)?;
            if json {
                print_json(&row)?;
            } else {
                println!("{}", row.line());
            }
        }
    }
    if !json {
        print!("{LEARN_HEAD}");
    }
    for &target in targets {
        for step in STEPS {
            let row = learning(target, step)?;
            if json {
                print_json(&row)?;
            } else {
                println!("{}", row.line());
            }
        }
    }
    Ok(())
}

const HEAD: &str = "\
Instructions, counted by QEMU's -icount; cycles, least and most, by Arm's tables at no wait states: no silicon.
Bytes of flash, RAM and stack. Flash for code is all of a program's flash but the model and the test images.

classify [784, 30, 10]        path                code  model static  stack      mean     least      most      cycles           right
";

const LEARN_HEAD: &str = "
learn                         step          network          code      RAM  stack    an example         cycles
";

impl Inference {
    fn line(&self) -> String {
        format!(
            "{:<29} {:<17} {:>6} {:>6} {:>6} {:>6} {:>9.0} {:>9.0} {:>9.0} {:>11} {:>6.2}% of {:>5}",
            self.target,
            format!("{} {}", self.network, self.path),
            self.flash_code,
            self.flash_model,
            self.ram_static,
            self.stack,
            self.instructions_mean,
            self.instructions_min,
            self.instructions_max,
            range(self.cycles_least, self.cycles_most),
            self.accuracy,
            self.images
        )
    }
}

impl Learning {
    fn line(&self) -> String {
        format!(
            "{:<29} {:<13} {:<14} {:>6} {:>8} {:>6} {:>13.0} {:>14}",
            self.target,
            self.step,
            self.network,
            self.flash_code,
            self.ram_total,
            self.stack,
            self.instructions_per_example,
            range(self.cycles_least, self.cycles_most),
        )
    }
}

/// Cycles as `13600–15000`, as one number where the table leaves no room, and a dash where the processor has no table.
fn range(least: Option<f64>, most: Option<f64>) -> String {
    match least.zip(most) {
        None => "–".into(),
        Some((least, most)) if most - least < 0.5 => format!("{most:.0}"),
        Some((least, most)) => format!("{least:.0}–{most:.0}"),
    }
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
    [program, function, network, path]: [&'static str; 4],
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
    let mean = instructions().sum::<f64>() / costs.len() as f64;
    let cycles = counted(target, program, function, &facts, &costs)?;
    Ok(Inference {
        target: target.triple,
        program: "classify",
        network,
        path,
        flash_code: image.code,
        flash_model: image.model,
        ram_static: image.ram(),
        stack: costs.iter().map(|&(_, stack)| stack).max().unwrap_or(0),
        instructions_mean: mean,
        instructions_min: instructions().fold(f64::INFINITY, f64::min),
        instructions_max: instructions().fold(0.0, f64::max),
        cycles_least: cycles.map(|cycles| cycles.least),
        cycles_most: cycles.map(|cycles| cycles.most),
        accuracy: 100.0 * f64::from(correct) / f64::from(total),
        images: total,
    })
}

/// The cycles of as many calls as the clock has counted; the clock and the plugin must agree within a tick.
fn counted(
    target: &Target,
    program: &str,
    function: &str,
    facts: &[Fact],
    costs: &[(f64, usize)],
) -> Result<Option<Cycles>, String> {
    let Some(cycles) = cycles(target, program, function, costs.len() as u64)? else {
        return Ok(None);
    };
    let clock = costs
        .iter()
        .map(|&(instructions, _)| instructions)
        .sum::<f64>();
    let (clock, plugin) = (clock / costs.len() as f64, cycles.instructions);
    if (clock - plugin).abs() > instructions_per_tick(facts)? {
        let triple = target.triple;
        return Err(format!(
            "{function} on {triple}: {clock:.0} instructions by the clock, {plugin:.0} by the plugin"
        ));
    }
    Ok(Some(cycles))
}

fn learning(
    target: &Target,
    (step, program, function, examples): (&'static str, &str, &str, f64),
) -> Result<Learning, String> {
    let image = bare(target, program)?;
    let facts = run(target, program, &[])?;
    let costs = costs(&facts, step)?;
    let stack = costs.iter().map(|&(_, stack)| stack).max().unwrap_or(0);
    let mean = costs
        .iter()
        .map(|&(instructions, _)| instructions)
        .sum::<f64>()
        / costs.len() as f64;
    let cycles = counted(target, program, function, &facts, &costs)?;
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
        cycles_least: cycles.map(|cycles| cycles.least / examples),
        cycles_most: cycles.map(|cycles| cycles.most / examples),
    })
}
