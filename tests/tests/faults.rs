//! Faults of the system, made for real: a full disk, a folder that cannot be written to, files that vanish, two
//! trainings with one file, a reader that goes away. Each ends in one line of error or in a clean exit, and an earlier
//! model is as it was.
#![cfg(unix)]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::sync::OnceLock;

use smidgen_tests::disk::{self, Fault};
use smidgen_tests::folder::{Folder, error_line, old_model};
use smidgen_tests::small_set;

/// Every verb that prints, with the least that it takes; DATA, MODEL and TENSORS stand for paths.
const VERBS: [&str; 16] = [
    "new out --digits",
    "train --data DATA --epochs 3",
    "evaluate MODEL --data DATA --other-data",
    "predict MODEL --index 1 --data DATA --other-data",
    "explain --model MODEL --data DATA --other-data",
    "sweep --data DATA --hidden 10 --learning-rate 1 --mini-batch-size 10 --epochs 1 --seeds 1",
    "filters MODEL --out out.svg",
    "draw --model MODEL --out out.html",
    "info MODEL",
    "cost MODEL --clock 64MHz",
    "completions bash",
    "man train",
    "quantize MODEL --data DATA --other-data --max-loss 100 --out out.model",
    "export MODEL --out out",
    "export MODEL --format npz --out out.npz",
    "import TENSORS --out out.model",
];

/// Everything that writes a file, with the file's name.
const WRITERS: [(&str, &str); 15] = [
    (
        "train --data DATA --epochs 1 --out a.model --force",
        "a.model",
    ),
    (
        "train --data DATA --epochs 1 --checkpoint a.checkpoint --force",
        "digits.model",
    ),
    ("train --data DATA --epochs 1 --plot a.svg --force", "a.svg"),
    ("import TENSORS --out a.model --force", "a.model"),
    (
        "export MODEL --format safetensors --out a.safetensors --force",
        "a.safetensors",
    ),
    ("export MODEL --format onnx --out a.onnx --force", "a.onnx"),
    ("export MODEL --out . --force", "digits.model"),
    ("export MODEL --format npz --out a.npz --force", "a.npz"),
    (
        "export MODEL --format network2-json --out a.json --force",
        "a.json",
    ),
    (
        "quantize MODEL --data DATA --other-data --max-loss 100 --out a.model --force",
        "a.model",
    ),
    ("filters MODEL --out a.svg --force", "a.svg"),
    ("draw --model MODEL --out a.html --force", "a.html"),
    (
        "evaluate MODEL --data DATA --other-data --plot a.png --force",
        "a.png",
    ),
    (
        "evaluate MODEL --data DATA --other-data --mistakes a.png --force",
        "a.png",
    ),
    (
        "sweep --data DATA --hidden 10 --learning-rate 1 --mini-batch-size 10 --epochs 1 --seeds 1 --plot a.svg --force",
        "a.svg",
    ),
];

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model")
}

/// The arguments with the paths of a small data set, the fixture, and the fixture's tensors.
fn arguments(template: &str) -> String {
    static SHARED: OnceLock<PathBuf> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults");
        std::fs::create_dir_all(&shared).unwrap();
        small_set::write(&shared);
        let export = format!(
            "export {} --format safetensors --force --out",
            fixture().display()
        );
        Folder::new().stdout(&format!("{export} {}", shared.join("tensors").display()));
        shared
    });
    template
        .replace("DATA", &shared.display().to_string())
        .replace("MODEL", &fixture().display().to_string())
        .replace("TENSORS", &shared.join("tensors").display().to_string())
}

#[test]
fn the_table_of_verbs_has_them_all() {
    let help = Folder::new().stdout("--help");
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let verbs: Vec<&str> = verbs
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|verb| !verb.is_empty() && *verb != "help")
        .collect();
    assert!(verbs.len() >= 10, "{verbs:?}");
    for verb in verbs {
        let known = |template: &str| template.split(' ').next() == Some(verb);
        assert!(
            VERBS.iter().any(|template| known(template)),
            "{verb} is missing"
        );
    }
}

// Disks

/// Each writer on a disk with a fault: an error of one line that names the file, and what was there is there still.
fn expect_errors_and_old_files(fault: Fault, reasons: &[&str]) {
    for (template, name) in WRITERS {
        let Some(outcome) = disk::run(fault, &fixture(), name, &arguments(template)) else {
            eprintln!("no such disk can be made here");
            return;
        };
        let error = error_line(&outcome.output);
        assert!(error.contains("cannot write "), "{template}: {error}");
        let reason = reasons.iter().find(|reason| error.contains(*reason));
        assert!(reason.is_some(), "{template}: {error}");
        assert_eq!(outcome.files.names(), [name], "{template}");
        let old = std::fs::read(fixture()).unwrap();
        assert!(outcome.files.read(name) == old, "{template}");
    }
}

#[test]
fn a_full_disk() {
    expect_errors_and_old_files(Fault::Full, &["No space left", "File too large"]);
}

