//! What the program says and shows: colours and progress in a real pseudo terminal, usage errors, completions, manual
//! pages, and results that say what they are.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::Value;
use smidgen_tests::folder::Folder;
use smidgen_tests::small_set;

const VARIABLES: [&str; 6] = [
    "CI",
    "TERM",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
];

/// Runs the program in a terminal of so many lines and columns and gives all that it wrote there; if a signal is to come, after the
/// first progress.
fn in_terminal(
    folder: &Folder,
    arguments: &str,
    env: &[(&str, &str)],
    [lines, columns]: [u16; 2],
    interrupt: bool,
) -> Vec<u8> {
    let host = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&host).unwrap();
    unlockpt(&host).unwrap();
    let name = ptsname(&host, Vec::new()).unwrap();
    let size = Winsize {
        ws_row: lines,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&host, size).unwrap();
    let open = || {
        let options = &mut File::options();
        Stdio::from(
            options
                .read(true)
                .write(true)
                .open(name.to_str().unwrap())
                .unwrap(),
        )
    };
    let mut command = folder.command(arguments);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.envs(env.iter().copied());
    let mut child = command
        .stdin(open())
        .stdout(open())
        .stderr(open())
        .spawn()
        .unwrap();
    drop(command);
    let (mut host, mut all, mut part, mut sent) = (File::from(host), Vec::new(), [0; 4096], false);
    // At the end of the child the read fails.
    while let Ok(read @ 1..) = host.read(&mut part) {
        all.extend_from_slice(&part[..read]);
        if interrupt && !sent && String::from_utf8_lossy(&all).contains("left") {
            let pid = child.id().to_string();
            let kill = std::process::Command::new("kill")
                .args(["-INT", &pid])
                .status();
            assert!(kill.unwrap().success());
            sent = true;
        }
    }
    child.wait().unwrap();
    all
}

fn with_model() -> Folder {
    let folder = Folder::new();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model");
    std::fs::copy(model, folder.path("digits.model")).unwrap();
    folder
}

#[test]
fn there_are_colours_where_the_terminal_and_the_user_want_them() {
    let folder = with_model();
    let coloured = |verb: &str, env: &[(&str, &str)]| {
        in_terminal(&folder, verb, env, [24, 80], false).contains(&0x1b)
    };
    let has = |arguments: &str, env: &[(&str, &str)]| {
        coloured(&format!("predict digits.model --index 0{arguments}"), env)
    };
    assert!(coloured("--help", &[("TERM", "xterm")]));
    assert!(!coloured("--help", &[("TERM", "dumb"), ("CI", "true")]));
    assert!(has("", &[("TERM", "xterm")]));
    assert!(!has("", &[]));
    assert!(!has("", &[("TERM", "dumb")]));
    assert!(!has("", &[("TERM", "dumb"), ("CI", "true")]));
    assert!(!has("", &[("CI", "true")]));
    assert!(!has("", &[("TERM", "xterm"), ("NO_COLOR", "1")]));
    assert!(!has(" --color never", &[("TERM", "xterm")]));
    assert!(has(" --color always", &[("TERM", "dumb")]));
    let piped = |arguments: &str, force: bool| {
        let mut command = folder.command(&format!("predict digits.model --index 0{arguments}"));
        for name in VARIABLES {
            command.env_remove(name);
        }
        if force {
            command.env("CLICOLOR_FORCE", "1");
        }
        command.output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!piped("", false));
    assert!(piped("", true) && piped(" --color always", false));
}

#[test]
fn progress_is_never_wider_than_the_terminal_and_leaves_nothing_behind() {
    for columns in [40, 80] {
        let folder = Folder::new();
        let verb = "train --layers 784,300,10 --mini-batch-size 1 --epochs 1";
        let bytes = in_terminal(&folder, verb, &[("TERM", "xterm")], [24, columns], true);
        let mut screen = vt100::Parser::new(24, columns, 0);
        let mut shown = false;
        for byte in &bytes {
            screen.process(&[*byte]);
            let contents = screen.screen().contents();
            let progress = contents.lines().filter(|line| line.contains("left"));
            let lines = progress.count();
            assert!(lines <= 1, "{columns}: {contents}");
            shown |= lines == 1;
        }
        assert!(shown, "{columns}: no progress");
        let left = screen.screen().contents();
        assert!(
            !left.contains('█') && !left.contains('░'),
            "{columns}: {left}"
        );
        assert!(
            left.replace('\n', "").contains("interrupted in epoch 0"),
            "{left}"
        );
    }
}

