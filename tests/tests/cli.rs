//! Every verb through the real binary: what it prints, what it exits with, and every fault of its input.
//!
//! All runs share one small data set and one model trained on it; each has a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use smidgen_core::{model, network};
use smidgen_tests::folder::old_model;
use smidgen_tests::{binary, random, small_set};
use tempfile::TempDir;

/// The shared data set, and a model that knows it.
struct Shared {
    data: PathBuf,
    model: PathBuf,
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli");
        std::fs::create_dir_all(&folder).unwrap();
        small_set::write(&folder);
        let shared = Shared {
            model: folder.join("a.model"),
            data: folder,
        };
        let output = binary::smidgen(&shared.data)
            .args(["train", "--epochs", "300", "--seed", "1", "--quiet"])
            .args(["--data", ".", "--out", "a.model"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        shared
    })
}

/// A folder, and the binary run in it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a whole small data set in it, to be damaged.
    fn with_data() -> Self {
        let folder = Self::new();
        small_set::write(folder.0.path());
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.0.path()).unwrap().count()
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = binary::smidgen(self.0.path());
        for argument in arguments.split_whitespace() {
            match argument {
                "DATA" => command.arg(&shared().data),
                "MODEL" => command.arg(&shared().model),
                argument => command.arg(argument),
            };
        }
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it prints when all goes well.
    #[track_caller]
    fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The JSON objects it prints, one on each line.
    #[track_caller]
    fn json(&self, arguments: &str) -> Vec<Value> {
        let stdout = self.stdout(arguments);
        let lines = stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// A fault: exit code 2, nothing on stdout, one line on stderr with all of the words in it.
    #[track_caller]
    fn expect_error(&self, arguments: &str, words: &[&str]) {
        let output = self.run(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(output.stdout.is_empty(), "{:?}", output.stdout);
        assert_eq!(stderr.lines().count(), 1, "not one line: {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        for word in words {
            assert!(stderr.contains(word), "{word:?} not in {stderr}");
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

// train

#[test]
fn train_prints_the_books_line_for_each_epoch_and_where_the_model_is() {
    let folder = Folder::new();
    let stdout = folder.stdout("train --data DATA --epochs 2 --seed 3 --out new.model");
    let epochs: Vec<&str> = stdout
        .lines()
        .filter(|line| line.starts_with("Epoch "))
        .collect();
    assert_eq!(epochs.len(), 2, "{stdout}");
    for (n, line) in epochs.iter().enumerate() {
        assert!(line.starts_with(&format!("Epoch  {n}: ")), "{line}");
        assert!(line.contains(" / 50 = ") && line.contains("%  │"), "{line}");
        assert!(line.ends_with(" s"), "{line}");
    }
    assert!(stdout.contains("seed 3"), "{stdout}");
    assert!(stdout.contains("new.model"), "{stdout}");
    assert!(
        !stdout.contains('\x1b') && !stdout.contains('\r'),
        "{stdout}"
    );
    assert_eq!(folder.files(), 1);
}

#[test]
fn train_as_json_prints_start_epochs_and_saved_and_nothing_else() {
    let folder = Folder::new();
    let events = folder.json("train --data DATA --epochs 3 --seed 4 --json");
    let names: Vec<&Value> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(names, ["start", "epoch", "epoch", "epoch", "saved"]);
    assert_eq!(events[0]["layers"], serde_json::json!([784, 30, 10]));
    assert_eq!(events[0]["parameters"], 23_860);
    assert_eq!(events[0]["seed"], 4);
    for (n, epoch) in events[1..4].iter().enumerate() {
        assert_eq!(epoch["epoch"], n);
        assert_eq!(epoch["total"], small_set::TEST);
        assert!(epoch["correct"].as_u64().unwrap() <= small_set::TEST as u64);
        assert!(number(&epoch["cost"]) > 0.0);
        assert!(number(&epoch["train_seconds"]) > 0.0);
        assert!(number(&epoch["evaluate_seconds"]) > 0.0);
    }
    let saved = &events[4];
    assert_eq!(saved["path"], "digits.model");
    assert_eq!(saved["correct"], events[3]["correct"]);
    assert_eq!(saved["total"], small_set::TEST);
    let file = folder.read("digits.model");
    let crc32 = u32::from_le_bytes(file[file.len() - 4..].try_into().unwrap());
    assert_eq!(saved["crc32"], format!("{crc32:08x}"));
}

#[test]
fn train_is_quiet_when_told() {
    let folder = Folder::new();
    let stdout = folder.stdout("train --data DATA --epochs 1 --quiet");
    assert_eq!(stdout, "");
    assert_eq!(folder.files(), 1);
}

#[test]
fn train_takes_every_size_on_the_menu() {
    let folder = Folder::new();
    for sizes in smidgen_tests::binary::sizes() {
        let layers = smidgen::network::join(&sizes);
        folder.stdout(&format!(
            "train --data DATA --epochs 1 --layers {layers} --quiet"
        ));
        let info = folder.json("info digits.model --json");
        assert_eq!(info[0]["layers"], serde_json::json!(sizes));
    }
}

#[test]
fn the_menu_is_that_of_the_issue() {
    let hidden = [10, 15, 20, 30, 50, 64, 100, 128, 200, 300];
    let mut expected: Vec<Vec<usize>> = hidden.iter().map(|&h| vec![784, h, 10]).collect();
    expected.push(vec![784, 30, 30, 10]);
    expected.push(vec![784, 100, 30, 10]);
    assert_eq!(smidgen_tests::binary::sizes(), expected);
}

#[test]
fn train_learns() {
    let evaluation = &Folder::new().json("evaluate MODEL --data DATA --json")[0];
    assert_eq!(evaluation["correct"], small_set::TEST, "{evaluation}");
}

#[test]
fn a_seed_repeats_and_another_does_not() {
    let folder = Folder::new();
    for (seed, out) in [(5, "a"), (5, "b"), (6, "c")] {
        folder.stdout(&format!(
            "train --data DATA --epochs 1 --quiet --seed {seed} --out {out}"
        ));
    }
    assert!(folder.read("a") == folder.read("b"));
    assert!(folder.read("a") != folder.read("c"));
}

#[test]
fn train_on_mnist_itself_reaches_ninety_percent_in_an_epoch() {
    let events = Folder::new().json("train --epochs 1 --seed 1 --json");
    assert_eq!(events[1]["total"], 10_000);
    assert!(number(&events[1]["correct"]) >= 9000.0, "{}", events[1]);
}

#[test]
fn arguments_of_train_that_make_no_sense() {
    let folder = Folder::new();
    folder.write("digits.model", old_model());
    for (argument, word) in [
        ("--epochs 0", "--epochs"),
        ("--epochs -1", "-1"),
        ("--epochs many", "--epochs"),
        ("--mini-batch-size 0", "--mini-batch-size"),
        ("--learning-rate 0", "--learning-rate"),
        ("--learning-rate -3", "-3"),
        ("--learning-rate=-3", "--learning-rate"),
        ("--learning-rate NaN", "--learning-rate"),
        ("--learning-rate inf", "--learning-rate"),
        ("--learning-rate 1e99", "--learning-rate"),
        ("--learning-rate fast", "--learning-rate"),
        ("--seed none", "--seed"),
        ("--layers", "--layers"),
        ("--layers 784,x,10", "--layers"),
        ("--layer 784,30,10", "--layer"),
    ] {
        folder.expect_error(&format!("train --data DATA {argument}"), &[word]);
    }
    assert!(folder.read("digits.model") == old_model());
}

#[test]
fn a_size_that_is_not_on_the_menu_is_answered_with_the_menu() {
    for layers in ["784,31,10", "784,10", "10", "784,30,30,30,10", "1,1,1"] {
        Folder::new().expect_error(
            &format!("train --data DATA --layers {layers}"),
            &[layers, "784,30,10", "784,300,10", "784,100,30,10"],
        );
    }
}

#[test]
fn an_output_folder_that_does_not_exist_is_found_before_the_data_are_read() {
    let folder = Folder::new();
    folder.expect_error("train --out none/a.model", &["none"]);
    folder.expect_error(
        "train --data nowhere --out none/a.model",
        &["no folder none"],
    );
    assert_eq!(folder.files(), 0);
}

#[test]
fn an_output_that_is_a_folder() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("here")).unwrap();
    folder.expect_error("train --data DATA --out here", &["here"]);
}

/// The regularisation multiplies every weight by −9,999 in each update. Without it no learning rate that the program
/// takes is known to diverge: the sigmoid saturates before a weight overflows.
#[test]
fn training_that_diverges_names_the_epoch_and_keeps_the_old_file() {
    let folder = Folder::new();
    folder.write("digits.model", old_model());
    let arguments = "train --data DATA --epochs 3 --learning-rate 1000 --regularization 2000";
    let output = folder.run(arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("diverged in epoch 0"), "{stderr}");
    assert!(stderr.contains("smaller than 1000"), "{stderr}");
    assert!(folder.read("digits.model") == old_model());
    assert_eq!(folder.files(), 1);
}

#[test]
fn the_largest_learning_rate_ends_cleanly() {
    let folder = Folder::new();
    folder.stdout("train --data DATA --quiet --mini-batch-size 1 --learning-rate 3.4e38");
    folder.stdout("info digits.model");
}

// Ctrl-C

/// Starts a training, waits for `event` on its stdout, presses Ctrl-C, and gives all it printed.
#[cfg(unix)]
fn press_ctrl_c(folder: &Folder, arguments: &str, event: &str) -> (Option<i32>, String, String) {
    let mut child = folder
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains(event) {
        assert!(
            stdout.read_line(&mut text).unwrap() > 0,
            "no {event}: {text}"
        );
    }
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    while stdout.read_line(&mut text).unwrap() > 0 {}
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text, stderr)
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_model_of_the_last_finished_epoch() {
    let folder = Folder::new();
    let arguments = "train --epochs 1000 --mini-batch-size 1 --layers 784,100,10 --json --seed 2";
    let (code, stdout, stderr) = press_ctrl_c(&folder, arguments, "\"epoch\":0");
    assert_eq!(code, Some(130), "{stdout} {stderr}");
    let events: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [.., epoch, saved] = &events[..] else {
        panic!("{stdout}");
    };
    assert_eq!(saved["event"], "saved", "{stdout}");
    assert_eq!(saved["path"], "digits.model");
    assert_eq!(saved["correct"], epoch["correct"]);
    let evaluation = &folder.json("evaluate digits.model --json")[0];
    assert_eq!(evaluation["correct"], saved["correct"]);
    assert_eq!(folder.files(), 1);
}

/// A set with fewer images than there are between two reports of progress.
#[cfg(unix)]
#[test]
fn ctrl_c_works_on_a_small_data_set_and_says_where_the_model_is() {
    let folder = Folder::new();
    let arguments = "train --data DATA --epochs 20000 --seed 2 --out kept.model";
    let (code, stdout, stderr) = press_ctrl_c(&folder, arguments, "Epoch  0");
    assert_eq!(code, Some(130), "{stderr}");
    assert!(
        stdout.lines().last().unwrap().contains("kept.model"),
        "{stdout}"
    );
    folder.stdout("info kept.model");
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_first_epoch_leaves_the_old_file() {
    let folder = Folder::new();
    folder.write("digits.model", old_model());
    let arguments = "train --mini-batch-size 1 --layers 784,300,10 --json";
    let (code, stdout, stderr) = press_ctrl_c(&folder, arguments, "start");
    assert_eq!(code, Some(130), "{stdout} {stderr}");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(folder.read("digits.model") == old_model());
    assert_eq!(folder.files(), 1);
}

// Data sets

/// Every verb that reads the training images meets this set.
#[track_caller]
fn expect_bad_data(folder: &Folder, words: &[&str]) {
    folder.write("digits.model", old_model());
    folder.expect_error("train --data . --epochs 1", words);
    assert!(folder.read("digits.model") == old_model());
}

fn all() -> usize {
    small_set::TRAINING + small_set::VALIDATION
}

/// A set whose training images are this file.
fn with_training_images(file: &[u8]) -> Folder {
    let folder = Folder::with_data();
    std::fs::remove_file(folder.path(&format!("{}.gz", small_set::TRAINING_IMAGES))).unwrap();
    folder.write(small_set::TRAINING_IMAGES, file);
    folder
}

#[test]
fn a_missing_file_is_named() {
    for name in [
        format!("{}.gz", small_set::TRAINING_IMAGES),
        small_set::TEST_LABELS.into(),
    ] {
        let folder = Folder::with_data();
        std::fs::remove_file(folder.path(&name)).unwrap();
        expect_bad_data(&folder, &[name.trim_end_matches(".gz")]);
    }
    Folder::new().expect_error("train --data nowhere", &["nowhere"]);
}

#[test]
fn a_truncated_file_of_images() {
    let file = small_set::images(all());
    for length in [0, 3, 15, 16, file.len() - 1] {
        let folder = with_training_images(&file[..length]);
        expect_bad_data(&folder, &[small_set::TRAINING_IMAGES, "truncated"]);
    }
}

#[test]
fn a_file_of_images_that_is_too_long() {
    let mut file = small_set::images(all());
    file.push(0);
    expect_bad_data(
        &with_training_images(&file),
        &[small_set::TRAINING_IMAGES, "too long"],
    );
}

#[test]
fn labels_truncated_or_too_long() {
    let folder = Folder::with_data();
    let mut file = small_set::labels(small_set::TEST);
    folder.write(small_set::TEST_LABELS, &file[..file.len() - 1]);
    expect_bad_data(&folder, &[small_set::TEST_LABELS, "truncated"]);
    file.push(0);
    folder.write(small_set::TEST_LABELS, &file);
    expect_bad_data(&folder, &[small_set::TEST_LABELS, "too long"]);
}

#[test]
fn a_wrong_magic_in_a_data_file() {
    let mut file = small_set::images(all());
    file[3] = 1;
    expect_bad_data(&with_training_images(&file), &[small_set::TRAINING_IMAGES]);
    let folder = Folder::with_data();
    folder.write(small_set::TEST_LABELS, small_set::images(50));
    expect_bad_data(&folder, &[small_set::TEST_LABELS]);
}

#[test]
fn images_of_another_size() {
    let mut file = small_set::header(&[0x0803, all() as u32, 32, 28]);
    file.resize(file.len() + all() * 32 * 28, 0);
    // The test images are still of 28 x 28 pixels.
    let words = [small_set::TEST_IMAGES, "896", "784"];
    expect_bad_data(&with_training_images(&file), &words);
    let file = small_set::header(&[0x0803, 1, 256, 256]);
    expect_bad_data(&with_training_images(&file), &["256 x 256", "65535"]);
}

#[test]
fn counts_that_differ() {
    let folder = Folder::with_data();
    folder.write(
        small_set::TEST_LABELS,
        small_set::labels(small_set::TEST - 1),
    );
    expect_bad_data(&folder, &["49", "50", "labels", "images"]);
}

#[test]
fn a_header_that_claims_four_thousand_million_images() {
    let file = small_set::header(&[0x0803, 4_000_000_000, 28, 28]);
    expect_bad_data(&with_training_images(&file), &["4000000000"]);
    let packed = small_set::gzip(&file);
    expect_bad_data(&with_training_images(&packed), &["4000000000"]);
}

#[test]
fn a_label_over_nine() {
    let folder = Folder::with_data();
    let mut file = small_set::labels(small_set::TEST);
    file[8 + 7] = 10;
    folder.write(small_set::TEST_LABELS, file);
    expect_bad_data(&folder, &["11 classes"]);
}

#[test]
fn a_broken_gzip_stream() {
    let name = format!("{}.gz", small_set::TEST_IMAGES);
    let whole = small_set::gzip(&small_set::images(small_set::TEST));
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 0xff;
    for broken in [&whole[..whole.len() / 2], &whole[..12], &flipped] {
        let folder = Folder::with_data();
        folder.write(&name, broken);
        expect_bad_data(&folder, &[&name]);
    }
}

#[test]
fn a_set_without_images_for_training() {
    let folder = with_training_images(&small_set::images(0));
    folder.write(
        &small_set::TRAINING_LABELS.replace("-idx", ".idx"),
        small_set::labels(0),
    );
    expect_bad_data(&folder, &[small_set::TRAINING_IMAGES, "training part"]);
}

#[test]
fn evaluate_and_predict_meet_the_same_data() {
    let folder = Folder::with_data();
    folder.write(
        small_set::TEST_LABELS,
        small_set::labels(small_set::TEST - 1),
    );
    folder.expect_error("evaluate MODEL --data .", &["49", "50"]);
    folder.expect_error("predict MODEL --index 0 --data .", &["49", "50"]);
}

// Models

fn encoded<N: smidgen_core::Network<784, 10>>() -> Vec<u8> {
    let mut file = Vec::new();
    model::encode(&*random::network::<N, 784, 10>(1), "made", |bytes| {
        file.extend_from_slice(bytes);
    });
    file
}

/// Puts bytes where they do not belong, and the checksum that fits.
fn forged(position: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = encoded::<network![784, 10, 10]>();
    file[position..position + bytes.len()].copy_from_slice(bytes);
    let end = file.len() - 4;
    let crc = crc32fast::hash(&file[..end]);
    file[end..].copy_from_slice(&crc.to_le_bytes());
    file
}

/// Every verb that reads a model refuses this one, by name.
#[track_caller]
fn expect_bad_model(file: &[u8], word: &str) {
    let folder = Folder::new();
    folder.write("bad.model", file);
    for verb in [
        "evaluate bad.model",
        "predict bad.model --index 0",
        "info bad.model",
    ] {
        folder.expect_error(&format!("{verb} --json"), &["bad.model", word]);
        folder.expect_error(verb, &["bad.model", word]);
    }
}

#[test]
fn a_model_that_is_damaged() {
    expect_bad_model(b"", "truncated");
    expect_bad_model(b"\x89PNG\r\n\x1a\n", "magic");
    expect_bad_model(&forged(4, &[3]), "version");
    // A note where blocks are expected.
    expect_bad_model(&forged(4, &[2]), "description");
    expect_bad_model(&forged(6, &[9]), "element");
    expect_bad_model(&forged(8, &[0; 4]), "sizes");
    let mut file = encoded::<network![784, 10, 10]>();
    file.push(0);
    expect_bad_model(&file, "length");
    file.truncate(file.len() - 9);
    expect_bad_model(&file, "length");
    let mut file = encoded::<network![784, 10, 10]>();
    file[1000] ^= 1;
    expect_bad_model(&file, "checksum");
    let weight = 8 + 12 + 4 + 4 + 40;
    expect_bad_model(&forged(weight, &f32::NAN.to_le_bytes()), "finite");
}

#[test]
fn a_model_of_a_size_that_is_not_on_the_menu() {
    let folder = Folder::new();
    folder.write("odd.model", encoded::<network![784, 3, 10]>());
    for verb in ["evaluate odd.model", "predict odd.model --index 0"] {
        folder.expect_error(verb, &["odd.model", "784,3,10", "784,30,10"]);
    }
    assert_eq!(folder.json("info odd.model --json")[0]["layers"][1], 3);
}

#[test]
fn a_model_that_is_not_there() {
    let folder = Folder::new();
    for verb in [
        "evaluate no.model",
        "predict no.model --index 0",
        "info no.model",
        "info .",
    ] {
        folder.expect_error(verb, &["cannot read"]);
    }
}

// evaluate

#[test]
fn evaluate_prints_accuracy_cost_and_the_table() {
    let stdout = Folder::new().stdout("evaluate MODEL --data DATA");
    assert!(stdout.contains("50 / 50 = 100.00%"), "{stdout}");
    assert!(stdout.contains("cost"), "{stdout}");
    let numbers = |line: &str| -> usize {
        let words = line.split(|c: char| !c.is_ascii_digit());
        words.filter_map(|word| word.parse::<usize>().ok()).sum()
    };
    for class in 0..10 {
        let row = stdout
            .lines()
            .filter(|line| line.contains('│'))
            .find(|line| line.trim_start().starts_with(&format!("{class} ")))
            .unwrap_or_else(|| panic!("no row {class}: {stdout}"));
        assert_eq!(numbers(row), class + small_set::TEST / 10, "{row}");
    }
}

#[test]
fn evaluate_as_json() {
    let folder = Folder::new();
    folder.write("new.model", encoded::<network![784, 10, 10]>());
    for model in ["MODEL", "new.model"] {
        let objects = folder.json(&format!("evaluate {model} --data DATA --json"));
        let [object] = &objects[..] else {
            panic!("not one object: {objects:?}");
        };
        let rows = object["confusion"].as_array().unwrap();
        assert_eq!(rows.len(), 10);
        let mut right = 0;
        for (label, row) in rows.iter().enumerate() {
            let row: Vec<u64> = row
                .as_array()
                .unwrap()
                .iter()
                .flat_map(Value::as_u64)
                .collect();
            assert_eq!(row.len(), 10);
            assert_eq!(row.iter().sum::<u64>(), 5);
            right += row[label];
        }
        assert_eq!(object["correct"], right);
        assert_eq!(object["total"], small_set::TEST);
        assert!(number(&object["cost"]) > 0.0);
    }
}

// predict

#[test]
fn predict_draws_a_test_image_and_ten_bars_and_says_what_it_is() {
    let folder = Folder::new();
    for index in [0, 7, 49] {
        let stdout = folder.stdout(&format!("predict MODEL --index {index} --data DATA"));
        let digit = index % 10;
        let last = format!("Predicted: {digit}, Actual: {digit}");
        assert_eq!(stdout.lines().last(), Some(last.as_str()), "{stdout}");
        assert!(stdout.lines().count() > 14 + 10, "{stdout}");
        assert!(!stdout.contains('\x1b'), "{stdout}");
    }
}

#[test]
fn predict_as_json() {
    let objects = Folder::new().json("predict MODEL --index 13 --data DATA --json");
    let [object] = &objects[..] else {
        panic!("not one object: {objects:?}");
    };
    assert_eq!(object["predicted"], 3);
    assert_eq!(object["actual"], 3);
    let activations = object["activations"].as_array().unwrap();
    assert_eq!(activations.len(), 10);
    let best = activations.iter().map(number).fold(0.0, f64::max);
    assert!(number(&activations[3]) >= best && best <= 1.0);
}

#[test]
fn predict_reads_pictures() {
    let folder = Folder::new();
    for (name, ink, paper) in [("dark.png", 0, 255), ("light.png", 255, 0)] {
        let picture = image::GrayImage::from_fn(50, 80, |x, y| {
            let inside = (20..30).contains(&x) && (10..70).contains(&y);
            image::Luma([if inside { ink } else { paper }])
        });
        picture.save(folder.path(name)).unwrap();
    }
    let stdout = folder.stdout("predict MODEL dark.png light.png");
    assert_eq!(stdout.matches("Predicted: ").count(), 2, "{stdout}");
    assert!(!stdout.contains("Actual"), "{stdout}");
    let objects = folder.json("predict MODEL dark.png light.png --json");
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["activations"], objects[1]["activations"]);
}

#[test]
fn a_picture_that_is_none_or_blank() {
    let folder = Folder::new();
    folder.write("text.png", "not a picture");
    folder.write("empty.png", "");
    image::GrayImage::new(28, 28)
        .save(folder.path("blank.png"))
        .unwrap();
    let mut cut = std::fs::read(folder.path("blank.png")).unwrap();
    cut.truncate(cut.len() / 2);
    folder.write("cut.png", cut);
    folder.expect_error("predict MODEL text.png", &["text.png", "PNG"]);
    folder.expect_error("predict MODEL empty.png", &["empty.png", "PNG"]);
    folder.expect_error("predict MODEL cut.png", &["cut.png", "PNG"]);
    folder.expect_error("predict MODEL blank.png", &["blank.png", "blank"]);
    folder.expect_error("predict MODEL none.png", &["none.png"]);
}

#[test]
fn an_index_that_no_image_has() {
    let folder = Folder::new();
    folder.expect_error("predict MODEL --index 50 --data DATA", &["50"]);
    folder.expect_error("predict MODEL --index -1 --data DATA", &["-1"]);
    folder.expect_error("predict MODEL --index seven --data DATA", &["seven"]);
    folder.expect_error("predict MODEL", &["--index"]);
    folder.expect_error("predict MODEL a.png --index 1", &["--index"]);
}

// info

#[test]
fn info_says_what_the_file_holds() {
    let folder = Folder::new();
    let bytes = std::fs::read(&shared().model).unwrap();
    let object = &folder.json("info MODEL --json")[0];
    assert_eq!(object["layers"], serde_json::json!([784, 30, 10]));
    assert_eq!(object["parameters"], 23_860);
    assert_eq!(object["bytes"], bytes.len());
    let crc32 = crc32fast::hash(&bytes[..bytes.len() - 4]);
    assert_eq!(object["crc32"], format!("{crc32:08x}"));
    let note = object["note"].as_str().unwrap();
    assert!(note.contains("seed 1"), "{note}");
    let stdout = folder.stdout("info MODEL");
    for word in [
        "784",
        "23860",
        &bytes.len().to_string(),
        &format!("{crc32:08x}"),
        note,
    ] {
        assert!(stdout.contains(word), "{word} not in {stdout}");
    }
}

// Help, and no verb

#[test]
fn help_has_examples_for_every_verb() {
    let folder = Folder::new();
    assert!(folder.stdout("--help").contains("train"));
    assert!(
        folder
            .stdout("--version")
            .contains(env!("CARGO_PKG_VERSION"))
    );
    for verb in [
        "train", "evaluate", "predict", "explain", "sweep", "filters", "draw", "info", "quantize",
        "export",
    ] {
        let help = folder.stdout(&format!("{verb} --help"));
        assert!(help.contains(&format!("smidgen {verb}")), "{help}");
        assert!(help.contains("Examples:"), "{help}");
    }
}

#[test]
fn a_verb_that_there_is_not() {
    let folder = Folder::new();
    folder.expect_error("fly", &["fly"]);
}

#[test]
fn no_verb_at_all_is_answered_with_the_help() {
    let output = Folder::new().run("");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("Usage:") && stderr.contains("train"),
        "{stderr}"
    );
}

/// `smidgen train --json | head -1`.
#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::new();
    let mut child = folder
        .command("train --data DATA --epochs 5 --json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.code().is_some(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
}
