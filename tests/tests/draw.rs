//! `smidgen draw` as a server: answers, lessons, the cached model, many clients, start and stop.
//!
//! The model is trained once and kept in the folder of the build, as a user's is in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use smidgen::network::{AnyNetwork, ModelFile};
use smidgen::page::raster;
use smidgen_core::{Image, centre};
use smidgen_tests::mnist::mnist;
use smidgen_tests::site::{Drawing, Site, drawings};
use smidgen_tests::{binary, random};

/// The folder with the trained model in it.
fn cache() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        std::fs::create_dir_all(&folder).unwrap();
        drop(Site::start(&folder, &[]));
        folder
    })
}

/// The cached model's file.
fn file() -> ModelFile {
    let bytes = std::fs::read(cache().join("smidgen/draw.model")).unwrap();
    ModelFile::parse(bytes).unwrap()
}

fn model() -> Box<dyn AnyNetwork> {
    let networks = smidgen::networks![[784, 100, 10]];
    file().network(&networks).unwrap()
}

fn site() -> Site {
    Site::start(cache(), &[])
}

/// A stroke straight down.
fn one() -> Value {
    json!([[[140, 40], [140, 90], [140, 140], [140, 230]]])
}

fn best(answer: &Value) -> u64 {
    answer["answer"]["ranking"][0]["digit"].as_u64().unwrap()
}

// Answers

/// What the acceptance of the page rests on: nobody has tuned these strokes to the model or the model to them.
#[test]
fn at_least_eighteen_of_twenty_drawings_by_hand_are_read() {
    let site = site();
    let drawings = drawings();
    let counts: Vec<usize> = (0..10)
        .map(|digit| drawings.iter().filter(|d| d.digit == digit).count())
        .collect();
    assert_eq!(counts, [2; 10]);
    let wrong: Vec<String> = drawings
        .iter()
        .filter_map(|drawing| {
            let reply = site.post("/api/predict", &drawing.question());
            assert_eq!(reply.status, 200);
            let said = best(&reply.json());
            let Drawing { digit, how, .. } = drawing;
            (said != *digit as u64).then(|| format!("{digit}, {how}: read as {said}"))
        })
        .collect();
    assert!(wrong.len() <= 2, "{wrong:#?}");
}

#[test]
fn the_answer_holds_the_pixels_ten_activations_the_hidden_layer_and_the_ranking() {
    let answer = site()
        .post("/api/predict", &json!({ "strokes": one() }))
        .json();
    let length = |value: &Value| value.as_array().map(Vec::len);
    assert_eq!(length(&answer["image"]), Some(784));
    assert_eq!(answer["empty"], false);
    let answer = &answer["answer"];
    assert_eq!(length(&answer["activations"]), Some(10));
    assert_eq!(length(&answer["hidden"]), Some(1));
    assert_eq!(length(&answer["hidden"][0]), Some(100));
    assert_eq!(answer["sure"], true);
    let ranking = answer["ranking"].as_array().unwrap();
    let places: Vec<f64> = ranking
        .iter()
        .map(|place| place["activation"].as_f64().unwrap())
        .collect();
    assert_eq!(places.len(), 10);
    assert!(places.is_sorted_by(|a, b| a >= b), "{places:?}");
    for place in ranking {
        let digit = place["digit"].as_u64().unwrap() as usize;
        assert_eq!(place["activation"], answer["activations"][digit]);
    }
}

#[test]
fn an_empty_paper_has_no_answer() {
    for strokes in [json!([]), json!([[], []])] {
        let answer = site()
            .post("/api/predict", &json!({ "strokes": strokes }))
            .json();
        assert_eq!(answer["empty"], true);
        assert_eq!(
            (&answer["answer"], &answer["image"]),
            (&Value::Null, &json!([]))
        );
    }
}