/// Eight runs have a bar each where the terminal has lines for them, and one together where it has not; no bar is ever
/// there twice, which is what a terminal that had to scroll would show.
#[test]
fn the_bars_of_a_sweep_fit_a_terminal_of_any_height() {
    let folder = Folder::new();
    small_set::write(folder.root());
    let verb = "sweep --data . --hidden 10 --learning-rate 1,2,3,4 --mini-batch-size 10 --epochs 100 --seeds 2";
    for (lines, most) in [(4, 1), (8, 1), (9, 8), (24, 8)] {
        let bytes = in_terminal(&folder, verb, &[("TERM", "xterm")], [lines, 80], false);
        let mut screen = vt100::Parser::new(lines, 80, 0);
        let mut seen = 0;
        for byte in &bytes {
            screen.process(&[*byte]);
            let contents = screen.screen().contents();
            let bars = contents.lines().filter(|line| line.contains(['█', '░']));
            let mut names: Vec<_> = bars.map(|line| line.get(..32).unwrap_or("")).collect();
            seen = seen.max(names.len());
            assert!(names.len() <= most, "{lines}: {contents}");
            names.sort_unstable();
            assert!(
                most == 1 || names.windows(2).all(|pair| pair[0] != pair[1]),
                "{lines}: {contents}"
            );
        }
        assert!(seen >= 1, "{lines}: no progress");
    }
}

#[test]
fn there_is_no_progress_where_the_cursor_cannot_move() {
    let folder = Folder::new();
    small_set::write(folder.root());
    for env in [&[][..], &[("TERM", "dumb")]] {
        let bytes = in_terminal(
            &folder,
            "train --data . --epochs 1 --force",
            env,
            [24, 80],
            false,
        );
        assert!(!bytes.contains(&0x1b));
        assert!(String::from_utf8(bytes).unwrap().contains("Epoch  0"));
    }
}

#[test]
fn usage_errors_say_which_help_to_ask() {
    let folder = Folder::new();
    for (arguments, words, help) in [
        (
            "train --learning-rate -1",
            "a finite number above 0",
            "smidgen train --help",
        ),
        ("train --epochs -1", "at least 1", "smidgen train --help"),
        (
            "train --layers 784,x,10",
            "such as 784,30,10",
            "smidgen train --help",
        ),
        ("info", "", "smidgen info --help"),
        (
            "evaluate --nonsense",
            "--nonsense",
            "smidgen evaluate --help",
        ),
        ("trian", "train", "smidgen --help"),
    ] {
        let error = folder.error(arguments);
        assert!(error.contains(words), "{error}");
        assert!(
            error.trim_end().ends_with(&format!("see {help}")),
            "{error}"
        );
    }
}

#[test]
fn layers_are_taken_as_people_type_them() {
    let folder = Folder::new();
    small_set::write(folder.root());
    for words in [
        &["784 20 10"][..],
        &["784", "20", "10"],
        &["[784, 20, 10]"],
        &["784x20x10"],
    ] {
        let mut command = folder.command("train --data . --epochs 1 --quiet --layers");
        let output = command.args(words).output().unwrap();
        assert!(output.status.success(), "{words:?} {output:?}");
        let info = folder.stdout("info digits.model");
        assert!(info.contains("784 → 20 → 10"), "{info}");
    }
}

fn verbs() -> Vec<String> {
    let help = Folder::new().stdout("--help");
    let lines = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"));
    let lines = lines.skip(1).take_while(|line| !line.is_empty());
    let named = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let verb = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    named.map(verb).filter(|verb| verb != "help").collect()
}

#[test]
fn every_verb_has_completions_and_a_manual_page() {
    let folder = Folder::new();
    let verbs = verbs();
    assert!(verbs.len() >= 12, "{verbs:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = folder.stdout(&format!("completions {shell}"));
        for verb in &verbs {
            assert!(text.contains(verb.as_str()), "{shell} {verb}");
        }
        assert!(text.contains("mini-batch-size"), "{shell}");
    }
    let page = folder.stdout("man");
    assert!(page.contains(".TH smidgen 1"), "{page}");
    for verb in &verbs {
        assert!(
            page.contains(&format!("smidgen\\-{verb}(1)")),
            "{verb}: {page}"
        );
        let page = folder.stdout(&format!("man {verb}"));
        assert!(page.contains(&format!(".TH smidgen-{verb} 1")), "{page}");
        assert!(
            page.contains(&format!("smidgen {verb}")) || page.contains("SYNOPSIS"),
            "{page}"
        );
    }
    assert!(folder.error("man nonsense").contains("no verb nonsense"));
}

