//! What `smidgen cost` foretells is what QEMU counts, within 5 %, for networks that the formulas were not fitted to; and the
//! verb says it, and what does not fit.

use serde_json::Value;
use smidgen::cost::{Estimate, Quantity, memory};
use smidgen_tests::cost::fit::{error, table};
use smidgen_tests::cost::measure::{FITTED, HELD_OUT};
use smidgen_tests::cost::run::{self, Run};
use smidgen_tests::firmware::target::TARGETS;
use smidgen_tests::folder::Folder;

/// What counts time.
const TIMES: [Quantity; 3] = [
    Quantity::Instructions,
    Quantity::CyclesLeast,
    Quantity::CyclesMost,
];

fn runs() -> Vec<Run> {
    run::read().unwrap()
}

/// Checks the time of runs against a largest error.
#[track_caller]
fn expect_within(runs: &[Run], most: f64) {
    for run in runs {
        for quantity in TIMES {
            if let Some(error) = error(run, quantity) {
                assert!(error.abs() <= most, "{error:+.4} of {quantity:?}: {run}");
            }
        }
    }
}

#[test]
fn unseen_networks_take_what_is_foretold() {
    let unseen: Vec<Run> = runs().into_iter().filter(|run| run.held_out).collect();
    for target in TARGETS {
        for layers in HELD_OUT {
            let of = |run: &&Run| run.target == target.triple && run.layers == layers;
            let found = unseen.iter().filter(of).count();
            assert!(found >= 19, "{} {layers:?}: {found} runs", target.triple);
        }
    }
    expect_within(&unseen, 0.05);
}

#[test]
fn the_networks_of_the_fit_are_met() {
    let fitted: Vec<Run> = runs().into_iter().filter(|run| !run.held_out).collect();
    assert!(fitted.iter().all(|run| FITTED.contains(&&*run.layers)));
    expect_within(&fitted, 0.06);
}

#[test]
fn the_table_is_that_of_the_runs() {
    let kept = include_str!("../../host/src/cost/table.tsv");
    assert!(
        table(&runs()) == kept,
        "cargo run -p smidgen-tests --bin cost -- fit"
    );
}

#[test]
fn bytes_are_counted_or_bounded() {
    for run in runs() {
        let estimate = Estimate::new(&run.target, run.path, &run.layers, &run.inputs).unwrap();
        assert!(run.code <= estimate.code.most as f64, "{run}");
        assert!(run.stack <= estimate.stack.most as f64, "{run}");
        // Linkers fill sections up to words, and to pairs of them.
        let filled = run.ram - memory::ram(run.path, &run.layers) as f64;
        assert!((0.0..=12.0).contains(&filled), "{filled}: {run}");
        // What learns starts from zeros where flash is counted.
        if !run.path.learns() {
            expect_model(&run);
        }
    }
}

/// Checks the bytes of a model; the compiler may put a scaling of few readings into the code.
#[track_caller]
fn expect_model(run: &Run) {
    // Whole numbers, far below what a float counts exactly.
    let (found, counted) = (run.model as usize, memory::model(run.path, &run.layers));
    let scaling = if run.path.scales() {
        8 * run.layers[0]
    } else {
        0
    };
    let is_in_code = run.layers[0] < 16 && found + scaling == counted;
    assert!(found == counted || is_in_code, "{counted}: {run}");
}

// The verb

