//! Checkpoints through the real binary: a training that is killed, at whatever moment, and resumed ends in the model of
//! the one that ran through, to the bit; and what is no checkpoint of this training is refused.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use rand_core::Rng;
use rand_xorshift::XorShiftRng;
use serde_json::Value;
use smidgen_tests::folder::{Folder, old_model};
use smidgen_tests::{random, small_set};

/// Where the moments come from.
const SEED: u64 = 20;

/// Trainings that differ in what a checkpoint must hold. All see validation go up and down, and those that can stop
/// early do.
const TRAININGS: [&str; 5] = [
    "--epochs 12 --seed 3",
    "--epochs 12 --momentum 0.8 --learning-rate 0.1 --cost cross-entropy --init scaled --regularization 0.1",
    "--epochs 60 --schedule halving --early-stopping 1 --learning-rate 8",
    "--epochs 60 --early-stopping 3 --expand shift --momentum 0.5 --learning-rate 3 --layers 784,20,10",
    "--epochs 12 --schedule cosine --l1 --regularization 0.05 --learning-rate 1 --layers 784,30,30,10",
];

/// A data set of real digits, as large as the small one.
fn data() -> &'static Path {
    static DATA: OnceLock<PathBuf> = OnceLock::new();
    DATA.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("resume");
        std::fs::create_dir_all(&folder).unwrap();
        let digits = &smidgen_tests::mnist::mnist().training;
        let mut by_label = vec![Vec::new(); 10];
        (0..digits.len()).for_each(|i| by_label[digits.label(i)].push(i));
        small_set::write_images(&folder, |i| {
            let same = &by_label[usize::from(small_set::label(i))];
            digits.bytes(same[i / 10])
        });
        folder
    })
}

/// The arguments of a training.
fn train(settings: &str, more: &str) -> String {
    let data = data().display();
    format!("train --data {data} --json {settings} {more}")
}

/// What must be the same in the epochs of two trainings.
fn epochs(stdout: &str) -> Vec<(Value, Value, Value, Value)> {
    let events = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    events
        .filter(|event: &Value| event["event"] == "epoch")
        .map(|event| {
            let part = |name: &str| event[name].clone();
            (
                part("epoch"),
                part("correct"),
                part("cost"),
                part("validation"),
            )
        })
        .collect()
}

/// A training that was never broken off, with the checkpoint it ends with.
struct Through {
    model: Vec<u8>,
    checkpoint: Vec<u8>,
    epochs: Vec<(Value, Value, Value, Value)>,
}

fn run_through(settings: &str) -> Through {
    let folder = Folder::new();
    let stdout = folder.stdout(&train(settings, "--out a.model --checkpoint a.checkpoint"));
    folder_has_only(&folder, &["a.checkpoint", "a.model"]);
    let without = Folder::new();
    without.stdout(&train(settings, "--out a.model"));
    assert!(
        without.read("a.model") == folder.read("a.model"),
        "{settings}"
    );
    Through {
        model: folder.read("a.model"),
        checkpoint: folder.read("a.checkpoint"),
        epochs: epochs(&stdout),
    }
}

#[track_caller]
fn folder_has_only(folder: &Folder, names: &[&str]) {
    assert_eq!(folder.names(), names);
}