fn saved(folder: &Folder, arguments: &str) -> Value {
    let stdout = folder.stdout(&format!("train --data . --force --json {arguments}"));
    serde_json::from_str(stdout.lines().last().unwrap()).unwrap()
}

#[test]
fn a_training_that_is_stuck_says_so_and_what_to_try() {
    let folder = Folder::new();
    small_set::write(folder.root());
    let stuck = "train --data . --force --epochs 2 --learning-rate 1000000";
    let text = folder.stdout(stuck);
    assert!(
        text.contains("Warning: the network has learned nothing"),
        "{text}"
    );
    assert!(
        text.contains("try a smaller --learning-rate, 3 or less"),
        "{text}"
    );
    let event = saved(&folder, "--epochs 2 --learning-rate 1000000");
    assert_eq!(event["verdict"], "stuck-at-chance");
    assert!(
        event["warning"]
            .as_str()
            .unwrap()
            .contains("--learning-rate")
    );
    let event = saved(&folder, "--epochs 300");
    assert_eq!(event["verdict"], Value::Null);
    assert!(event["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(event["epoch"], 299);
    let text = folder.stdout("train --data . --force --epochs 2");
    let line = text.lines().rev().nth(1).unwrap();
    assert!(
        line.starts_with("Kept epoch 1, ") && line.ends_with(" s in all"),
        "{text}"
    );
}

#[test]
fn an_option_without_effect_is_an_error() {
    let folder = with_model();
    small_set::write(folder.root());
    for (arguments, words) in [
        ("train --data . --l1", "--l1 has no effect"),
        (
            "train --data . --mini-batch-size 201",
            "larger than the training set, which has 200 examples",
        ),
        (
            "sweep --data . --mini-batch-size 201",
            "larger than the training set, which has 200 examples",
        ),
        (
            "predict digits.model a.png --data .",
            "--data has no effect",
        ),
    ] {
        let error = folder.error(arguments);
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn explain_and_draw_take_the_model_as_the_other_verbs_do() {
    let folder = with_model();
    small_set::write(folder.root());
    let explained = folder.stdout("explain digits.model --data . --other-data");
    assert_eq!(
        folder.stdout("explain --model digits.model --data . --other-data"),
        explained
    );
    folder.stdout("draw digits.model --out a.html");
    folder.stdout("draw --model digits.model --out b.html");
    assert!(folder.read("a.html") == folder.read("b.html"));
    let error = folder.error("explain digits.model --model digits.model");
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn explain_names_the_cost_that_the_model_was_trained_with() {
    let folder = with_model();
    small_set::write(folder.root());
    for (cost, words, error) in [
        (
            "quadratic",
            "This is the quadratic cost, which the model was trained with.",
            "⊙ σ′(z²)",
        ),
        (
            "cross-entropy",
            "This is the cross-entropy, which the model was trained with.",
            "cancels out",
        ),
    ] {
        folder.stdout(&format!(
            "train --data . --force --epochs 1 --cost {cost} --out a.model"
        ));
        let text = folder.stdout("explain --model a.model --data .");
        assert!(text.contains(words) && text.contains(error), "{text}");
    }
    let text = folder.stdout("explain");
    assert!(text.contains("This is the quadratic cost.\n"), "{text}");
}

#[test]
fn evaluate_scores_every_class() {
    let folder = with_model();
    let text = folder.stdout("evaluate digits.model");
    for words in [
        "precision    recall        F1",
        "  mean │",
        "Balanced accuracy: ",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let json: Value = serde_json::from_str(&folder.stdout("evaluate digits.model --json")).unwrap();
    let confusion = &json["confusion"];
    let right = confusion[3][3].as_f64().unwrap();
    let examples: f64 = (0..10).map(|j| confusion[3][j].as_f64().unwrap()).sum();
    let answers: f64 = (0..10).map(|i| confusion[i][3].as_f64().unwrap()).sum();
    let score = |name: &str| json["scores"]["classes"][3][name].as_f64().unwrap();
    assert!((score("recall") - right / examples).abs() < 1e-12);
    assert!((score("precision") - right / answers).abs() < 1e-12);
    assert!((score("f1") - 2.0 * right / (answers + examples)).abs() < 1e-12);
}
