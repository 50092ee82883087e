//! `explain`, `sweep`, `filters` and the pictures of `train` and `evaluate`, through the real binary.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use image::{Rgb, RgbImage};
use serde_json::Value;
use smidgen_tests::{binary, small_set};
use tempfile::TempDir;

/// A model of [784, 30, 10] that is right for 94 % of the test images.
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/digits.model");

/// A small data set.
fn data() -> &'static Path {
    static DATA: OnceLock<PathBuf> = OnceLock::new();
    DATA.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("see_it_learn");
        std::fs::create_dir_all(&folder).unwrap();
        small_set::write(&folder);
        folder
    })
}

/// A folder, and the binary run in it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the binary; a variable of the environment may come before the arguments, as in a shell.
    fn run(&self, arguments: &str) -> Output {
        let mut command = binary::smidgen(self.0.path());
        for word in arguments.split_whitespace() {
            match word.split_once('=') {
                Some((name, value)) if name == "RAYON_NUM_THREADS" => command.env(name, value),
                _ if word == "MODEL" => command.arg(MODEL),
                _ if word == "DATA" => command.arg(data()),
                _ => command.arg(word),
            };
        }
        command.output().unwrap()
    }

    #[track_caller]
    fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn expect_error(&self, arguments: &str, words: &[&str]) {
        let output = self.run(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(output.stdout.is_empty(), "{:?}", output.stdout);
        assert_eq!(stderr.lines().count(), 1, "not one line: {stderr}");
        for word in words {
            assert!(stderr.contains(word), "{word:?} not in {stderr}");
        }
    }

    fn svg(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
        text
    }

    fn png(&self, name: &str) -> RgbImage {
        image::open(self.path(name)).unwrap().to_rgb8()
    }
}

/// The numbers in a line of text.
fn numbers(line: &str) -> Vec<f64> {
    let words = line.split(|c: char| c.is_whitespace() || "·()=".contains(c));
    words.filter_map(|word| word.parse().ok()).collect()
}

#[track_caller]
fn line<'a>(text: &'a str, start: &str) -> &'a str {
    let mut lines = text.lines();
    let line = lines.find(|line| line.trim_start().starts_with(start));
    line.unwrap_or_else(|| panic!("no line begins with {start:?} in {text}"))
}

#[track_caller]
fn assert_close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} and {b}");
}

// explain

