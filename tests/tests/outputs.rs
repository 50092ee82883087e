//! Where results go: links, devices, pipes and mounted files stay what they are, what is not ours is not replaced unless
//! told, two results never share a file, and a training that is broken off keeps what it has.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use smidgen_tests::binary;
use smidgen_tests::folder::Folder;
use smidgen_tests::small_set;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model")
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("digits.model", std::fs::read(fixture()).unwrap());
    folder
}

/// What an export without special files gives.
fn plain(folder: &Folder) -> Vec<u8> {
    folder.stdout("export digits.model --format npz --out plain.npz");
    folder.read("plain.npz")
}

#[test]
fn a_pipe_gets_the_bytes_and_stays() {
    let folder = folder();
    let expected = plain(&folder);
    assert!(
        Command::new("mkfifo")
            .arg(folder.path("pipe"))
            .status()
            .unwrap()
            .success()
    );
    let path = folder.path("pipe");
    let reader = std::thread::spawn(move || std::fs::read(path).unwrap());
    folder.stdout("export digits.model --format npz --out pipe");
    assert!(reader.join().unwrap() == expected);
    let kind = std::fs::metadata(folder.path("pipe")).unwrap().file_type();
    assert!(kind.is_fifo());
}

#[test]
fn a_device_stays() {
    let folder = folder();
    let made = Command::new("mknod")
        .arg(folder.path("null"))
        .args(["c", "1", "3"])
        .status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("only root makes devices");
        symlink("/dev/null", folder.path("null")).unwrap();
    }
    folder.stdout("export digits.model --format npz --out null");
    let kind = std::fs::metadata(folder.path("null")).unwrap().file_type();
    assert!(kind.is_char_device());
}

#[test]
fn a_file_mounted_alone_is_written_in_place() {
    let folder = folder();
    let expected = plain(&folder);
    folder.write("behind", "long ago");
    folder.write("mounted", "");
    let script = format!(
        "mount --bind behind mounted && exec {} export digits.model --format npz --out mounted --force",
        binary::path().display()
    );
    let run = |command: &mut Command| command.current_dir(folder.root()).output().unwrap();
    let may = run(Command::new("unshare").args(["-rm", "true"]))
        .status
        .success();
    if !may {
        eprintln!("nothing can be mounted here");
        return;
    }
    let output = run(Command::new("unshare").args(["-rm", "sh", "-c", &script]));
    assert!(output.status.success(), "{output:?}");
    assert!(folder.read("behind") == expected);
}

#[test]
fn a_link_stays_though_it_dangles() {
    let folder = folder();
    let expected = plain(&folder);
    symlink("target", folder.path("link")).unwrap();
    folder.stdout("export digits.model --format npz --out link");
    assert!(
        std::fs::symlink_metadata(folder.path("link"))
            .unwrap()
            .is_symlink()
    );
    assert!(folder.read("target") == expected);
}

#[test]
fn what_is_protected_or_not_ours_or_read_here_is_not_replaced_unless_told() {
    let folder = folder();
    folder.write("notes.txt", "mine");
    folder.write("protected.model", std::fs::read(fixture()).unwrap());
    let mode = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(folder.path("protected.model"), mode).unwrap();
    small_set::write(folder.root());
    for (verb, words) in [
        (
            "train --data . --epochs 1 --out notes.txt",
            "notes.txt is there already; --force",
        ),
        (
            "train --data . --epochs 1 --out protected.model",
            "protected.model is read-only; --force",
        ),
        (
            "quantize digits.model --data . --other-data --out ./digits.model",
            "is what is read here; --force",
        ),
        (
            "filters digits.model --out notes.txt",
            "notes.txt is there already; --force",
        ),
        (
            "train --data . --epochs 1 --out t.svg --plot ./t.svg",
            "are one file",
        ),
        (
            "train --data . --epochs 1 --out a.model --checkpoint ./a.model",
            "are one file",
        ),
        (
            "evaluate digits.model --data . --other-data --plot p.svg --mistakes p.svg",
            "are one file",
        ),
    ] {
        let error = folder.error(verb);
        assert!(error.contains(words), "{verb}: {error}");
    }
    std::fs::copy(fixture(), folder.path("digits.vectors")).unwrap();
    let error = folder.error("export digits.vectors --out out");
    assert!(error.contains("are one file"), "{error}");
    assert_eq!(folder.read("notes.txt"), b"mine");
    for _ in 0..2 {
        folder.stdout("filters digits.model --out f.svg");
        folder.stdout("filters digits.model --out f.png");
        folder.stdout("train --data . --epochs 1 --out again.model");
    }
    folder.stdout("train --data . --epochs 1 --out notes.txt --force");
}

#[test]
fn what_a_killed_run_left_is_cleared_by_the_next() {
    let folder = folder();
    folder.write(".smidgen-gone", "half a model");
    folder.stdout("export digits.model --format npz --out a.npz");
    assert_eq!(folder.names(), ["a.npz", "digits.model"]);
}

#[test]
fn a_reader_that_goes_away_does_not_cost_the_model() {
    let folder = Folder::new();
    small_set::write(folder.root());
    let mut training = folder
        .command("train --data . --epochs 3 --out a.model")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(training.stdout.take());
    assert_eq!(training.wait().unwrap().code(), Some(0));
    folder.stdout("info a.model");
}

/// Starts a long training, waits for its first epochs, and sends it signals.
fn broken_off(folder: &Folder, signals: &[&str]) -> (Option<i32>, String) {
    let mut training = folder
        .command(
            "train --data . --layers 784,300,10 --mini-batch-size 1 --epochs 100000 --out a.model",
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(training.stdout.take().unwrap()).lines();
    let mut lines = lines.skip(2);
    lines.next().unwrap().unwrap();
    for signal in signals {
        let pid = training.id().to_string();
        Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .unwrap();
    }
    lines.for_each(drop);
    let mut said = String::new();
    training
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (training.wait().unwrap().code(), said)
}

#[test]
fn every_signal_to_stop_keeps_what_is_done_and_no_finished_model_is_replaced() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let folder = Folder::new();
        small_set::write(folder.root());
        let (code, said) = broken_off(&folder, &[signal]);
        assert_eq!(code, Some(128 + number), "{said}");
        assert!(
            said.contains("interrupted in epoch ") && said.contains("; kept epoch "),
            "{said}"
        );
        let first = folder.read("a.model");
        let (code, _) = broken_off(&folder, &[signal]);
        assert_eq!(code, Some(128 + number));
        assert!(folder.read("a.model") == first);
        folder.stdout("info a.interrupted.model");
    }
}

#[test]
fn a_sweep_that_is_broken_off_reports_what_is_done() {
    let folder = Folder::new();
    small_set::write(folder.root());
    let mut sweep = folder
        .command("sweep --data . --hidden 300 --learning-rate 1 --mini-batch-size 1 --epochs 100000 --seeds 2")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sweep.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let pid = sweep.id().to_string();
    Command::new("kill")
        .args(["-s", "TERM", &pid])
        .status()
        .unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let output = sweep.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    assert!(
        rest.iter().any(|line| line.contains("broken off")),
        "{rest:?}"
    );
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("interrupted; 0 of 2 runs are done"), "{said}");
}

#[test]
fn a_path_that_is_not_utf_8_is_printed_as_well_as_it_can_be() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    small_set::write(folder.root());
    let name = std::ffi::OsStr::from_bytes(b"a\xff.model");
    let mut command = folder.command("train --data . --epochs 1 --json");
    let output = command.arg("--out").arg(name).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("a\u{fffd}.model")
    );
}
