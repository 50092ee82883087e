//! The page of `smidgen draw` in a real browser: drawn on with mouse, finger and pen, used by keyboard alone, on a
//! narrow screen and in the dark.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use smidgen_tests::browser::{Browser, Key, Pointer};
use smidgen_tests::site::{Site, drawings};

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

/// A page in a browser of its own, and its server unless that is another page's.
struct Page {
    browser: Browser,
    site: Option<Site>,
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

impl Page {
    fn open() -> Self {
        let site = Site::start(cache(), &[]);
        let mut page = Self::of(site.address);
        page.site = Some(site);
        page
    }

    /// The page of a server that runs already.
    fn of(address: SocketAddr) -> Self {
        let mut browser = Browser::start();
        browser.open(&format!("http://{address}/"));
        let mut page = Self {
            browser,
            site: None,
        };
        page.says("Draw a digit");
        page.wait("document.querySelectorAll('.neurons i').length === 100");
        page
    }

    fn site(&self) -> &Site {
        self.site.as_ref().unwrap()
    }

    /// Waits for what the page says about the drawing.
    #[track_caller]
    fn says(&mut self, words: &str) {
        let words = Value::from(words);
        self.wait(&format!(
            "document.getElementById('verdict').textContent.includes({words})"
        ));
    }

    #[track_caller]
    fn wait(&mut self, expression: &str) {
        self.browser.wait(expression);
    }

    /// Waits until the bars and the preview show an answer, or until they show none.
    #[track_caller]
    fn shows_answer(&mut self, answer: bool) {
        let bars = "[...document.querySelectorAll('#bars .value')].map((bar) => bar.textContent)";
        let is = if answer { "!==" } else { "===" };
        self.wait(&format!("{bars}.every((text) => text {is} '–')"));
        let seen = "document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data.some((x) => x)";
        self.wait(&format!("({seen}) === {answer}"));
    }

