//! Models of other kinds and sizes, pages at other places, and the bits of the host.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use smidgen::data::{About, Origin};
use smidgen::network::ModelFile;
use smidgen_tests::browser::{Key, Pointer};
use smidgen_tests::page::{cache, cached, drawings, of_model, raster};
use smidgen_tests::page_bits::Work;

use super::{Page, fixture, strokes, texts};

/// As `tests/page.rs` has it in Node: a thousand images, a hundred lessons, all drawings.
#[test]
fn a_browser_computes_the_bits_of_the_host() {
    let file = std::fs::read(cache().join("smidgen/draw.model")).unwrap();
    let model = ModelFile::parse(file).unwrap();
    let drawings = drawings();
    let work = Work {
        drawings: &drawings,
        pictures: 1000,
        lessons: 100,
    };
    let mut page = Page::open();
    // What the page has in it is what the host has.
    let pixels = page.eventual_bytes("unpack('pictures')");
    assert!(pixels == work.pixels());
    assert!(page.eventual_bytes("unpack('labels')") == work.labels());
    let model_bytes =
        page.eventual_bytes("unpack('model').then((planes) => gather(planes, ...about.planes))");
    assert!(model_bytes == model.bytes());
    let bits =
        include_str!("../../page/bits_of.mjs").replace("export function", "window.bits = function");
    page.browser.run(&bits);
    let strokes: Vec<_> = drawings.iter().map(|drawing| &drawing.strokes).collect();
    let found = page.eventual_bytes(&format!(
        "(async () => bits(network, samples.pictures, samples.labels, 100, {}))()",
        json!(strokes)
    ));
    let here = work.here(&model, &smidgen::networks![[784, 100, 10]]);
    let differs = here.iter().zip(&found).position(|(a, b)| a != b);
    assert_eq!((differs, here.len()), (None, found.len()));
}

#[test]
fn a_model_of_integers_answers_as_integers_and_takes_no_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let mut page = Page::of(&of_model(folder.path(), &fixture("digits.q8.model")));
    page.draw(&strokes(7), Pointer::Mouse);
    page.says("I see a 7.");
    // Bytes, as an integer network has them.
    page.wait(
        "network.activations(0).every((a) => Number.isInteger(Math.round(a * 255 * 1e4) / 1e4))",
    );
    page.wait("document.getElementById('teach').children.length === 0 && document.getElementById('step-exam').hidden");
    let words = page.browser.text("#teach-words");
    assert!(words.contains("integers"), "{words}");
    assert_eq!(page.browser.text("#head-teach"), "It has learned before");
    let words = page.browser.text("#squeeze-words");
    assert!(words.contains("whole steps of 1/1024"), "{words}");
    let sums = page.value("Array.from(network.sums, (sum) => sum * 1024)");
    let whole = |sum: &Value| sum.as_f64().is_some_and(|sum| sum.fract() == 0.0);
    assert!(sums.as_array().unwrap().iter().all(whole), "{sums}");
    let words = page.tour();
    assert!(words[1].contains("from 0 for paper to 255"), "{words:#?}");
    assert!(words[4].contains("learns no more"), "{words:#?}");
    assert!(
        !words
            .iter()
            .any(|text| text.contains("Tell it what you drew"))
    );
}

#[test]
fn networks_of_two_hidden_layers_and_of_none_are_shown_too() {
    let folder = tempfile::tempdir().unwrap();
    let networks = smidgen::networks![[784, 30, 20, 10], [784, 10]];
    for sizes in [&[784, 30, 20, 10][..], &[784, 10]] {
        let mut network = networks.float(sizes).unwrap();
        let mut rng = rand_core::SeedableRng::seed_from_u64(3);
        network.start(smidgen::Start::Scaled, &mut rng);
        let model = folder.path().join("a.model");
        std::fs::write(&model, network.encode("")).unwrap();
        let mut page = Page::of(&of_model(folder.path(), &model));
        page.draw(&strokes(7), Pointer::Mouse);
        page.shows_answer(true);
        page.wait(&format!("cells.length === {}", sizes.len() - 1));
        page.browser.click("#bars [role=option]:nth-child(2)");
        page.wait("document.getElementById('neuron').textContent.startsWith('The answer 1.')");
        if sizes.len() == 4 {
            page.browser.click(".neurons [role=option]:nth-child(2)");
            page.wait(
                "document.getElementById('neuron').textContent.startsWith('Neuron 1 of layer 1.')",
            );
            page.wait(
                "cells[1].some((cell) => cell.style.getPropertyValue('--ring').startsWith('rgb'))",
            );
        }
        page.teach(4);
        page.wait("lessons.length === 1");
        let words = page.tour().concat();
        assert_eq!(
            words.contains("Each answer looks"),
            sizes.len() == 2,
            "{words}"
        );
        assert_eq!(
            words.contains("active neuron adds"),
            sizes.len() == 4,
            "{words}"
        );
    }
}

