//! `smidgen new`: what it writes and what it refuses; and with QEMU the whole way of a table to firmware, by the three
//! commands that the project names.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use smidgen_tests::binary;
use smidgen_tests::firmware::target::TARGETS;
use smidgen_tests::project::table;
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let csv = "a,b,state\n0.5,1,on\n0.25,2,off\n0.75,3,on\n0.125,4,off\n1.5,1,on\n2,2,off\n";
    fs::write(folder.path().join("fan.csv"), csv).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &str) -> Output {
    binary::smidgen(folder.path())
        .args(arguments.split(' '))
        .output()
        .unwrap()
}

#[track_caller]
fn json(folder: &TempDir, arguments: &str) -> Value {
    let output = run(folder, &format!("{arguments} --json"));
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// All files below a folder with what is in them.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy();
                found.push((name.into_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// One line on standard error with the words, exit code 2, and everything as it was.
#[track_caller]
fn expect_error(folder: &TempDir, arguments: &str, words: &[&str]) {
    let before = files(folder.path());
    let output = run(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments}: {error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    for word in words {
        assert!(error.contains(word), "{word:?} not in {error}");
    }
    assert!(files(folder.path()) == before, "{arguments} left something");
    assert!(!folder.path().join("new").exists(), "{arguments}");
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let folder = folder();
    fs::write(folder.path().join("file"), "mine").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::create_dir_all(folder.path().join("full/src")).unwrap();
    fs::write(folder.path().join("full/src/main.rs"), "mine").unwrap();
    for name in ["file", "empty", "full"] {
        expect_error(
            &folder,
            &format!("new {name} --digits"),
            &[name, "is there already"],
        );
    }
    json(&folder, "new fan --data fan.csv");
    expect_error(
        &folder,
        "new fan --data fan.csv",
        &["fan", "is there already"],
    );
}

#[test]
fn what_cannot_be_is_named_and_leaves_nothing() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("one.csv", "a,state\n1,on\n2,on\n");
    write("words.csv", "a,state\n1,on\n?,off\n2,on\n3,off\n");
    for (arguments, words) in [
        ("new 2fan --digits", &["2fan", "letter"][..]),
        ("new a.b --digits", &["a.b", "letters"]),
        ("new match --digits", &["match", "something else"]),
        ("new .. --digits", &["called"]),
        ("new none/fan --digits", &["none/fan"]),
        ("new new", &["--data"]),
        ("new new --digits --data fan.csv", &["--digits", "--data"]),
        ("new new --data none.csv", &["none.csv"]),
        ("new new --data one.csv", &["one.csv"]),
        ("new new --data words.csv", &["words.csv", "line 3"]),
        ("new new --data fan.csv --test none.csv", &["none.csv"]),
        ("new new --data fan.csv --class none", &["none"]),
        ("new new --data fan.csv --hidden 0", &["--hidden"]),
        (
            "new new --digits --target avr",
            &["avr", "thumbv6m-none-eabi"],
        ),
        ("new new --digits --smidgen .", &["checkout"]),
    ] {
        expect_error(&folder, arguments, words);
    }
}

#[test]
fn a_project_has_its_data_and_its_sizes() {
    let folder = folder();
    let made = json(&folder, "new fan --data fan.csv --hidden 7,5");
    assert_eq!(made["layers"], serde_json::json!([2, 7, 5, 2]));
    let project = folder.path().join("fan");
    let read = |name: &str| fs::read_to_string(project.join(name)).unwrap();
    assert_eq!(
        read("data/fan.csv"),
        fs::read_to_string(folder.path().join("fan.csv")).unwrap()
    );
    assert!(read("src/main.rs").contains("networks![[2, 7, 5, 2]]"));
    let readme = read("README.md");
    for command in made["commands"].as_array().unwrap() {
        assert!(
            readme.contains(&format!("$ {}\n", command.as_str().unwrap())),
            "{readme}"
        );
    }
    assert!(readme.contains("train --data data/fan.csv --out fan.model"));
}

#[test]
fn every_target_under_test_has_a_project_with_its_board() {
    let folder = folder();
    for (i, target) in TARGETS.iter().enumerate() {
        for (kind, data) in [
            ("t", "--data fan.csv"),
            ("d", "--digits"),
            ("i", "--digits --integers"),
        ] {
            let made = json(
                &folder,
                &format!("new {kind}{i} {data} --target {}", target.triple),
            );
            let floats = target.triple.ends_with("hf") && kind != "i";
            assert_eq!(made["element"], if floats { "f32" } else { "i8" });
            let files = files(&folder.path().join(format!("{kind}{i}")));
            for (name, text) in &files {
                let text = String::from_utf8_lossy(text);
                assert!(!text.contains("{{"), "{name}: {text}");
            }
            let text = |wanted: &str| {
                let file = files.iter().find(|(name, _)| name == wanted);
                String::from_utf8_lossy(&file.unwrap().1)
            };
            let board = format!("{} {}", target.qemu, target.board.join(" "));
            assert!(text("firmware/qemu.sh").contains(&board), "{board}");
            let main = text("firmware/src/main.rs");
            assert!(main.lines().count() < 40, "{main}");
            expect_formatted(&folder.path().join(format!("{kind}{i}")));
        }
    }
}

/// A project begins as `cargo fmt` would have it.
fn expect_formatted(project: &Path) {
    for program in ["src/main.rs", "firmware/src/main.rs"] {
        let output = std::process::Command::new("rustfmt")
            .args(["--edition", "2024", "--check", program])
            .current_dir(project)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

/// Nothing of a project is found in a registry as long as the checkout is there.
#[test]
fn a_project_uses_the_checkout_it_was_made_by_or_another() {
    let folder = folder();
    json(&folder, "new a --digits");
    let manifest = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let host = format!("path = {:?}", root.join("host"));
    let core = format!("path = {:?}", root.join("core"));
    assert!(
        manifest("a/Cargo.toml").contains(&host),
        "{}",
        manifest("a/Cargo.toml")
    );
    assert!(manifest("a/firmware/Cargo.toml").contains(&core));
    for crate_folder in ["other/host", "other/core"] {
        let path = folder.path().join(crate_folder);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("Cargo.toml"), "").unwrap();
    }
    json(&folder, "new b --digits --smidgen other");
    assert!(
        manifest("b/Cargo.toml").contains("other/host"),
        "{}",
        manifest("b/Cargo.toml")
    );
}

#[test]
fn the_fixtures_are_where_they_should_be() {
    assert!(Path::new(&table("wine.csv")).is_file());
}

#[cfg(feature = "qemu")]
mod in_qemu {
    use std::fs;

    use smidgen::network::{AnyNetwork, ModelFile};
    use smidgen_core::model::ELEMENT_I8;
    use smidgen_tests::firmware::target::{TARGETS, Target};
    use smidgen_tests::project::{Project, table, text};
    use smidgen_tests::readme::{block, readme};

    /// Test vectors as their file has them, of any sizes.
    struct Vectors {
        /// Readings, label, bits of the output.
        rows: Vec<(Vec<f32>, usize, Vec<u32>)>,
    }

    impl Vectors {
        fn read(bytes: &[u8]) -> Self {
            let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
            let (inputs, outputs, count) =
                (word(12) as usize, word(16) as usize, word(20) as usize);
            let width = match word(4) {
                2 => 4,
                3 => 2,
                version => panic!("vectors of version {version}, not of readings"),
            };
            let size = inputs * width + 1 + 4 * outputs;
            let rows = bytes[24..24 + count * size].chunks_exact(size).map(|row| {
                let (readings, rest) = row.split_at(inputs * width);
                let readings = readings.chunks_exact(width).map(|reading| match *reading {
                    [a, b] => i16::from_le_bytes([a, b]).into(),
                    _ => f32::from_le_bytes(reading.try_into().unwrap()),
                });
                let bits = rest[1..].chunks_exact(4);
                let bits = bits.map(|four| u32::from_le_bytes(four.try_into().unwrap()));
                (readings.collect(), rest[0].into(), bits.collect())
            });
            Self {
                rows: rows.collect(),
            }
        }
    }

    /// The rows of a table as they were written, and their classes.
    fn rows(path: &str) -> Vec<(Vec<f32>, String)> {
        let text = fs::read_to_string(path).unwrap();
        let row = |line: &str| {
            let (readings, class) = line.rsplit_once(',').unwrap();
            let readings = readings.split(',').map(|cell| cell.parse().unwrap());
            (readings.collect(), class.to_owned())
        };
        text.lines().skip(1).map(row).collect()
    }

    fn model(project: &Project, name: &str) -> (ModelFile, Box<dyn AnyNetwork>) {
        let file = fs::read(project.path(&format!("firmware/src/{name}.model"))).unwrap();
        let file = ModelFile::parse(file).unwrap();
        let networks = smidgen::networks![[24, 12, 4], [600, 16, 4], [13, 8, 3], [2, 4, 3]];
        let network = file.network(&networks).unwrap();
        (file, network)
    }

    /// What the firmware should say of the vectors, from the raw numbers on, by the model that was embedded; and that the
    /// vectors are such rows of the table.
    fn expected(project: &Project, name: &str, test: &str, count: usize) -> Vec<String> {
        let (file, network) = model(project, name);
        let about = file.about();
        let vectors = fs::read(project.path(&format!("firmware/src/{name}.vectors"))).unwrap();
        let vectors = Vectors::read(&vectors).rows;
        assert_eq!(vectors.len(), count);
        let rows = rows(test);
        let mut lines = vec![format!(
            "bits in flash: Ok(()), self-test: Ok(Agreement {{ equal: {count}, total: {count} }})"
        )];
        for (readings, label, bits) in vectors {
            assert!(rows.contains(&(readings.clone(), about.classes[label].clone())));
            let mut inputs = readings;
            about.scaling.as_ref().unwrap().apply(&mut inputs);
            let answer = network.infer((&inputs).into());
            assert_eq!(answer.bits, bits);
            let (class, activation) = (
                &about.classes[answer.class],
                answer.activations[answer.class],
            );
            lines.push(if file.element() == ELEMENT_I8 {
                format!("{class}, confidence {}/255", (activation * 255.0).round())
            } else {
                format!("{class}, confidence {activation}")
            });
        }
        lines.push("done".into());
        lines
    }

    /// A table, from `new` to what the firmware says: on the board as on the host, for every row of the test part.
    fn same_from_raw_numbers(
        name: &'static str,
        target: &'static Target,
        arguments: &[&str],
        (test, count): (&str, usize),
    ) -> Project {
        let project = Project::new(name, target, arguments);
        project.train(0, "");
        project.train(1, &format!("--vectors {count}"));
        let output = project.run_firmware();
        assert!(output.status.success(), "{}", text(&output));
        assert!(text(&output).contains("QEMU: passed"), "{}", text(&output));
        let log = project.log().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(log, expected(&project, name, test, count));
        project
    }

    fn motions(name: &'static str, target: &'static Target, hidden: &str, kind: &str) -> Project {
        let (training, test) = (
            table(&format!("motions-train{kind}.csv")),
            table(&format!("motions-test{kind}.csv")),
        );
        let arguments = ["--data", &training, "--test", &test, "--hidden", hidden];
        same_from_raw_numbers(name, target, &arguments, (&test, 40))
    }

    #[test]
    fn activities_on_a_cortex_m4f_in_floats() {
        let project = motions("motions-m4f", &TARGETS[0], "12", "-features");
        a_wrong_output_is_found(&project);
        project.build_for_a_board();
    }

    /// The self-test of the firmware is worth something: of one other bit in the outputs it says so, and ends in an error.
    fn a_wrong_output_is_found(project: &Project) {
        let path = project.path("firmware/src/motions-m4f.vectors");
        let mut bytes = fs::read(&path).unwrap();
        let end = bytes.len() - 4;
        bytes[end - 4] ^= 1;
        let checksum = crc32fast::hash(&bytes[..end]).to_le_bytes();
        bytes[end..].copy_from_slice(&checksum);
        fs::write(&path, bytes).unwrap();
        let output = project.run_firmware();
        assert!(!output.status.success(), "{}", text(&output));
        assert!(
            text(&output).contains("QEMU: failed, exit code 1"),
            "{}",
            text(&output)
        );
    }

    #[test]
    fn activities_on_a_cortex_m0_in_integers() {
        motions("motions-m0", &TARGETS[3], "12", "-features");
    }

    #[test]
    fn activities_on_riscv_in_integers() {
        motions("motions-riscv", &TARGETS[4], "12", "-features");
    }

    /// 600 readings as they were measured, of which a board of 16 KiB holds one row beside the network.
    #[test]
    fn raw_activities_on_a_cortex_m0_in_integers() {
        motions("raw-m0", &TARGETS[3], "16", "");
    }

    #[test]
    fn wine_on_a_cortex_m4f_in_floats() {
        let wine = table("wine.csv");
        let arguments = ["--data", &wine, "--hidden", "8"];
        same_from_raw_numbers("wine-m4f", &TARGETS[0], &arguments, (&wine, 27));
    }

    /// Readings of 16 bits: no float from the sensor to the class.
    #[test]
    fn a_thermostat_on_a_cortex_m0_without_a_float() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../core/testdata/thermostat.csv"
        );
        let arguments = ["--data", path, "--hidden", "4"];
        let project = same_from_raw_numbers("thermostat", &TARGETS[3], &arguments, (path, 18));
        let main = fs::read_to_string(project.path("firmware/src/main.rs")).unwrap();
        assert!(main.contains("self_test_integers"), "{main}");
    }

    fn the_cycle_counter_of_the_readme_builds(project: &Project) {
        let program = block(&readme(), "`src/bin/cycles.rs`", "rust");
        let program = program.replace("../digits.", "../digits-m33.");
        fs::create_dir(project.path("firmware/src/bin")).unwrap();
        fs::write(project.path("firmware/src/bin/cycles.rs"), program).unwrap();
        project.build_for_a_board();
    }

    /// The book's digits, as the README begins.
    #[test]
    fn digits_on_a_cortex_m33_and_a_cortex_m3() {
        for (name, target) in [("digits-m33", &TARGETS[1]), ("digits-m3", &TARGETS[2])] {
            let project = Project::new(name, target, &["--digits"]);
            project.train(0, "--epochs 1");
            project.train(1, "");
            let output = project.run_firmware();
            assert!(output.status.success(), "{}", text(&output));
            let log = project.log().unwrap_or_else(|error| panic!("{error}"));
            assert!(log[0].contains("equal: 10, total: 10"), "{log:?}");
            assert!(log[1].starts_with("7, confidence "), "{log:?}");
            if name == "digits-m33" {
                the_cycle_counter_of_the_readme_builds(&project);
            }
        }
    }
}