#[test]
fn a_limit_on_the_size_of_files() {
    expect_errors_and_old_files(Fault::Limit, &["File too large"]);
}

#[test]
fn a_folder_that_cannot_be_written_to() {
    expect_errors_and_old_files(Fault::ReadOnly, &["Read-only", "Permission denied"]);
}

/// A file that takes no byte, as standard output: `> /dev/full`.
#[test]
fn a_full_disk_behind_standard_output() {
    for template in VERBS {
        let folder = Folder::new();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = folder
            .command(&arguments(template))
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let error = error_line(&output);
        assert!(
            error.contains("cannot write to standard output: No space left"),
            "{error}"
        );
    }
}

// Kills

/// The system calls by which files are written, replaced and removed, for a kill at each.
#[cfg(feature = "strace")]
const CHANGES: [&str; 6] = [
    "write",
    "fsync",
    "ftruncate",
    "rename",
    "renameat",
    "unlink",
];

/// Runs a verb and kills it at its `nth` call of `call`; whether it came that far.
#[cfg(feature = "strace")]
fn killed(folder: &Folder, template: &str, call: &str, nth: usize) -> bool {
    use std::os::unix::process::ExitStatusExt;
    let verb = folder.command(&arguments(template));
    let status = std::process::Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=KILL:when={nth}")])
        .arg(verb.get_program())
        .args(verb.get_args())
        .current_dir(folder.root())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success() || status.signal() == Some(9), "{status}");
    !status.success()
}

/// Each writer, killed before each of its writes, renames and what else changes a file: what was there is whole, and so
/// is what is there now; and the next run clears what was left.
#[cfg(feature = "strace")]
#[test]
fn a_writer_killed_at_any_of_its_writes_leaves_the_old_file_or_the_new() {
    for (template, name) in WRITERS {
        let new = {
            let folder = Folder::new();
            folder.stdout(&arguments(template));
            folder.read(name)
        };
        let kills: Vec<usize> = CHANGES
            .iter()
            .map(|call| {
                let nths = (1..).take_while(|nth| {
                    let folder = Folder::new();
                    folder.write(name, old_model());
                    let killed = killed(&folder, template, call, *nth);
                    let found = folder.read(name);
                    let whole = found == new || (killed && found == old_model());
                    assert!(whole, "{template}, {call} {nth}");
                    if killed {
                        expect_no_trace(&folder, template);
                    }
                    killed
                });
                nths.count()
            })
            .collect();
        // The bytes, their way to the disk, and the stroke at which they take the old ones' place.
        assert!(
            kills[0] >= 1 && kills[1] >= 1 && kills[4] >= 1,
            "{template}: {kills:?}"
        );
    }
}

/// The next run in the folder does its work, and clears what the killed one left.
#[cfg(feature = "strace")]
fn expect_no_trace(folder: &Folder, template: &str) {
    // A checkpoint that is there is not begun anew.
    let _ = std::fs::remove_file(folder.path("a.checkpoint"));
    folder.stdout(&arguments(template));
    let names = folder.names();
    assert!(
        names.iter().all(|name| !name.starts_with('.')),
        "{template}: {names:?}"
    );
}

// Files that vanish

/// Starts a training, waits until the first epoch is reported, lets something happen, and gives what came of it.
fn train_until(folder: &Folder, more: &str, happens: impl FnOnce()) -> Output {
    // Epochs of some milliseconds, so many that it cannot be over before something happens.
    let template = format!(
        "train --data DATA --epochs 300 --layers 784,300,10 --mini-batch-size 1 --json {more}"
    );
    let mut child = folder
        .command(&arguments(&template))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(stdout.by_ref().take(2).count(), 2);
    happens();
    stdout.for_each(drop);
    child.wait_with_output().unwrap()
}

#[test]
fn the_folder_of_the_model_vanishes_while_training() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("here")).unwrap();
    let output = train_until(&folder, "--out here/a.model", || {
        std::fs::rename(folder.path("here"), folder.path("gone")).unwrap();
    });
    let error = error_line(&output);
    assert!(error.contains("cannot write here/a.model: "), "{error}");
    assert!(folder.path("gone").read_dir().unwrap().next().is_none());
}

#[test]
fn the_folder_of_the_checkpoint_vanishes_while_training() {
    let folder = Folder::new();
    folder.write("digits.model", old_model());
    std::fs::create_dir(folder.path("here")).unwrap();
    let output = train_until(&folder, "--checkpoint here/c", || {
        std::fs::rename(folder.path("here"), folder.path("gone")).unwrap();
    });
    let error = error_line(&output);
    assert!(error.contains("cannot write here/c: "), "{error}");
    assert!(folder.read("digits.model") == old_model());
}

#[test]
fn a_folder_takes_the_place_of_the_model_while_training() {
    let folder = Folder::new();
    let output = train_until(&folder, "--out a.model", || {
        std::fs::create_dir(folder.path("a.model")).unwrap();
    });
    let error = error_line(&output);
    assert!(error.contains("cannot write a.model: "), "{error}");
    assert_eq!(folder.names(), ["a.model"]);
}