    fn draw(&mut self, strokes: &[Vec<[f32; 2]>], pointer: Pointer) {
        let paper = "document.getElementById('paper')";
        self.browser.value(&format!(
            "{paper}.scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ));
        let place = self
            .browser
            .value(&format!("{paper}.getBoundingClientRect()"));
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
        let count = self
            .browser
            .value("drawing.strokes ? drawing.strokes.length : -1");
        count.as_u64().unwrap() as usize
    }

    fn lessons_to_make_it(&mut self, digit: usize) -> usize {
        for lesson in 1..50 {
            self.browser
                .click(&format!("#teach button:nth-child({})", digit + 1));
            self.wait(&format!(
                "document.getElementById('lesson').textContent.includes({})",
                if lesson == 1 {
                    "'one lesson'".into()
                } else {
                    format!("'{lesson} lessons'")
                }
            ));
            if self.browser.text("#digit").starts_with(&digit.to_string()) {
                return lesson;
            }
        }
        panic!("it does not learn");
    }
}

/// The strokes of a digit from the fixtures.
fn strokes(digit: usize) -> Vec<Vec<[f32; 2]>> {
    let drawing = drawings()
        .into_iter()
        .find(|drawing| drawing.digit == digit);
    drawing.unwrap().strokes
}

#[test]
fn a_one_a_seven_and_a_zero_are_read_while_they_are_drawn() {
    let mut page = Page::open();
    page.shows_answer(false);
    for digit in [1, 7, 0] {
        page.draw(&strokes(digit), Pointer::Mouse);
        page.says(&format!("I see a {digit}."));
        page.shows_answer(true);
        assert_eq!(page.browser.text("#digit"), digit.to_string());
        let best = page.browser.text("#bars .best .name");
        assert_eq!(best, digit.to_string());
        let active = "[...document.querySelectorAll('.neurons i')].some((i) => i.style.getPropertyValue('--a') > 0.5)";
        page.wait(active);
        page.browser.click("#clear");
        page.says("Draw a digit");
        page.shows_answer(false);
    }
}

#[test]
fn every_fixture_drawn_with_the_mouse_is_the_one_the_server_reads_from_its_points() {
    let mut page = Page::open();
    for drawing in drawings() {
        page.draw(&drawing.strokes, Pointer::Mouse);
        let reply = page.site().post("/api/predict", &drawing.question()).json();
        let said = &reply["answer"]["ranking"][0]["digit"];
        page.wait(&format!(
            "document.getElementById('digit').textContent.startsWith('{said}')"
        ));
        page.browser.press_key(Key::Escape);
        page.says("Draw a digit");
    }
}

#[test]
fn undo_takes_one_stroke_back_and_brings_back_what_was_cleared() {
    let mut page = Page::open();
    page.wait(
        "document.getElementById('undo').disabled && document.getElementById('clear').disabled",
    );
    page.draw(&strokes(4), Pointer::Mouse);
    page.says("I see a 4.");
    assert_eq!(page.strokes(), 2);
    page.browser.click("#undo");
    page.wait("drawing.strokes.length === 1");
    page.browser.click("#clear");
    page.says("Draw a digit");
    page.browser.press(&["z"], true);
    page.wait("drawing.strokes.length === 1");
    page.shows_answer(true);
    page.browser.press(&["z"], true);
    page.says("Draw a digit");
    page.shows_answer(false);
    page.browser.press(&["z"], true);
    assert_eq!(page.strokes(), 0);
    page.draw_one();
    page.browser.press_key(Key::Escape);
    page.says("Draw a digit");
    page.shows_answer(false);
}

#[test]
fn a_finger_and_a_pen_draw_without_scrolling_the_page() {
    let mut page = Page::open();
    for (pointer, digit) in [(Pointer::Touch, 7), (Pointer::Pen, 0)] {
        page.draw(&strokes(digit), pointer);
        page.says(&format!("I see a {digit}."));
        page.browser.click("#clear");
        page.says("Draw a digit");
    }
    let action = "getComputedStyle(document.getElementById('paper')).touchAction";
    assert_eq!(page.browser.value(action), "none");
}

#[test]
fn the_keyboard_alone_is_enough() {
    let mut page = Page::open();
    let focused = "document.activeElement.getAttribute('aria-label')";
    for _ in 0..40 {
        page.browser.press_key(Key::Tab);
        if page.browser.value(focused) == "A real 3" {
            break;
        }
    }
    assert_eq!(page.browser.value(focused), "A real 3");
    page.browser.press_key(Key::Space);
    page.wait("drawing.sample?.digit === 3");
    page.shows_answer(true);
    let first = page.browser.value("samplePixels.join()");
    page.browser.press_key(Key::Space);
    let another = Value::from(first.as_str().unwrap());
    page.wait(&format!(
        "samplePixels !== null && samplePixels.join() !== {another}"
    ));
    for _ in 0..40 {
        page.browser.press_key(Key::Tab);
        if page.browser.value(focused) == "It is a 8" {
            break;
        }
    }
    page.browser.press_key(Key::Space);
    page.wait("document.getElementById('lesson').textContent.includes('one lesson')");
    page.browser.press_key(Key::Escape);
    page.says("Draw a digit");
    let status = "document.getElementById('verdict').getAttribute('aria-live')";
    assert_eq!(page.browser.value(status), "polite");
}

#[test]
fn teaching_changes_the_answer_of_this_page_alone_and_forgetting_brings_it_back() {
    let mut page = Page::open();
    page.wait("[...document.querySelectorAll('#teach button, #forget')].every((button) => button.disabled)");
    page.draw_one();
    assert!(page.lessons_to_make_it(7) < 20);
    page.wait(
        "/Learned: I see a 7 now|Not sure/.test(document.getElementById('verdict').textContent)",
    );
    let mut other = Page::of(page.site().address);
    other.draw_one();
    other.wait("document.getElementById('lesson').textContent.includes('Say what you drew')");
    drop(other);
    page.browser.reload();
    page.wait("document.getElementById('lesson').textContent.includes('from you')");
    page.draw(&[ONE.to_vec()], Pointer::Mouse);
    page.wait("document.getElementById('digit').textContent.startsWith('7')");
    page.browser.click("#forget");
    page.says("I see a 1.");
    page.wait("document.getElementById('forget').disabled");
}

#[test]
fn what_is_no_digit_is_not_sure() {
    let mut page = Page::open();
    let line = vec![
        [40.0, 140.0],
        [110.0, 140.0],
        [180.0, 140.0],
        [240.0, 140.0],
    ];
    page.draw(&[line], Pointer::Mouse);
    page.says("Not sure: ");
    let digit = page.browser.text("#digit");
    assert!(digit.contains('/'), "{digit}");
    let class = page
        .browser
        .value("document.getElementById('digit').className");
    assert_eq!(class, "unsure");
}

#[test]
fn a_pressed_sample_button_can_be_read_under_the_mouse() {
    let mut page = Page::open();
    page.browser.click("#samples button:nth-child(6)");
    page.wait(
        "document.querySelector('#samples button[aria-pressed=true]')?.matches(':hover') === true",
    );
    let style = "getComputedStyle(document.querySelector('#samples button[aria-pressed=true]'))";
    let colour = page.browser.value(&format!("{style}.color"));
    assert_ne!(
        colour,
        page.browser.value(&format!("{style}.backgroundColor"))
    );
}

#[test]
fn a_server_that_is_gone_is_said() {
    let mut page = Page::open();
    page.site = None;
    page.draw(&[ONE.to_vec()], Pointer::Mouse);
    page.says("The server does not answer");
}

/// A phone: everything below one another, nothing wider than the screen, and buttons large enough for a finger.
#[test]
fn a_narrow_screen_has_one_column() {
    let mut page = Page::open();
    for width in [390, 320] {
        let phone =
            json!({ "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        page.browser
            .devtools("Emulation.setDeviceMetricsOverride", &phone);
        page.wait(&format!("innerWidth === {width}"));
        page.wait("document.documentElement.scrollWidth <= innerWidth");
        let one_column = "new Set([...document.querySelectorAll('main > section')].map((s) => Math.round(s.getBoundingClientRect().left))).size === 1";
        page.wait(one_column);
        let small = "[...document.querySelectorAll('button')].filter((b) => b.offsetWidth < 40 || b.offsetHeight < 40).length";
        assert_eq!(page.browser.value(small), 0);
        page.draw(&strokes(7), Pointer::Touch);
        page.says("I see a 7.");
        page.browser.click("#clear");
        page.says("Draw a digit");
    }
}

/// The mean brightness of a picture, from 0 to 255.
fn brightness(png: &[u8]) -> f64 {
    let picture = image::load_from_memory(png).unwrap().to_luma8();
    let sum: f64 = picture.pixels().map(|pixel| f64::from(pixel.0[0])).sum();
    sum / f64::from(picture.width() * picture.height())
}

/// The pictures are kept in the folder of the build, for people to look at.
#[test]
fn the_page_follows_the_light() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).unwrap();
    let mut page = Page::open();
    let mut bright = Vec::new();
    for scheme in ["light", "dark"] {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.browser
            .devtools("Emulation.setEmulatedMedia", &features);
        let keep = |page: &mut Page, name: &str| {
            page.wait("document.getAnimations().length === 0");
            let picture = page.browser.picture();
            std::fs::write(folder.join(format!("{scheme}-{name}.png")), &picture).unwrap();
            picture
        };
        bright.push(brightness(&keep(&mut page, "empty")));
        page.draw(&strokes(3), Pointer::Mouse);
        page.says("I see a 3.");
        page.shows_answer(true);
        keep(&mut page, "drawn");
        page.browser.click("#samples button:nth-child(5)");
        page.says("I see a 4, and that is right.");
        keep(&mut page, "sample");
        page.browser.press_key(Key::Escape);
        page.says("Draw a digit");
    }
    assert!(bright[0] > 200.0 && bright[1] < 60.0, "{bright:?}");
    let phone = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
    page.browser
        .devtools("Emulation.setDeviceMetricsOverride", &phone);
    page.draw(&strokes(2), Pointer::Touch);
    page.says("I see a 2.");
    page.wait("document.getAnimations().length === 0");
    std::fs::write(folder.join("phone.png"), page.browser.picture()).unwrap();
}