#[test]
fn explain_fits_into_80_columns_and_is_plain_in_a_pipe() {
    let folder = Folder::new();
    for arguments in [
        "explain",
        "explain --model MODEL --index 8",
        "explain --index 9999 --seed 7",
    ] {
        let text = folder.stdout(arguments);
        assert!(!text.contains('\x1b'));
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn explain_walks_through_every_step_of_the_book() {
    let text = Folder::new().stdout("explain --model MODEL");
    let mut rest = text.as_str();
    for step in [
        "W¹  30 × 784",
        "30 biases",
        "23,860 parameters",
        "test image 0, which shows a 7",
        "z¹ = W¹x + b¹, a¹ = σ(z¹)",
        "to the bit",
        "z² = W²a¹ + b²",
        "to the bit",
        "The network says 7: right.",
        "C = ½ Σ (a - y)²",
        "(BP1)",
        "(BP2)",
        "(BP3)  ∂C/∂b = δ",
        "(BP4)",
        "rel. error",
        "with η = 3",
        "cost ",
    ] {
        let place = rest.find(step);
        rest = &rest[place.unwrap_or_else(|| panic!("{step:?} is not in its place in {text}"))..];
    }
}

/// What is written out is recomputed from what is printed.
#[test]
fn the_numbers_of_explain_add_up() {
    let text = Folder::new().stdout("explain --model MODEL --index 8");
    let block = text.split("Forward, layer 1").nth(1).unwrap();
    let terms = block
        .lines()
        .skip(2)
        .take_while(|line| !line.contains("their sum"));
    let sum: f64 = terms.map(|line| *numbers(line).last().unwrap()).sum();
    let z = *numbers(
        block
            .lines()
            .find(|line| line.contains("their sum"))
            .unwrap(),
    )
    .last()
    .unwrap();
    assert_close(sum, z, 5e-4);
    let says = block
        .lines()
        .find(|line| line.contains("to the bit"))
        .unwrap();
    let a: f64 = says
        .split(" = ")
        .nth(2)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_close(a, 1.0 / (1.0 + (-z).exp()), 5e-4);

    let output: Vec<f64> = (0..10)
        .map(|j| numbers(line(&text, &format!("{j}  a = ")))[1])
        .collect();
    let squares = output
        .iter()
        .enumerate()
        .map(|(j, a)| (a - f64::from(u8::from(j == 5))).powi(2));
    let cost = *numbers(line(&text, "C = ")).last().unwrap();
    assert_close(squares.sum::<f64>() / 2.0, cost, 5e-4);

    let bp1 = numbers(line(&text, "δ²₅ = "));
    let (a, delta) = (bp1[0], *bp1.last().unwrap());
    assert_close((a - 1.0) * a * (1.0 - a), delta, 1e-4);
}

#[test]
fn the_gradient_agrees_with_differences_and_a_step_down_it_lowers_the_cost() {
    let folder = Folder::new();
    for index in [0, 8, 33, 247] {
        for model in ["", "--model MODEL"] {
            let text = folder.stdout(&format!(
                "explain {model} --index {index} --learning-rate 0.1"
            ));
            let table = text.split("rel. error\n").nth(1).unwrap();
            let rows: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
            assert_eq!(rows.len(), 5, "{text}");
            for row in rows {
                let values = numbers(row);
                let [.., backprop, differences, error] = values[..] else {
                    panic!("{row}");
                };
                // Differences of costs in f32 have no more digits than this.
                let exact = error < 1e-2 || (backprop - differences).abs() < 1e-6;
                assert!(exact, "image {index}: {row}");
            }
            let cost = line(&text, "cost ").split_once("cost").unwrap().1;
            let (before, after) = cost.split_once('→').unwrap();
            let (before, after): (f64, f64) = (
                before.trim().parse().unwrap(),
                after.trim().parse().unwrap(),
            );
            assert!(after <= before, "image {index}: {before} → {after}");
        }
    }
}

#[test]
fn wrong_arguments_of_explain() {
    let folder = Folder::new();
    folder.expect_error("explain --index 10000", &["10000"]);
    folder.expect_error("explain --index -1", &["-1"]);
    folder.expect_error("explain --model none", &["none"]);
    folder.expect_error("explain --model MODEL --seed 2", &["--seed"]);
    folder.expect_error("explain --learning-rate 0", &["--learning-rate"]);
    folder.expect_error("explain --data none", &["none"]);
}

// sweep

#[test]
fn sweep_compares_every_combination_in_a_table() {
    let folder = Folder::new();
    let text =
        folder.stdout("sweep --hidden 10,30 --learning-rate 1,3 --epochs 1 --seeds 2 --data DATA");
    assert!(
        text.starts_with("4 combinations, 2 seeds each, 1 epoch, on "),
        "{text}"
    );
    let rows: Vec<Vec<f64>> = text.lines().skip(4).map(numbers).collect();
    let start = |row: &Vec<f64>| row[..4].to_vec();
    assert_eq!(
        rows.iter().map(start).collect::<Vec<_>>(),
        [
            [10.0, 1.0, 10.0, 7960.0],
            [10.0, 3.0, 10.0, 7960.0],
            [30.0, 1.0, 10.0, 23860.0],
            [30.0, 3.0, 10.0, 23860.0]
        ]
    );
    assert_eq!(text.matches('±').count(), 4, "{text}");
}

/// All but the time, by combination.
fn results(json: &str) -> Vec<Value> {
    let lines = json
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|mut line| {
            let seconds = line.as_object_mut().unwrap().remove("seconds_per_epoch");
            assert!(seconds.unwrap().as_f64().unwrap() > 0.0);
            line
        })
        .collect()
}

#[test]
fn a_sweep_does_not_depend_on_the_number_of_threads() {
    let folder = Folder::new();
    let sweep =
        "sweep --hidden 10,15 --mini-batch-size 10,50 --epochs 2 --seeds 2 --data DATA --json";
    let alone = results(&folder.stdout(&format!("RAYON_NUM_THREADS=1 {sweep}")));
    assert_eq!(alone.len(), 4);
    assert_eq!(alone[1]["layers"], serde_json::json!([784, 10, 10]));
    assert_eq!(alone[1]["runs"][1]["seed"], 2);
    assert_eq!(alone[1]["runs"][1]["correct"].as_array().unwrap().len(), 2);
    for threads in [2, 7] {
        let many = results(&folder.stdout(&format!("RAYON_NUM_THREADS={threads} {sweep}")));
        assert_eq!(many, alone, "{threads}");
    }
}

#[test]
fn a_run_of_a_sweep_is_what_train_does_with_its_seed() {
    let folder = Folder::new();
    let sweep =
        results(&folder.stdout("sweep --hidden 15 --epochs 3 --seeds 2 --data DATA --json"));
    let train = folder.stdout("train --layers 784,15,10 --epochs 3 --seed 2 --data DATA --json");
    let epochs = train
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let correct: Vec<Value> = epochs
        .filter(|event| event["event"] == "epoch")
        .map(|event| event["correct"].clone())
        .collect();
    assert_eq!(sweep[0]["runs"][1]["correct"], Value::Array(correct));
}

/// λ = 2000 with η = 1000 multiplies every weight by −9,999 in each update.
#[test]
fn a_combination_that_diverges_is_a_row_and_no_failure() {
    let folder = Folder::new();
    let sweep =
        "sweep --learning-rate 1000,0.01 --regularization 2000 --epochs 2 --seeds 2 --data DATA";
    let text = folder.stdout(sweep);
    assert!(text.lines().nth(4).unwrap().contains("diverged"), "{text}");
    assert!(!text.lines().nth(5).unwrap().contains("diverged"), "{text}");
    let json = results(&folder.stdout(&format!("{sweep} --json")));
    assert_eq!(
        (&json[0]["diverged"], &json[0]["accuracy_mean"]),
        (&2.into(), &Value::Null)
    );
    assert_eq!(
        (&json[1]["diverged"], &json[0]["runs"][0]["diverged"]),
        (&0.into(), &0.into())
    );
    let csv = folder.stdout(&format!("{sweep} --csv"));
    let fields: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(fields[..8], ["30", "1000", "10", "23860", "2", "2", "", ""]);
}

#[test]
fn wrong_arguments_of_sweep() {
    let folder = Folder::new();
    folder.expect_error("sweep", &["--hidden", "--learning-rate"]);
    folder.expect_error("sweep --hidden 31", &["784,31,10", "784,30,10"]);
    for (argument, word) in [
        ("--hidden 10,", "--hidden"),
        ("--hidden 0", "--hidden"),
        ("--learning-rate 1,x", "--learning-rate"),
        ("--learning-rate 0", "--learning-rate"),
        ("--mini-batch-size 0", "--mini-batch-size"),
        ("--hidden 10 --epochs 0", "--epochs"),
        ("--hidden 10 --seeds 0", "--seeds"),
        ("--hidden 10 --json --csv", "--csv"),
        ("--hidden 10 --plot a.gif", ".svg or .png"),
        ("--hidden 10 --plot none/a.svg", "no folder none"),
        ("--hidden 10 --data none", "none"),
    ] {
        folder.expect_error(&format!("sweep {argument}"), &[word]);
    }
}

// Pictures

/// Whether a picture is 1600 wide, white at the edge, and has a part of at least so many dark or coloured pixels.
#[track_caller]
fn assert_drawn(picture: &RgbImage, least: usize) {
    assert_eq!(picture.width(), 1600);
    let edge = (0..picture.height()).all(|y| picture.get_pixel(1599, y) == &Rgb([255; 3]));
    assert!(edge, "something is cut off at the right");
    let edge = (0..picture.height()).all(|y| picture.get_pixel(0, y) == &Rgb([255; 3]));
    assert!(edge, "something is cut off at the left");
    let inked = picture
        .pixels()
        .filter(|pixel| pixel.0.iter().any(|&c| c < 200))
        .count();
    assert!(inked >= least, "{inked} pixels of ink");
}

#[track_caller]
fn assert_texts(svg: &str, texts: &[&str]) {
    for text in texts {
        assert!(svg.contains(text), "{text:?} is not in the picture");
    }
}

/// The points of every line that has as many points as there are epochs.
fn lines_of(svg: &str, epochs: usize) -> usize {
    let lines = svg.split("<polyline ").skip(1);
    let points = lines.filter_map(|line| line.split("points=\"").nth(1)?.split('"').next());
    points
        .filter(|points| points.split_whitespace().count() == epochs)
        .count()
}

#[test]
fn the_picture_of_a_training_has_three_lines_for_accuracy_and_three_for_cost() {
    let folder = Folder::new();
    folder.stdout("train --epochs 4 --quiet --data DATA --plot a.svg");
    let svg = folder.svg("a.svg");
    assert_texts(
        &svg,
        &[
            "Training [784,30,10]",
            "epoch",
            "accuracy / %",
            "mean cost",
            "training",
            "validation",
            "test",
        ],
    );
    assert_eq!(lines_of(&svg, 4), 6);
    folder.stdout("train --epochs 2 --quiet --data DATA --plot a.png");
    assert_drawn(&folder.png("a.png"), 1_000);
}

#[test]
fn the_picture_of_a_sweep_is_curves_or_a_table_of_colours() {
    let folder = Folder::new();
    folder.stdout("sweep --hidden 10,15 --epochs 3 --seeds 1 --data DATA --plot a.svg");
    let svg = folder.svg("a.svg");
    assert_texts(
        &svg,
        &[
            "10 hidden",
            "15 hidden",
            "epoch",
            "accuracy / %",
            "mean cost",
        ],
    );
    assert_eq!(lines_of(&svg, 3), 4);
    let three = "--hidden 10,15 --learning-rate 0.5,3 --mini-batch-size 10,20";
    folder.stdout(&format!(
        "sweep {three} --epochs 1 --seeds 1 --data DATA --plot a.svg"
    ));
    assert_texts(
        &folder.svg("a.svg"),
        &[
            "mini-batch size",
            "10 hidden, η = 0.5",
            "15 hidden, η = 3",
            "after 1 epoch",
        ],
    );
    folder.stdout(&format!(
        "sweep {three} --epochs 1 --seeds 1 --data DATA --plot a.png"
    ));
    assert_drawn(&folder.png("a.png"), 1_000);
}

#[test]
fn filters_are_one_tile_for_each_neuron_on_one_scale() {
    let folder = Folder::new();
    let said = folder.stdout("filters MODEL --out a.svg");
    assert_eq!(said, "Drew 30 neurons of [784,30,10] to a.svg\n");
    let svg = folder.svg("a.svg");
    assert_eq!(svg.matches("<image ").count(), 30);
    assert_texts(&svg, &["digits.model", "red is drawn to ink"]);
    folder.stdout("filters MODEL --out a.png");
    let picture = folder.png("a.png");
    assert_drawn(&picture, 10_000);
    let count = |is: fn(&Rgb<u8>) -> bool| picture.pixels().filter(|pixel| is(pixel)).count();
    assert!(
        count(|p| p.0[0] > p.0[2].saturating_add(60)) > 1_000,
        "no red"
    );
    assert!(
        count(|p| p.0[2] > p.0[0].saturating_add(60)) > 1_000,
        "no blue"
    );
}

#[test]
fn evaluate_draws_the_confusion_table_and_the_worst_mistakes() {
    let folder = Folder::new();
    let said = folder.stdout("evaluate MODEL --json --plot a.svg --mistakes b.svg");
    let result: Value = serde_json::from_str(&said).unwrap();
    let table = folder.svg("a.svg");
    assert_texts(&table, &["what the network says", "label"]);
    for row in result["confusion"].as_array().unwrap() {
        for count in row.as_array().unwrap().iter().flat_map(Value::as_u64) {
            let text = if count == 0 {
                "·".into()
            } else {
                count.to_string()
            };
            assert!(table.contains(&format!("\n{text}\n")), "{text}");
        }
    }
    let mistakes = folder.svg("b.svg");
    assert_eq!(mistakes.matches("<image ").count(), 30);
    assert_eq!(mistakes.matches("says ").count(), 30);
    let wrong = 10_000 - result["correct"].as_u64().unwrap();
    assert_texts(&mistakes, &[&format!("30 of {wrong} among 10000")]);
    folder.stdout("evaluate MODEL --json --plot a.png --mistakes b.png");
    assert_drawn(&folder.png("a.png"), 10_000);
    assert_drawn(&folder.png("b.png"), 10_000);
}

#[test]
fn a_picture_that_cannot_be_written_is_found_before_any_work() {
    let folder = Folder::new();
    for verb in [
        "train --plot",
        "evaluate MODEL --plot",
        "evaluate MODEL --mistakes",
        "filters MODEL --out",
    ] {
        folder.expect_error(&format!("{verb} a.gif"), &["a.gif", ".svg or .png"]);
        folder.expect_error(&format!("{verb} none/a.svg"), &["no folder none"]);
    }
    folder.expect_error("filters MODEL", &["--out"]);
    folder.expect_error("filters none --out a.svg", &["none"]);
    assert_eq!(
        std::fs::read_dir(Path::new(&folder.path(".")))
            .unwrap()
            .count(),
        0
    );
}
