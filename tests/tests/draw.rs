//! `smidgen draw`: the file it writes, what the file holds and what it keeps out, the cached model, and how drawings are
//! prepared for it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use smidgen::network::{AnyNetwork, ModelFile};
use smidgen_core::{Image, centre};
use smidgen_tests::mnist::mnist;
use smidgen_tests::page::{between, cache, cached, draw, drawings, of_model, page_of};

/// How long what opens a page may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that a page may have with the cached model in it.
const MOST: usize = 700_000;

/// The cached model's file.
fn file() -> ModelFile {
    let bytes = std::fs::read(cache().join("smidgen/draw.model")).unwrap();
    ModelFile::parse(bytes).unwrap()
}

fn model() -> Box<dyn AnyNetwork> {
    let networks = smidgen::networks![[784, 100, 10]];
    file().network(&networks).unwrap()
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

fn html() -> String {
    std::fs::read_to_string(cached()).unwrap()
}

// The file

#[test]
fn it_is_small_enough_to_be_mailed() {
    let length = html().len();
    println!("{length} bytes");
    assert!((300_000..MOST).contains(&length), "{length}");
}

#[test]
fn it_loads_nothing_from_elsewhere_and_forbids_it() {
    let html = html();
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"");
    for part in [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    for open in [
        "'unsafe-inline'",
        "'unsafe-eval'",
        "*",
        "http",
        "connect-src",
    ] {
        assert!(!policy.contains(open), "{policy}");
    }
    let links: Vec<&str> = html.split("http://").skip(1).collect();
    let known = [
        "www.w3.org/2000/svg",
        "neuralnetworksanddeeplearning.com/chap",
    ];
    for link in &links {
        assert!(
            known.iter().any(|known| link.starts_with(known)),
            "{}",
            &link[..40]
        );
    }
    assert!(!html.contains("https://") && !html.contains(" src=") && !html.contains("style=\""));
}

/// A browser runs only what the policy names. After a change of script or style, `UPDATE_SNAPSHOTS=1` names it anew.
#[test]
fn the_policy_names_the_scripts_and_the_style() {
    let html = html();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/src/page/page.html");
    let mut source = std::fs::read_to_string(&page).unwrap();
    let parts = [
        (
            "script-src '",
            between(&html, "id=\"network-script\">", "</script>"),
        ),
        ("' 'sha256-", between(&html, "<script>", "</script>")),
        ("style-src '", between(&html, "<style>", "</style>")),
    ];
    for (before, text) in parts {
        let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(text)));
        let named = between(&source, before, "'").to_owned();
        let named = format!("sha256-{}", named.trim_start_matches("sha256-"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            source = source.replace(&named, &hash);
            std::fs::write(&page, &source).unwrap();
        } else {
            assert_eq!(
                named, hash,
                "{page:?}: UPDATE_SNAPSHOTS=1 writes the new one"
            );
        }
    }
}

#[test]
fn it_is_kept_where_out_says_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let digits = fixture("digits.model");
    let arguments = ["--model", digits.to_str().unwrap(), "--out", "demo.html"];
    let output = draw(folder.path(), &arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "Draw a digit in demo.html\n");
    assert!(output.status.success() && output.stderr.is_empty());
    let names: Vec<_> = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["demo.html"]);
}

#[test]
fn the_same_model_gives_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let digits = fixture("digits.model");
    let first = std::fs::read(of_model(folder.path(), &digits)).unwrap();
    assert!(first == std::fs::read(of_model(folder.path(), &digits)).unwrap());
}

#[cfg(unix)]
#[test]
fn it_is_opened_and_no_process_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let opener = folder.path().join("xdg-open");
    std::fs::write(&opener, "#!/bin/sh\necho \"$@\" > \"$0.asked\"\n").unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = smidgen_tests::binary::smidgen(folder.path());
    // All that it starts is in its group.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    command
        .args(["draw", "--model"])
        .arg(fixture("digits.model"));
    let start = Instant::now();
    let child = command
        .env("PATH", path)
        .env("XDG_CACHE_HOME", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let group = child.id();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = page_of(&fixture("digits.model"), folder.path());
    let asked = folder.path().join("xdg-open.asked");
    while std::fs::read_to_string(&asked).unwrap_or_default().trim() != page.to_str().unwrap() {
        assert!(start.elapsed() < PATIENCE, "it is not opened");
        std::thread::yield_now();
    }
    assert!(page.is_file());
    // What opens the page may take a moment to end; of the program itself nothing is left.
    while let Some(process) = of_group(group) {
        assert!(start.elapsed() < PATIENCE, "{process} is left");
        std::thread::yield_now();
    }
}

/// A process of a group that is alive, as the system names it.
#[cfg(unix)]
fn of_group(group: u32) -> Option<String> {
    let output = Command::new("ps")
        .args(["-A", "-o", "pgid=,stat=,args="])
        .output()
        .expect("ps");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines().map(str::trim_start);
    let group = format!("{group} ");
    let alive = |line: &&str| {
        line.strip_prefix(&group)
            .is_some_and(|rest| !rest.trim_start().starts_with('Z'))
    };
    lines.find(alive).map(str::to_owned)
}

#[test]
fn without_a_place_for_a_page_no_model_is_trained_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = smidgen_tests::binary::smidgen(folder.path());
    for variable in ["XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"] {
        command.env_remove(variable);
    }
    let output = command.args(["draw", "--no-open"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && error.contains("no cache folder"),
        "{error}"
    );
    assert!(!error.contains("training"), "{error}");
}

#[test]
fn two_models_have_two_pages_in_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["digits.model", "digits.q8.model"] {
        let model = fixture(name);
        let arguments = ["--no-open", "--model", model.to_str().unwrap()];
        assert!(draw(folder.path(), &arguments).status.success());
        assert!(page_of(&model, folder.path()).is_file());
    }
    assert_eq!(folder.path().join("smidgen").read_dir().unwrap().count(), 2);
}

