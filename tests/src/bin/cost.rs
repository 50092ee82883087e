//! Measures what networks of several sizes cost on every target, and fits the formulas of `smidgen cost` to it.
//!
//! | `cargo run -p smidgen-tests --bin cost --` | writes                     | needs QEMU |
//! |--------------------------------------------|----------------------------|------------|
//! | `measure [TARGET …] [SIZES …]`             | `tests/fixtures/cost.tsv`  | yes        |
//! | `fit`                                      | `host/src/cost/table.tsv`  |            |
//! | `errors`                                   | the largest to its console |            |

use std::fs;
use std::process::ExitCode;

use smidgen::cost::{Path, Quantity};
use smidgen_tests::cost::fit::{self, error};
use smidgen_tests::cost::measure::{FITTED, HELD_OUT, measure};
use smidgen_tests::cost::run::{self, Run};
use smidgen_tests::firmware::target::TARGETS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["measure", targets @ ..] => measure_all(targets),
        ["fit"] => fit_all(),
        ["errors"] => errors(),
        _ => Err("it takes measure [TARGET …] [SIZES …], fit or errors".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cost: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures some networks on some targets, `thumbv6m-none-eabi 24,12,4`, or all where none are named; the runs of others are
/// kept.
fn measure_all(names: &[&str]) -> Result<(), String> {
    let is_named = |name: &str, all: &[&str]| {
        all.iter().all(|name| !names.contains(name)) || names.contains(&name)
    };
    let triples = TARGETS.each_ref().map(|target| target.triple);
    let networks: Vec<&[usize]> = FITTED.iter().chain(&HELD_OUT).copied().collect();
    let sizes: Vec<String> = networks.iter().map(|layers| run::sizes(layers)).collect();
    let sizes: Vec<&str> = sizes.iter().map(String::as_str).collect();
    if let Some(name) = names
        .iter()
        .find(|name| !triples.contains(name) && !sizes.contains(name))
    {
        return Err(format!("no target and no network: {name}"));
    }
    for target in TARGETS
        .iter()
        .filter(|target| is_named(target.triple, &triples))
    {
        for (layers, _) in networks
            .iter()
            .zip(&sizes)
            .filter(|(_, name)| is_named(name, &sizes))
        {
            let runs = measure(target, layers)?;
            eprintln!("{} {layers:?}: {} runs", target.triple, runs.len());
            keep(runs, &networks)?;
        }
    }
    Ok(())
}

/// Puts the runs of a network and a target in the place of those before.
fn keep(runs: Vec<Run>, networks: &[&[usize]]) -> Result<(), String> {
    let mut all = run::read().unwrap_or_default();
    let of = |run: &Run| (run.target.clone(), run.layers.clone());
    if let Some(new) = runs.first().map(of) {
        all.retain(|run| of(run) != new);
    }
    all.extend(runs);
    let place = |run: &Run| {
        let target = TARGETS
            .iter()
            .position(|target| target.triple == run.target);
        (
            target,
            networks.iter().position(|layers| **layers == run.layers),
        )
    };
    all.sort_by_key(place);
    run::write(&all)
}

/// Fits all formulas.
fn fit_all() -> Result<(), String> {
    let table = fit::table(&run::read()?);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../host/src/cost/table.tsv");
    fs::write(file, table).map_err(|error| error.to_string())
}

/// Prints the largest errors of the formulas of this program, over the runs that they were fitted to and over the others.
fn errors() -> Result<(), String> {
    let runs = run::read()?;
    for target in TARGETS {
        for path in Path::ALL {
            for quantity in Quantity::ALL {
                let of = |run: &&Run| run.target == target.triple && run.path == path;
                let largest = |held_out| {
                    let errors = runs
                        .iter()
                        .filter(of)
                        .filter(|run| run.held_out == held_out);
                    let errors =
                        errors.filter_map(|run| Some((error(run, quantity)?, &run.layers)));
                    errors.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
                };
                if let Some(((fitted, where_fitted), (unseen, where_unseen))) =
                    largest(false).zip(largest(true))
                {
                    println!(
                        "{:<29} {:<17} {:<12} {:>6.2}% {:<18} unseen {:>6.2}% {:?}",
                        target.triple,
                        path.name(),
                        quantity.name(),
                        100.0 * fitted,
                        format!("{where_fitted:?}"),
                        100.0 * unseen,
                        where_unseen,
                    );
                }
            }
        }
    }
    Ok(())
}