#[test]
fn a_sample_is_a_test_image_and_each_turn_another() {
    let site = site();
    let mut seen = Vec::new();
    for turn in 0..3 {
        let question = json!({ "sample": { "digit": 4, "turn": turn } });
        let answer = site.post("/api/predict", &question).json();
        let index = answer["index"].as_u64().unwrap() as usize;
        assert_eq!(mnist().test.label(index), 4);
        assert_eq!(answer["image"], json!(mnist().test.image(index).to_vec()));
        seen.push(index);
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn the_network_is_described() {
    let about = site()
        .client()
        .send("GET", "/api/network", None)
        .unwrap()
        .json();
    assert_eq!(about["sizes"], json!([784, 100, 10]));
    assert!(about["note"].as_str().unwrap().contains("15 epochs"));
}

#[test]
fn the_page_loads_nothing_from_elsewhere() {
    let site = site();
    for (path, kind) in [
        ("/", "text/html"),
        ("/page.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let reply = site.client().send("GET", path, None).unwrap();
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").unwrap().starts_with(kind));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'"), "{policy}");
        let text = String::from_utf8(reply.body).unwrap();
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !text.contains("http:") && !text.contains("https:"),
            "{path}"
        );
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
        let image = raster::image(&drawing.strokes).unwrap().unwrap();
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
    let right = |&i: &usize| model.infer(&image(i)).class == test.label(i);
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

// Lessons

#[test]
fn a_lesson_is_of_its_session_alone_and_is_forgotten_on_request() {
    let site = site();
    let ask = |session: &str| {
        let question = json!({ "strokes": one(), "session": session });
        site.post("/api/predict", &question).json()
    };
    let before = ask("ada");
    assert_eq!((best(&before), &before["lessons"]), (1, &json!(0)));
    let mut lessons = 0;
    while best(&ask("ada")) != 7 {
        let lesson = json!({ "strokes": one(), "session": "ada", "digit": 7 });
        let reply = site.post("/api/teach", &lesson);
        assert_eq!(reply.status, 200);
        lessons += 1;
        assert_eq!(reply.json()["lessons"], lessons);
        assert!(lessons < 50, "it does not learn");
    }
    assert_eq!(ask("bob"), before);
    let forget = json!({ "strokes": one(), "session": "ada" });
    assert_eq!(site.post("/api/forget", &forget).json(), before);
    assert_eq!(ask("ada"), before);
}

#[test]
fn lessons_do_not_reach_the_cache() {
    let before = file().crc32();
    let site = site();
    let lesson = json!({ "strokes": one(), "digit": 3 });
    assert_eq!(site.post("/api/teach", &lesson).json()["lessons"], 1);
    drop(site);
    assert_eq!(file().crc32(), before);
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
    let digits = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model");
    for (bytes, why) in [
        (damaged, "checksum"),
        (std::fs::read(digits).unwrap(), "another version"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let said = Site::start(folder.path(), &[]).stop();
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
    assert_eq!(site().stop(), "");
}

#[test]
fn another_model_needs_no_cache() {
    let digits = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/digits.model");
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(folder.path(), &["--model", digits]);
    let about = site
        .client()
        .send("GET", "/api/network", None)
        .unwrap()
        .json();
    assert_eq!(about["sizes"], json!([784, 30, 10]));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// Many clients

#[test]
fn fifty_clients_at_once_get_the_answers_of_one() {
    const CLIENTS: usize = 50;
    const QUESTIONS: usize = 40;
    let site = site();
    let drawings = drawings();
    let answer = |drawing: &Drawing| site.post("/api/predict", &drawing.question()).json();
    let expected: Vec<Value> = drawings.iter().map(answer).collect();
    let ask = |seed: usize| {
        let mut rng = random::rng(seed as u64);
        let mut client = site.client();
        let mut times = Vec::new();
        for _ in 0..QUESTIONS {
            let i = random::below(&mut rng, drawings.len());
            let question = drawings[i].question();
            let reply = client
                .send("POST", "/api/predict", Some(&question))
                .unwrap();
            assert_eq!(reply.json(), expected[i]);
            let time = reply.header("server-timing").unwrap();
            let time = time.strip_prefix("app;dur=").unwrap();
            times.push(time.parse::<f64>().unwrap());
        }
        times
    };
    let mut times: Vec<f64> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|seed| scope.spawn(move || ask(seed)))
            .collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    });
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("median {median} ms");
    assert!(cfg!(debug_assertions) || median < 2.0, "{median} ms");
}

// Start and stop

#[test]
fn a_port_in_use_is_one_line_that_says_what_to_do() {
    let site = site();
    let port = site.address.port().to_string();
    let output = binary::smidgen(cache())
        .args(["draw", "--port", &port])
        .env("XDG_CACHE_HOME", cache())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for word in [&*port, "in use", "--port 0"] {
        assert!(stderr.contains(word), "{stderr}");
    }
}

#[test]
fn it_listens_to_this_machine_alone_unless_told() {
    assert!(site().address.ip().is_loopback());
    let open = Site::start(cache(), &["--host", "0.0.0.0"]);
    assert!(open.address.ip().is_unspecified());
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_the_systems_own_signal_end_it_well_even_with_a_client_connected() {
    for signal in ["-INT", "-TERM"] {
        let site = site();
        let mut client = site.client();
        client.send("GET", "/", None).unwrap();
        let start = Instant::now();
        let id = site.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(site.wait(), (Some(0), String::new()));
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