#[test]
fn pictures_of_the_data_are_left_out_where_they_are_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let digits = fixture("digits.model");
    let page = |options: &[&str]| {
        let mut arguments = vec![
            "--model",
            digits.to_str().unwrap(),
            "--out",
            "a.html",
            "--force",
        ];
        arguments.extend(options);
        assert!(draw(folder.path(), &arguments).status.success());
        std::fs::read_to_string(folder.path().join("a.html")).unwrap()
    };
    let (with, without) = (page(&[]), page(&["--no-samples"]));
    println!("{} bytes, {} without pictures", with.len(), without.len());
    assert!(with.contains("data-pictures\"") && with.contains("\"samples\":true"));
    assert!(!without.contains("data-pictures\"") && without.contains("\"samples\":false"));
}

#[test]
fn what_there_was_of_a_server_is_told_what_replaced_it() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["--port", "0"], ["--host", "0.0.0.0"]] {
        let output = draw(folder.path(), &arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        for word in [arguments[0], "no server any more", "--out"] {
            assert!(error.contains(word), "{error}");
        }
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_network_without_a_picture_for_an_input_has_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = <smidgen::network![6, 10, 4]>::zero().encode("");
    std::fs::write(folder.path().join("a.model"), file).unwrap();
    let output = draw(folder.path(), &["--model", "a.model", "--out", "a.html"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        error.contains("a.model") && error.contains("the pixels of a picture"),
        "{error}"
    );
    assert!(!folder.path().join("a.html").exists());
}

// Answers

/// What the acceptance of the page rests on: nobody has tuned these strokes to the model or the model to them.
#[test]
fn all_twenty_drawings_by_hand_are_read() {
    let (model, drawings) = (model(), drawings());
    let counts: Vec<usize> = (0..10)
        .map(|digit| drawings.iter().filter(|d| d.digit == digit).count())
        .collect();
    assert_eq!(counts, [2; 10]);
    for drawing in drawings {
        let said = model.infer((&drawing.image()).into()).class;
        assert_eq!(said, drawing.digit, "{}", drawing.how);
    }
}

// Preparation

/// Where ink begins and ends, rows and then columns, and the centre of mass.
fn shape(image: &Image) -> ([usize; 4], [f64; 2]) {
    let inked = |i: &usize| image[*i] > 0;
    let places = || (0..784).filter(inked);
    let (rows, columns) = (|| places().map(|i| i / 28), || places().map(|i| i % 28));
    let bounds = [rows().min(), rows().max(), columns().min(), columns().max()];
    let mass: f64 = image.iter().map(|&p| f64::from(p)).sum();
    let moment = |part: fn(usize) -> usize| {
        let weighted = (0..784).map(|i| f64::from(image[i]) * part(i) as f64);
        weighted.sum::<f64>() / mass
    };
    (
        bounds.map(Option::unwrap),
        [moment(|i| i / 28), moment(|i| i % 28)],
    )
}

#[test]
fn every_drawing_takes_the_form_of_mnist() {
    for drawing in drawings() {
        let how = &drawing.how;
        let image = drawing.image();
        let ([top, bottom, left, right], centre) = shape(&image);
        let longer = (bottom - top).max(right - left) + 1;
        assert_eq!(longer, 20, "{how}");
        for along in centre {
            assert!((along - 14.0).abs() <= 0.5, "{how}: {centre:?}");
        }
        assert_eq!(image.iter().max(), Some(&255), "{how}");
        // MNIST's test images have 104 ± 42 of 784 pixels' worth of ink.
        let ink: f64 = image.iter().map(|&p| f64::from(p) / 255.0).sum();
        assert!((30.0..200.0).contains(&ink), "{how}: {ink}");
    }
}

/// Test images that the cached model gets right, each as `image` makes it.
fn right_answers(image: impl Fn(usize) -> Image) -> usize {
    let (model, test) = (model(), &mnist().test);
    let right = |&i: &usize| model.infer((&image(i)).into()).class == test.label(i);
    (0..test.len()).filter(right).count()
}

/// MNIST's own images are in the form already, so preparing them again must change next to nothing.
#[test]
fn preparing_mnists_own_images_again_costs_no_accuracy() {
    let test = &mnist().test;
    let prepared = |i: usize| centre(&test.image(i), 28).unwrap();
    let as_they_are = right_answers(|i| test.bytes(i));
    let again = right_answers(prepared);
    let same = (0..test.len())
        .filter(|&i| prepared(i) == test.bytes(i))
        .count();
    println!("as they are {as_they_are}, prepared again {again}, unchanged {same}");
    assert!(as_they_are >= 9700, "{as_they_are}");
    assert!(again + 50 >= as_they_are, "{again} of {as_they_are}");
}

// The cached model

#[test]
fn a_damaged_and_an_older_cache_are_trained_anew_with_a_line_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smidgen/draw.model");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    let whole = std::fs::read(cache().join("smidgen/draw.model")).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 4;
    let older = std::fs::read(fixture("digits.model")).unwrap();
    for (bytes, why) in [(damaged, "checksum"), (older, "another version")] {
        std::fs::write(&path, bytes).unwrap();
        let said = String::from_utf8(draw(folder.path(), &["--no-open"]).stderr).unwrap();
        assert!(
            said.contains(why) && said.contains("trained anew"),
            "{said}"
        );
        assert!(said.contains("draw.model"), "{said}");
        assert!(std::fs::read(&path).unwrap() == whole, "not the same model");
    }
}

#[test]
fn a_cached_model_is_used_without_a_word() {
    let output = draw(cache(), &["--no-open"]);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}
