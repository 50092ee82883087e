//! The page of `smidgen draw` in a real browser: drawn on with mouse, finger, pen and keys, looked into, taught, on a
//! narrow screen, in the dark, and judged by axe-core in each of its states.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use smidgen_tests::browser::{Browser, Key, Pointer};
use smidgen_tests::page::{cached, drawings};

mod drawing;
mod everyone;
mod inside;
mod keys;
mod lessons;
mod models;

/// The page in a browser of its own.
struct Page {
    browser: Browser,
}

impl Page {
    fn open() -> Self {
        Self::of(&cached())
    }

    /// The page of a file.
    fn of(file: &Path) -> Self {
        Self::at(&format!("file://{}", file.display()))
    }

    fn at(url: &str) -> Self {
        let mut page = Self {
            browser: Browser::start(),
        };
        page.browser.open(url);
        page.wait("document.body.classList.contains('ready')");
        page
    }

    fn reload(&mut self) {
        self.browser.reload();
        self.wait("document.body.classList.contains('ready')");
    }

    /// Waits for what the page says about the drawing.
    #[track_caller]
    fn says(&mut self, words: &str) {
        let words = Value::from(words);
        self.wait(&format!(
            "document.getElementById('verdict').textContent.includes({words})"
        ));
    }

    /// Waits for what a screen reader is told.
    #[track_caller]
    fn announces(&mut self, words: &str) {
        let words = Value::from(words);
        self.wait(&format!(
            "document.getElementById('announce').textContent.includes({words})"
        ));
    }

    #[track_caller]
    fn wait(&mut self, expression: &str) {
        self.browser.wait(expression);
    }

    fn value(&mut self, expression: &str) -> Value {
        self.browser.value(expression)
    }

    fn number(&mut self, expression: &str) -> f64 {
        self.value(expression).as_f64().unwrap()
    }

    /// Whether the bars and the preview show an answer, or show none.
    #[track_caller]
    fn shows_answer(&mut self, answer: bool) {
        let is = if answer { "!==" } else { "===" };
        self.wait(&format!(
            "{}.every((text) => text {is} '–')",
            texts("#bars .value")
        ));
        let seen = "document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data.some((x) => x)";
        self.wait(&format!("({seen}) === {answer}"));
    }

    fn draw(&mut self, strokes: &[Vec<[f32; 2]>], pointer: Pointer) {
        let paper = "document.getElementById('paper')";
        self.value(&format!(
            "{paper}.scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ));
        let place = self.value(&format!("{paper}.getBoundingClientRect()"));
        let number = |name: &str| place[name].as_f64().unwrap();
        let (left, top, side) = (number("left"), number("top"), number("width"));
        for stroke in strokes {
            let on_screen = |&[x, y]: &[f32; 2]| {
                [
                    left + f64::from(x) * side / 280.0,
                    top + f64::from(y) * side / 280.0,
                ]
            };
            let points: Vec<[f64; 2]> = stroke.iter().map(on_screen).collect();
            self.browser.stroke(&points, pointer);
        }
    }

    fn draw_one(&mut self) {
        self.draw(&[ONE.to_vec()], Pointer::Mouse);
        self.says("I see a 1.");
    }

    /// How many strokes are on the paper.
    fn strokes(&mut self) -> usize {
        self.number("drawing.strokes ? drawing.strokes.length : -1") as usize
    }

    /// What the tour says, step by step.
    fn tour(&mut self) -> Vec<String> {
        self.browser.click("#start-tour");
        let mut words = Vec::new();
        for _ in 0..5 {
            words.push(self.browser.text("#tour"));
            self.browser.click("#tour-next");
        }
        words
    }

    /// A window of so many pixels.
    fn screen(&mut self, width: usize, height: usize) {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser
            .devtools("Emulation.setDeviceMetricsOverride", &screen);
        self.wait(&format!(
            "innerWidth === {width} && innerHeight === {height}"
        ));
    }

    fn teach(&mut self, digit: usize) {
        self.browser
            .click(&format!("#teach button:nth-child({})", digit + 1));
    }

    /// Puts the page on a telephone of a width.
    fn telephone(&mut self, width: usize) {
        let phone =
            json!({ "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        self.browser
            .devtools("Emulation.setDeviceMetricsOverride", &phone);
        self.wait(&format!("innerWidth === {width}"));
    }

    fn scheme(&mut self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.browser
            .devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Tab until an element of this text or label has the focus.
    #[track_caller]
    fn tab_to(&mut self, name: &str) {
        let focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";
        for _ in 0..60 {
            self.browser.press_key(Key::Tab);
            if self.value(focused) == name {
                return;
            }
        }
        panic!("no {name}");
    }
}

/// A stroke on a paper of 280 × 280.
type Stroke<'a> = &'a [[f32; 2]];

/// A stroke straight down.
const ONE: Stroke<'_> = &[
    [140., 40.],
    [140., 90.],
    [139., 140.],
    [138., 190.],
    [138., 235.],
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// Rows of the text of all that a selector finds.
fn texts(selector: &str) -> String {
    format!("[...document.querySelectorAll('{selector}')].map((one) => one.textContent)")
}

/// The strokes of a digit from the fixtures.
fn strokes(digit: usize) -> Vec<Vec<[f32; 2]>> {
    let drawing = drawings()
        .into_iter()
        .find(|drawing| drawing.digit == digit);
    drawing.unwrap().strokes
}

/// The contrast of two colours of the page (WCAG 2.2).
fn contrast(page: &mut Page, one: &str, other: &str) -> f64 {
    page.number(&format!(
        "(() => {{
            const channel = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
            const light = (colour) => {{
                const [red, green, blue] = colour.match(/[\\d.]+/g).map((x) => channel(x / 255));
                return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
            }};
            const both = [light({one}), light({other})];
            return Math.max(...both) / Math.min(...both);
        }})()"
    ))
}
