//! Measures what networks of several sizes cost on every target, and fits the formulas of `smidgen cost` to it.
//!
//! `cargo run -p smidgen-tests --bin cost -- measure [TARGET …]` writes `tests/fixtures/cost.tsv`, and needs QEMU.

use std::process::ExitCode;

use smidgen_tests::cost::measure::{FITTED, HELD_OUT, measure};
use smidgen_tests::cost::run;
use smidgen_tests::firmware::target::TARGETS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["measure", targets @ ..] => measure_all(targets),
        _ => Err("measure [TARGET …], or fit".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cost: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures all networks on some targets, or on all if none are named; the runs of others are kept.
fn measure_all(names: &[&str]) -> Result<(), String> {
    let chosen = TARGETS
        .iter()
        .filter(|target| names.is_empty() || names.contains(&target.triple));
    for target in chosen {
        let mut runs = Vec::new();
        for layers in FITTED.iter().chain(&HELD_OUT) {
            runs.extend(measure(target, layers)?);
            eprintln!("{} {layers:?}: {} runs", target.triple, runs.len());
        }
        let mut all = run::read().unwrap_or_default();
        all.retain(|run| run.target != target.triple);
        all.extend(runs);
        let place = |run: &run::Run| {
            TARGETS
                .iter()
                .position(|target| target.triple == run.target)
        };
        all.sort_by_key(place);
        run::write(&all)?;
    }
    Ok(())
}