/// Starts a training and kills it: after so many events on its standard output, and then so much later.
fn kill(folder: &Folder, arguments: &str, events: usize, later: Duration) -> bool {
    let mut child = folder
        .command(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Open until the end: a pipe that closes would end the training before it is killed.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let seen = lines.by_ref().take(events).count();
    sleep(later);
    // SIGKILL.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    drop(lines);
    seen == events && !status.success()
}

/// Resumes, and expects the end of the training that ran through.
#[track_caller]
fn expect_the_same_end(folder: &Folder, settings: &str, through: &Through, place: &str) {
    let resume = "--out a.model --checkpoint a.checkpoint --resume";
    let stdout = folder.stdout(&train(settings, resume));
    let found = epochs(&stdout);
    let expected = &through.epochs[through.epochs.len() - found.len()..];
    assert_eq!(found, expected, "{place}");
    assert!(
        folder.read("a.model") == through.model,
        "{place}: the model"
    );
    assert!(
        folder.read("a.checkpoint") == through.checkpoint,
        "{place}: the checkpoint"
    );
}

/// A moment of a training with so many epochs: events to wait for, and then a time in which an epoch or two pass.
fn moment(rng: &mut XorShiftRng, epochs: usize) -> (usize, Duration) {
    let events = 1 + random::below(rng, epochs);
    (
        events,
        Duration::from_micros(u64::from(rng.next_u32() % 8_000)),
    )
}

#[test]
fn a_training_killed_at_any_moment_ends_as_if_it_had_not_been() {
    let mut rng = random::rng(SEED);
    let mut killed = 0;
    for settings in TRAININGS {
        let through = run_through(settings);
        for _ in 0..2 {
            let (events, later) = moment(&mut rng, through.epochs.len());
            let place = format!("{settings}, killed {later:?} after {events} events");
            let folder = Folder::new();
            folder.write("a.model", old_model());
            let arguments = train(settings, "--out a.model --checkpoint a.checkpoint");
            killed += usize::from(kill(&folder, &arguments, events, later));
            let model = folder.read("a.model");
            assert!(model == old_model() || model == through.model, "{place}");
            expect_the_same_end(&folder, settings, &through, &place);
        }
    }
    assert!(
        killed >= 5,
        "only {killed} of 10 were killed before their end"
    );
}

/// Every run but the last is killed after one more epoch or two.
#[test]
fn a_training_killed_again_and_again_ends_as_if_it_had_not_been() {
    let mut rng = random::rng(SEED + 1);
    let settings = TRAININGS[2];
    let through = run_through(settings);
    let folder = Folder::new();
    for _ in 0..10 {
        let resume = train(settings, "--out a.model --checkpoint a.checkpoint --resume");
        let (_, later) = moment(&mut rng, 1);
        // What it starts with, that it resumes, and one epoch.
        kill(&folder, &resume, 3, later);
    }
    expect_the_same_end(&folder, settings, &through, "killed ten times");
}

#[test]
fn early_stopping_and_halving_do_happen_in_these_trainings() {
    for settings in [TRAININGS[2], TRAININGS[3]] {
        let epochs = run_through(settings).epochs;
        assert!(
            (8..60).contains(&epochs.len()),
            "{settings}: {}",
            epochs.len()
        );
    }
}

#[test]
fn ctrl_c_and_then_resume() {
    let settings = TRAININGS[1];
    let through = run_through(settings);
    let folder = Folder::new();
    let arguments = train(settings, "--out a.model --checkpoint a.checkpoint");
    let mut child = folder
        .command(&arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(stdout.by_ref().take(4).count(), 4);
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert!(stdout.last().unwrap().unwrap().contains("saved"));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    expect_the_same_end(&folder, settings, &through, "Ctrl-C");
}

#[test]
fn more_epochs_can_be_added_where_nothing_depends_on_their_number() {
    let folder = Folder::new();
    let run = |epochs: &str, out: &str, more: &str| {
        folder.stdout(&train("", &format!("--epochs {epochs} --out {out} {more}")))
    };
    run("5", "through.model", "");
    run("2", "a.model", "--checkpoint c");
    run("5", "a.model", "--checkpoint c --resume");
    assert!(folder.read("a.model") == folder.read("through.model"));
    // All is done: the model is written once more.
    std::fs::remove_file(folder.path("a.model")).unwrap();
    run("5", "a.model", "--checkpoint c --resume");
    assert!(folder.read("a.model") == folder.read("through.model"));
    let error = folder.error(&train("", "--epochs 4 --checkpoint c --resume"));
    assert!(
        error.contains("--epochs: 4 expected, 5 done in the checkpoint"),
        "{error}"
    );
    folder.stdout(&train("--schedule step", "--epochs 2 --checkpoint d"));
    let error = folder.error(&train(
        "--schedule step",
        "--epochs 3 --checkpoint d --resume",
    ));
    assert!(
        error.contains("--epochs: 3 expected, 2 in the checkpoint"),
        "{error}"
    );
}

#[test]
fn resume_needs_only_the_checkpoint() {
    for settings in TRAININGS {
        let through = run_through(settings);
        let folder = Folder::new();
        let arguments = train(settings, "--out a.model --checkpoint a.checkpoint");
        kill(&folder, &arguments, 3, Duration::ZERO);
        folder.stdout("train --checkpoint a.checkpoint --resume");
        assert!(folder.read("a.model") == through.model, "{settings}");
        assert!(
            folder.read("a.checkpoint") == through.checkpoint,
            "{settings}"
        );
        folder_has_only(&folder, &["a.checkpoint", "a.model"]);
    }
}

#[test]
fn what_is_given_beside_the_checkpoint_must_agree_or_be_one_that_may_change() {
    let folder = Folder::new();
    folder.stdout(&train(
        "--epochs 2 --regularization 0.1",
        "--out a.model --checkpoint c",
    ));
    let resume = "train --checkpoint c --resume";
    let error = folder.error(&format!("{resume} --regularization 0.2"));
    assert!(
        error.contains("--regularization: 0.2 expected, 0.1 in the checkpoint"),
        "{error}"
    );
    let error = folder.error(&format!("{resume} --l1"));
    assert!(
        error.contains("--l1: true expected, false in the checkpoint"),
        "{error}"
    );
    folder.stdout(&format!(
        "{resume} --regularization 0.1 --epochs 3 --out b.model"
    ));
    folder.stdout(&train("--epochs 3 --regularization 0.1", "--out d.model"));
    assert!(folder.read("b.model") == folder.read("d.model"));
    assert_eq!(folder.names(), ["a.model", "b.model", "c", "d.model"]);
    // What was changed stays changed.
    assert_eq!(epochs(&folder.stdout(&format!("{resume} --json"))), []);
    // The data may have moved.
    let moved = Folder::new();
    for name in data().read_dir().unwrap() {
        let path = name.unwrap().path();
        std::fs::copy(&path, moved.root().join(path.file_name().unwrap())).unwrap();
    }
    let data = moved.root().display();
    folder.stdout(&format!("{resume} --data {data} --epochs 4"));
}

#[test]
fn the_plot_has_the_epochs_before_as_well() {
    let folder = Folder::new();
    let run = |more: &str| folder.stdout(&train("--epochs 4", more));
    run("--plot through.svg");
    let plot = train("--epochs 4", "--plot a.svg --checkpoint c");
    kill(&folder, &plot, 3, Duration::ZERO);
    run("--plot a.svg --checkpoint c --resume");
    assert!(folder.read("a.svg") == folder.read("through.svg"));
}

#[test]
fn it_says_how_far_the_training_was() {
    let folder = Folder::new();
    let run = |epochs: &str, json: &str| {
        let data = data().display();
        folder.stdout(&format!(
            "train --data {data} --epochs {epochs} --checkpoint c --resume {json}"
        ))
    };
    let stdout = run("1", "");
    assert!(stdout.contains("Begun anew: there is no c yet"), "{stdout}");
    let stdout = run("2", "");
    assert!(
        stdout.contains("Resumed from c: 1 epochs are done\nEpoch  1: "),
        "{stdout}"
    );
    let stdout = run("3", "--json");
    assert!(
        stdout.contains(r#"{"event":"resumed","path":"c","epochs":2}"#),
        "{stdout}"
    );
}

/// A folder with the checkpoint of a training of two epochs, and an old model.
fn with_checkpoint() -> Folder {
    let folder = Folder::new();
    folder.stdout(&train("--epochs 2", "--checkpoint c"));
    folder.write("digits.model", old_model());
    folder
}

/// A refusal names the file, and changes nothing.
#[track_caller]
fn expect_refusal(folder: &Folder, more: &str, words: &str) {
    let before = folder.read("c");
    let error = folder.error(&train("--epochs 2", more));
    assert!(error.starts_with("smidgen: c"), "{error}");
    assert!(error.contains(words), "{words} not in {error}");
    assert!(folder.read("c") == before && folder.read("digits.model") == old_model());
}

#[test]
fn a_checkpoint_of_other_settings_is_refused_by_name() {
    let folder = with_checkpoint();
    for (setting, words) in [
        (
            "--layers 784,20,10",
            "--layers: 784,20,10 expected, 784,30,10 in the checkpoint",
        ),
        (
            "--mini-batch-size 20",
            "--mini-batch-size: 20 expected, 10 in the checkpoint",
        ),
        (
            "--learning-rate 2.5",
            "--learning-rate: 2.5 expected, 3 in the checkpoint",
        ),
        ("--seed 2", "--seed: 2 expected, 1 in the checkpoint"),
        (
            "--cost cross-entropy",
            "--cost: CrossEntropy expected, Quadratic in the checkpoint",
        ),
        (
            "--regularization 0.1",
            "--regularization: 0.1 expected, 0 in the checkpoint",
        ),
        (
            "--init scaled",
            "--init: Scaled expected, Unit in the checkpoint",
        ),
        (
            "--momentum 0.5",
            "--momentum: 0.5 expected, 0 in the checkpoint",
        ),
        (
            "--schedule halving",
            "--schedule: Halving expected, Constant in the checkpoint",
        ),
        (
            "--early-stopping 4",
            "--early-stopping: 4 expected, none in the checkpoint",
        ),
        (
            "--expand shift",
            "--expand: Shift expected, None in the checkpoint",
        ),
    ] {
        expect_refusal(
            &folder,
            &format!("--checkpoint c --resume {setting}"),
            words,
        );
    }
    folder.stdout(&train("--epochs 2", "--checkpoint c --resume"));
}

#[test]
fn a_checkpoint_of_other_data_is_refused_by_name() {
    let folder = with_checkpoint();
    let other = Folder::new();
    small_set::write(other.root());
    let data = other.root().display();
    let error = folder.error(&format!(
        "train --data {data} --epochs 2 --checkpoint c --resume"
    ));
    assert!(
        error.contains("c: the checkpoint of another training: training images: 200 with CRC-32 "),
        "{error}"
    );
    assert!(folder.read("digits.model") == old_model());
}

#[test]
fn a_damaged_checkpoint_is_refused_by_name() {
    let folder = with_checkpoint();
    let whole = folder.read("c");
    let resume = "--checkpoint c --resume";
    for position in [6, 100, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[position] ^= 0x10;
        folder.write("c", damaged);
        expect_refusal(&folder, resume, "a damaged checkpoint: wrong checksum");
    }
    folder.write("c", &whole[..whole.len() - 1]);
    expect_refusal(&folder, resume, "a damaged checkpoint: wrong checksum");
    folder.write("c", "");
    expect_refusal(&folder, resume, "not a checkpoint of smidgen");
    folder.write(
        "c",
        std::fs::read(data().join(small_set::TEST_LABELS)).unwrap(),
    );
    expect_refusal(&folder, resume, "not a checkpoint of smidgen");
}

#[test]
fn a_checkpoint_is_not_written_over_by_a_new_training() {
    let folder = with_checkpoint();
    expect_refusal(
        &folder,
        "--checkpoint c",
        "is there already: --resume goes on from it",
    );
    let words = "c is there already; --force replaces it, though it is not a model";
    expect_refusal(&folder, "--checkpoint c --out c --resume", words);
    let error = folder.error("train --resume");
    assert!(error.contains("--checkpoint"), "{error}");
    let error = folder.error("train --checkpoint none/c");
    assert!(error.contains("there is no folder none"), "{error}");
}