/// A drawing of a shape, each time a little other.
fn shape(class: usize, turn: usize) -> Vec<Vec<[f32; 2]>> {
    let by = |step: usize| 4.0 * ((turn * step) % 7) as f32 - 12.0;
    let (x, y, side) = (140.0 + by(3), 140.0 + by(5), 90.0 + by(2));
    let around = |i: u8| {
        let angle = f32::from(i) * std::f32::consts::TAU / 24.0;
        [x + side * angle.cos(), y + side * angle.sin()]
    };
    let corners = [[-1., -1.], [1., -1.], [1., 1.], [-1., 1.], [-1., -1.]];
    match class {
        0 => vec![(0..=24).map(around).collect()],
        1 => vec![
            corners
                .map(|[i, j]: [f32; 2]| [x + i * side, y + j * side])
                .into(),
        ],
        _ => vec![vec![[x - by(4), y - side], [x, y], [x + by(4), y + side]]],
    }
}

/// Trained on shapes of 8 × 8 pixels, with names that are no digits, one of which tries to be a part of the page.
fn own_model() -> Vec<u8> {
    let mut shapes = smidgen::Dataset::new(64, 3);
    for turn in 0..210 {
        let strokes = shape(turn % 3, turn);
        let image = raster::image(strokes.iter().map(Vec::as_slice)).unwrap();
        let mut pixels = [0; 64];
        raster::resize(&image, 8, &mut pixels);
        assert!(shapes.add(&pixels, turn % 3));
    }
    let network = smidgen::networks![[64, 12, 3]].float(&[64, 12, 3]).unwrap();
    let mut trainer = <smidgen::Trainer>::new(network, smidgen::Settings::default());
    for _ in 0..30 {
        trainer
            .epoch(&shapes, |_| ControlFlow::Continue(()))
            .unwrap();
    }
    let origin = Origin {
        name: "shapes".into(),
        ..Origin::default()
    };
    let about = About {
        classes: ["circle", "square", "<b>line</b>"].map(String::from).into(),
        shape: vec![8, 8],
        origin: Some(origin),
        ..About::default()
    };
    trainer.network().encode_about("shapes", &about)
}

/// All the way: data of someone's own, a model, the program, a page, a drawing.
#[test]
fn a_model_of_ones_own_has_its_pixels_and_the_names_of_its_classes() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("own.model");
    std::fs::write(&model, own_model()).unwrap();
    let mut page = Page::of(&of_model(folder.path(), &model));
    let classes = json!(["circle", "square", "<b>line</b>"]);
    assert_eq!(page.value(&texts("#bars .name")), classes);
    assert_eq!(page.browser.text("#title"), "Draw");
    assert_eq!(page.value("document.title"), "Draw · smidgen");
    page.says("Draw something.");
    page.wait(
        "['take', 'paper-keys', 'step-exam'].every((id) => document.getElementById(id).hidden)",
    );
    for (class, name) in ["circle", "square", "<b>line</b>"].into_iter().enumerate() {
        page.draw(&shape(class, 4), Pointer::Mouse);
        page.says(&format!("I see “{name}”."));
        page.wait("document.getElementById('seen').width === 8 && network.input.length === 64");
        page.browser.press_key(Key::Escape);
        page.says("Draw something.");
    }
    page.browser.press(&["3"], false);
    page.says("Draw something.");
    page.draw(&shape(2, 5), Pointer::Mouse);
    for _ in 0..60 {
        page.teach(1);
    }
    page.says("I see “square”.");
    let words = page.tour();
    assert!(words[0].contains("It knows 3 things"), "{words:#?}");
    assert!(
        !words.iter().any(|text| text.contains("digit")),
        "{words:#?}"
    );
}

/// Served by anyone, as a site of someone's own would.
#[test]
fn the_page_works_from_a_site_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let html = std::fs::read(cached()).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                html.len()
            );
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&html));
        }
    });
    let mut page = Page::at(&url);
    page.draw_one();
    page.wait("exams[0] !== undefined");
    let asked = "performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !/^(data|blob):/.test(name))";
    assert_eq!(page.value(asked), json!([]));
}

impl Page {
    /// The bytes that a promise comes to.
    fn eventual_bytes(&mut self, expression: &str) -> Vec<u8> {
        let text = "(bytes) => { let text = ''; for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192)); return btoa(text); }";
        let value = self
            .browser
            .eventual(&format!("({expression}).then({text})"));
        STANDARD
            .decode(value.as_str().unwrap())
            .unwrap_or_else(|_| panic!("{value}"))
    }
}
