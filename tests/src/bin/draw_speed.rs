//! Measures `smidgen draw` in a real browser: the time from its start with a cached model to a page that answers, and
//! from a move of the pen, which the browser itself takes for one, to the frame in which the bars are painted, with sixty
//! strokes on the paper. A browser takes moves in when it begins a frame, 60 times a second here, so a part of that is a
//! wait which no page can shorten; it is told apart. And the time in which the page judges its test digits.
//!
//! `cargo run --release -p smidgen-tests --bin draw_speed`

use std::time::Instant;

use serde_json::{Value, json};
use smidgen_tests::browser::Browser;
use smidgen_tests::page::{cache, cached, draw, drawings};

/// Starts, of which the median counts.
const STARTS: usize = 11;

/// Moves of the pen.
const MOVES: usize = 200;

/// Sixty strokes, and for each move of the pen: milliseconds until the page is told of it, and from then until the frame
/// is painted, which is when the browser comes to the message that was sent before.
const LISTEN: &str = "(() => {
  const all = STROKES;
  change({ strokes: Array.from({ length: 60 }, (_, i) => all[i % all.length].map((point) => [...point])) });
  window.times = [];
  window.addEventListener('pointermove', (event) => {
    const told = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => times.push([told - event.timeStamp, performance.now() - told]);
      port2.postMessage(0);
    });
  }, true);
  return paper.getBoundingClientRect();
})()";

fn main() {
    // Built and trained before anything is measured.
    cache();
    let url = format!("file://{}", cached().display());
    let mut browser = Browser::start();
    browser.open(&url);
    let (mut files, mut pages, mut exams) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let start = Instant::now();
        assert!(draw(cache(), &["--no-open"]).status.success());
        files.push(start.elapsed().as_secs_f64());
        browser.open(&url);
        browser.wait("document.body.classList.contains('ready')");
        pages.push(start.elapsed().as_secs_f64());
        browser.wait("exams[0] !== undefined");
        exams.extend(browser.value("exams[0].ms").as_f64());
    }
    println!(
        "from a start with the cached model to the page's file: {:.3} s",
        median(&mut files)
    );
    println!(
        "and to a page that answers, in an open browser: {:.3} s",
        median(&mut pages)
    );
    println!(
        "for 1000 test digits, judged beside the page: {:.0} ms",
        median(&mut exams)
    );

    let strokes: Vec<_> = drawings()
        .into_iter()
        .flat_map(|drawing| drawing.strokes)
        .collect();
    let strokes = serde_json::to_string(&strokes).expect("numbers");
    let paper = browser.value(&LISTEN.replace("STROKES", &strokes));
    let times = moves(&mut browser, &paper);
    let mut work: Vec<f64> = times.iter().map(|[_, work]| *work).collect();
    let mut all: Vec<f64> = times.iter().map(|[wait, work]| wait + work).collect();
    for (what, times) in [
        ("from a move of the pen to the painted bars", &mut all),
        ("of it without the wait for the frame", &mut work),
    ] {
        println!(
            "{what}, 60 strokes on the paper: {:.1} ms, 95 of 100 within {:.1}",
            median(times),
            times
                .get(times.len() * 95 / 100)
                .copied()
                .unwrap_or(f64::NAN)
        );
    }
}

/// Draws with the browser's own mouse: the milliseconds of each move, as [`LISTEN`] has them.
fn moves(browser: &mut Browser, paper: &Value) -> Vec<[f64; 2]> {
    let side = |name: &str| paper[name].as_f64().expect("a number");
    let (left, top) = (side("left"), side("top"));
    let mut send = |kind: &str, x: f64, y: f64| {
        let (x, y) = (left + x, top + y);
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        browser.devtools("Input.dispatchMouseEvent", &event);
    };
    send("mousePressed", 40.0, 40.0);
    for i in 0..MOVES {
        let i = i as f64;
        send(
            "mouseMoved",
            40.0 + i,
            40.0 + 100.0 * (i / 20.0).sin().powi(2),
        );
    }
    send("mouseReleased", 240.0, 40.0);
    browser.wait(&format!(
        "times.length >= {MOVES} && said !== null && drawing.strokes.length === 61"
    ));
    serde_json::from_value(browser.value("times")).expect("pairs of numbers")
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