/// What is read once need not stay.
#[test]
fn the_data_and_the_checkpoint_vanish_while_training() {
    let folder = Folder::new();
    small_set::write(folder.root());
    let more = "--data . --checkpoint c --epochs 20".to_owned();
    let template = format!("train --layers 784,300,10 --mini-batch-size 1 --json {more}");
    let mut child = folder
        .command(&template)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(stdout.by_ref().take(3).count(), 3);
    for name in folder.names() {
        // A temporary file may be gone already.
        let _ = std::fs::remove_file(folder.path(&name));
    }
    assert!(stdout.last().unwrap().unwrap().contains("saved"));
    assert!(child.wait().unwrap().success());
    assert_eq!(folder.names(), ["c", "digits.model"]);
}

#[test]
fn files_that_lead_nowhere() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("nowhere", folder.path("a")).unwrap();
    for verb in [
        "info a",
        "evaluate a",
        "import a --out b",
        "export a --out b",
        "draw --model a --out b",
    ] {
        let error = folder.error(verb);
        assert!(error.contains("cannot read a: "), "{error}");
    }
    assert_eq!(folder.names(), ["a"]);
}

// Two at once

fn spawn(folder: &Folder, template: &str) -> Child {
    folder
        .command(&arguments(template))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn two_trainings_with_one_file_leave_the_model_of_one_of_them() {
    let alone: Vec<Vec<u8>> = [1, 2]
        .map(|seed| {
            let folder = Folder::new();
            folder.stdout(&arguments(&format!(
                "train --data DATA --epochs 3 --seed {seed}"
            )));
            folder.read("digits.model")
        })
        .into();
    for _ in 0..5 {
        let folder = Folder::new();
        folder.write("digits.model", old_model());
        let trainings = [1, 2].map(|seed| {
            spawn(
                &folder,
                &format!("train --data DATA --epochs 3 --seed {seed} --plot a.svg"),
            )
        });
        for training in trainings {
            let output = training.wait_with_output().unwrap();
            assert!(
                output.status.success() && output.stderr.is_empty(),
                "{output:?}"
            );
        }
        assert!(alone.contains(&folder.read("digits.model")));
        assert_eq!(folder.names(), ["a.svg", "digits.model"]);
    }
}

#[test]
fn two_trainings_with_one_checkpoint_leave_a_whole_one() {
    let settings = "train --data DATA --epochs 20 --checkpoint c --resume";
    let folder = Folder::new();
    let trainings = [(); 2].map(|()| spawn(&folder, settings));
    for training in trainings {
        let output = training.wait_with_output().unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
    }
    let model = folder.read("digits.model");
    folder.stdout(&arguments(settings));
    assert!(folder.read("digits.model") == model);
    assert_eq!(folder.names(), ["c", "digits.model"]);
}

// Readers that go away

/// `smidgen … | head -N`: reads so many lines, then goes away.
fn head(folder: &Folder, arguments: &str, lines: usize) -> Output {
    let mut child = folder
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.lines().take(lines).for_each(drop);
    child.wait_with_output().unwrap()
}

#[test]
fn a_reader_that_goes_away_is_a_clean_end() {
    let helps = ["--help", "train --help", "--version"];
    for template in VERBS.iter().chain(&helps) {
        for lines in [0, 1] {
            for json in ["", " --json"] {
                let folder = Folder::new();
                folder.write("digits.model", old_model());
                let has_json = ![
                    "explain",
                    "filters",
                    "draw",
                    "completions",
                    "man",
                    "help",
                    "version",
                ]
                .iter()
                .any(|verb| template.contains(verb));
                let json = if has_json { json } else { "" };
                let output = head(&folder, &(arguments(template) + json), lines);
                assert_eq!(output.status.code(), Some(0), "{template}: {output:?}");
                assert!(output.stderr.is_empty(), "{template}: {output:?}");
                let model = folder.read("digits.model");
                assert!(
                    model == old_model() || template.starts_with("train"),
                    "{template}"
                );
                assert!(
                    model == old_model() || smidgen_core::model::Header::parse(&model).is_ok(),
                    "{template}"
                );
            }
        }
    }
}

/// Errors and progress behind a closed standard error are no panic either.
#[test]
fn a_closed_standard_error_is_no_panic() {
    let folder = Folder::new();
    let mut child = folder
        .command("info nowhere")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// Printing by macro panics where the reader has gone; what is written for firmware is not printed here.
#[test]
fn nothing_is_printed_by_a_macro_that_panics() {
    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/src"),
        &mut found,
    );
    assert!(found.len() > 40);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let prints = ["println!(", "print!(", "eprintln!(", "eprint!(", "dbg!("];
            assert!(
                !prints
                    .iter()
                    .any(|print| line.replace("defmt::println!", "").contains(print)),
                "{}: {line}",
                path.display()
            );
        }
    }
}