fn fixture(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn cost(arguments: &str) -> (Value, Option<i32>) {
    let output = Folder::new().run(&format!("cost {arguments} --json"));
    let value = serde_json::from_slice(&output.stdout);
    (
        value.unwrap_or_else(|error| panic!("{error}: {output:?}")),
        output.status.code(),
    )
}

#[test]
fn every_way_of_a_model_has_its_line() {
    let learns = ["inference", "mini-batch", "in-place", "output-layer"];
    for (name, ways) in [
        ("digits.model", &learns[..]),
        ("digits.q8.model", &["inference", "constant-time"]),
        ("digits.f16.model", &["inference"]),
    ] {
        for target in TARGETS {
            let model = fixture(name);
            let (found, code) = cost(&format!("{model} --target {} --clock 16MHz", target.triple));
            assert_eq!(code, Some(0));
            let lines = found["ways"].as_array().unwrap();
            let names: Vec<_> = lines.iter().map(|line| &line["way"]).collect();
            assert_eq!(names, ways, "{name}");
            for line in lines {
                let time = line["cycles"]
                    .as_object()
                    .map_or(&line["instructions"], |cycles| &cycles["least"]);
                let (time, seconds) = (time.as_f64().unwrap(), &line["seconds"]["least"]);
                assert!(
                    (seconds.as_f64().unwrap() * 16e6 / time - 1.0).abs() < 1e-3,
                    "{line}"
                );
                assert_eq!(line["lacks"], Value::Null);
            }
        }
    }
}

/// 100 real digits of the book's network took so many in QEMU: 144.51 of 784 inputs were not zero.
#[test]
fn real_digits_take_what_is_foretold() {
    let (found, _) = cost(&format!("{} --path inference", fixture("digits.model")));
    let share = found["nonzero"].as_f64().unwrap();
    assert!((0.19..0.195).contains(&share) && found["nonzero_from"] == "data");
    let took = 17_532.0 * share * 784.0 / 144.51;
    let foretold = found["ways"][0]["instructions"].as_f64().unwrap();
    assert!((foretold / took - 1.0).abs() < 0.05, "{foretold}, {took}");
}

#[test]
fn what_does_not_fit_is_said_and_only_what_is_asked_for_fails() {
    let model = fixture("digits.model");
    let (found, code) = cost(&format!("{model} --flash 128K --ram 16K"));
    assert_eq!(code, Some(0), "inference fits");
    let lacks = |i: usize| found["ways"][i]["lacks"].as_array().unwrap();
    assert!(lacks(0).is_empty() && lacks(3).is_empty());
    assert_eq!(
        (&lacks(2)[0]["memory"], &lacks(2)[0]["has"]),
        (&"RAM".into(), &16_384.into())
    );
    assert_eq!(
        cost(&format!("{model} --ram 16K --path in-place")).1,
        Some(1)
    );
    assert_eq!(
        cost(&format!("{model} --ram 128K --path in-place")).1,
        Some(0)
    );
    assert_eq!(cost(&format!("{model} --flash 64K")).1, Some(1));
    let output = Folder::new().run(&format!("cost {model} --flash 64K"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("inference                   does not fit: "),
        "{text}"
    );
    assert!(
        text.contains(" bytes of flash at most, and there are 65536\n"),
        "{text}"
    );
}

#[test]
fn zeros_are_those_of_the_data_or_as_the_user_says() {
    let folder = Folder::of(env!("CARGO_BIN_EXE_own_sizes"));
    let table = fixture("tables/motions-train-features.csv");
    folder.stdout(&format!(
        "train --data {table} --epochs 1 --out motions.model"
    ));
    let model = folder.path("motions.model").display().to_string();
    let (found, _) = cost(&model);
    let share = found["nonzero"].as_f64().unwrap();
    assert!((0.9..1.0).contains(&share), "{share}");
    assert_eq!(
        (&found["nonzero_from"], &found["scales"]),
        (&"data".into(), &true.into())
    );
    let (sparse, _) = cost(&format!("{model} --nonzero 25%"));
    assert_eq!(
        (&sparse["nonzero_from"], &sparse["nonzero"]),
        (&"option".into(), &0.25.into())
    );
    let time = |of: &Value| of["ways"][0]["instructions"].as_f64().unwrap();
    assert!(time(&sparse) < time(&found));
    // A model whose data are gone is none the worse.
    let elsewhere = Folder::of(env!("CARGO_BIN_EXE_own_sizes"));
    std::fs::copy(fixture("tables/wine.csv"), elsewhere.path("wine.csv")).unwrap();
    elsewhere.stdout("train --data wine.csv --epochs 1 --out wine.model");
    std::fs::remove_file(elsewhere.path("wine.csv")).unwrap();
    let (dense, code) = cost(&elsewhere.path("wine.model").display().to_string());
    assert_eq!((&dense["nonzero"], code), (&1.0.into(), Some(0)));
    assert_eq!(dense["nonzero_from"], "nowhere");
}

#[test]
fn what_is_wrong_is_refused_in_words() {
    let [floats, integers] = ["digits.model", "digits.q8.model"].map(fixture);
    for (arguments, words) in [
        (
            format!("{floats} --clock 64"),
            "it must be a frequency, such as 64MHz",
        ),
        (format!("{floats} --clock 0MHz"), "it must be a frequency"),
        (
            format!("{floats} --flash 64X"),
            "it must be a size of memory",
        ),
        (format!("{floats} --ram -1K"), "'-1'"),
        (
            format!("{floats} --target avr"),
            "there are thumbv7em-none-eabihf, ",
        ),
        (format!("{floats} --nonzero 120%"), "it must be a share"),
        (
            format!("{floats} --nonzero 20% --data x"),
            "cannot be used with",
        ),
        (
            format!("{floats} --path constant-time"),
            "only a model of integers has it",
        ),
        (
            format!("{integers} --path in-place"),
            "only a model of 32-bit floats learns",
        ),
        (
            format!("{floats} --data {}", fixture("tables/wine.csv")),
            "was trained on MNIST",
        ),
        ("no.model".into(), "no.model"),
        (fixture("tables/wine.csv"), "wine.csv: "),
    ] {
        let error = Folder::new().error(&format!("cost {arguments}"));
        assert!(error.contains(words), "{arguments}: {error}");
    }
}

/// Measured anew, with the compiler and the core of today.
#[cfg(feature = "qemu")]
#[test]
fn a_network_takes_today_what_is_foretold() {
    use smidgen_tests::cost::measure::measure;

    for target in &TARGETS {
        let runs = measure(target, &[28, 14, 11, 5]).unwrap();
        expect_within(&runs, 0.05);
    }
}
