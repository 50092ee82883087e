//! Colours, sizes and movements that everyone can use, by axe-core and by measure.

use std::path::Path;

use serde_json::{Value, json};
use smidgen::plots::diverging;
use smidgen_tests::browser::{Key, Pointer};

use super::{Page, contrast, strokes};

#[test]
fn a_pressed_sample_button_can_be_read_under_the_mouse() {
    let mut page = Page::open();
    page.browser.click("#samples button:nth-child(6)");
    page.wait(
        "document.querySelector('#samples button[aria-pressed=true]')?.matches(':hover') === true",
    );
    let style = "getComputedStyle(document.querySelector('#samples button[aria-pressed=true]'))";
    let ratio = contrast(
        &mut page,
        &format!("{style}.color"),
        &format!("{style}.backgroundColor"),
    );
    assert!(ratio >= 4.5, "{ratio}");
}

/// A phone: everything below one another, nothing wider than the screen, and buttons large enough for a finger.
#[test]
fn a_narrow_screen_has_one_column() {
    let mut page = Page::open();
    for width in [390, 320] {
        page.telephone(width);
        page.wait("document.documentElement.scrollWidth <= innerWidth");
        page.wait("new Set([...document.querySelectorAll('main > section')].map((s) => Math.round(s.getBoundingClientRect().left))).size === 1");
        let small = "[...document.querySelectorAll('button')].filter((b) => b.offsetParent && (b.offsetWidth < 40 || b.offsetHeight < 40)).length";
        assert_eq!(page.value(small), 0);
        page.draw(&strokes(7), Pointer::Touch);
        page.says("I see a 7.");
        page.browser.click("#clear");
        page.says("Draw a digit");
    }
}

#[test]
fn nothing_moves_for_those_who_want_it_calm() {
    let mut page = Page::open();
    let moving = "[...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s' || getComputedStyle(one).animationName !== 'none').length";
    assert_eq!(page.value(moving), 0);
    let features = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    page.browser
        .devtools("Emulation.setEmulatedMedia", &features);
    page.browser.run(
        "window.asked = []; Element.prototype.scrollIntoView = (how) => asked.push(how.behavior)",
    );
    page.browser.click("#start-tour");
    page.wait("asked.length > 0 && asked.every((behavior) => behavior === 'auto')");
}

/// What axe-core cannot decide by itself and a person has: the rule, what the element's HTML begins with, and why it is
/// no fault.
const DECIDED: [(&str, &str, &str); 2] = [
    (
        "color-contrast",
        "<p id=\"invitation\"",
        "on the paper, whose lines are a picture",
    ),
    (
        "color-contrast",
        "<text x=",
        "in a picture on the card; the test of the colours has both",
    ),
];

/// What axe-core finds wrong or cannot decide, and how many of its rules the page keeps.
fn judge(page: &mut Page) -> (Vec<Value>, u64) {
    let axe =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core; type tests/browser/setup");
    // In the global scope, which is not that of a script that is run here.
    page.browser.run(&format!("{axe}; window.axe = axe;"));
    page.wait("document.getAnimations().length === 0");
    // A digit is a text of one letter, whose contrast axe-core passes over unless told not to.
    page.browser.run(
        "axe.configure({ checks: [{ id: 'color-contrast', options: { ...axe._audit.checks['color-contrast'].options, ignoreLength: true } }] })",
    );
    let found = page.browser.eventual(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations, incomplete, passes }) => ({
            found: [...violations, ...incomplete].flatMap(({ id, nodes }) => nodes.map((node) => [id, node.html.slice(0, 200), node.any.concat(node.all, node.none).map((check) => check.message).join(' ')])),
            passes: passes.length,
        }))",
    );
    let decided = |found: &&Value| {
        DECIDED.iter().any(|(rule, html, _)| {
            found[0] == *rule && found[1].as_str().is_some_and(|text| text.starts_with(html))
        })
    };
    let all = found["found"].as_array().expect("a list").iter();
    let found_wrong = all.filter(|found| !decided(found)).cloned().collect();
    (found_wrong, found["passes"].as_u64().unwrap_or(0))
}

/// What says something by its colour, against what it stands on: 3:1, and 4.5:1 where it is text that axe-core passes over.
#[test]
fn colours_can_be_told_from_what_they_stand_on() {
    let mut page = Page::open();
    for scheme in ["light", "dark"] {
        page.scheme(scheme);
        for (one, other, least) in [
            ("bar", "track", 3.0),
            ("ink", "track", 3.0),
            ("edge", "track", 3.0),
            ("edge", "card", 3.0),
            ("edge", "page", 3.0),
            ("edge", "paper", 3.0),
            ("strong", "card", 3.0),
            ("pro", "card", 3.0),
            ("contra", "card", 3.0),
            ("pro", "track", 3.0),
            ("contra", "track", 3.0),
            ("pro", "paper", 3.0),
            ("contra", "paper", 3.0),
            ("bar", "card", 3.0),
            ("soft", "paper", 4.5),
            ("soft", "card", 4.5),
            ("good", "card", 4.5),
            ("doubt", "card", 4.5),
        ] {
            let colour = |name: &str| format!("`rgb(${{rgb('--{name}')}})`");
            let ratio = contrast(&mut page, &colour(one), &colour(other));
            assert!(ratio >= least, "{scheme}: {one} on {other} has {ratio}");
        }
    }
    // As `smidgen filters` has them.
    page.scheme("light");
    assert_eq!(
        page.value("[rgb('--pro'), rgb('--contra')]"),
        json!([diverging(1.0), diverging(-1.0)])
    );
}

/// Where a system has colours of its own, what says something by its colour keeps it.
#[test]
fn bars_are_seen_in_forced_colours() {
    let mut page = Page::open();
    page.draw(&strokes(3), Pointer::Mouse);
    page.says("I see a 3.");
    let features = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    page.browser
        .devtools("Emulation.setEmulatedMedia", &features);
    page.wait("matchMedia('(forced-colors: active)').matches");
    for (mark, ground) in [
        (".bar.best .fill", ".bar.best .track"),
        (".push", "body"),
        ("#digit.sure", "body"),
    ] {
        let colour = |selector: &str| {
            format!("getComputedStyle(document.querySelector('{selector}')).backgroundColor")
        };
        let ratio = contrast(&mut page, &colour(mark), &colour(ground));
        assert!(ratio >= 3.0, "{mark}: {ratio}");
    }
    let (wrong, _) = judge(&mut page);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn axe_finds_nothing_wrong_with_any_state_of_the_page() {
    let mut page = Page::open();
    let look = |page: &mut Page, state: &str| {
        let (wrong, passes) = judge(page);
        assert!(wrong.is_empty(), "{state}: {wrong:#?}");
        assert!(passes > 30, "{state}: {passes} rules");
    };
    for (scheme, width) in [("light", None), ("dark", None), ("light", Some(320))] {
        page.scheme(scheme);
        if let Some(width) = width {
            page.telephone(width);
        }
        look(&mut page, "empty");
        page.draw(
            &[vec![[40., 140.], [140., 140.], [240., 140.]]],
            Pointer::Mouse,
        );
        page.says("Not sure");
        look(&mut page, "not sure");
        page.browser.click(".neurons [role=option]:nth-child(8)");
        look(&mut page, "a neuron");
        page.browser.click("#bars [role=option]:nth-child(8)");
        look(&mut page, "an answer");
        page.browser.click("#samples button:nth-child(3)");
        look(&mut page, "a sample");
        page.teach(3);
        page.teach(3);
        page.wait("exams[2] !== undefined");
        look(&mut page, "taught");
        page.browser.click("#start-tour");
        look(&mut page, "the tour");
        page.browser.press_key(Key::Escape);
        page.browser.click("#forget");
        page.browser.click("#clear");
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
        page.scheme(scheme);
        let keep = |page: &mut Page, name: &str| {
            page.wait("document.getAnimations().length === 0");
            let picture = page.browser.picture();
            std::fs::write(folder.join(format!("{scheme}-{name}.png")), &picture).unwrap();
            picture
        };
        bright.push(brightness(&keep(&mut page, "empty")));
        page.draw(&strokes(3), Pointer::Mouse);
        page.says("I see a 3.");
        keep(&mut page, "drawn");
        page.browser.click("#samples button:nth-child(5)");
        page.says("I see a 4, and that is right.");
        keep(&mut page, "sample");
        page.browser.press_key(Key::Escape);
        page.says("Draw a digit");
    }
    assert!(bright[0] > 200.0 && bright[1] < 60.0, "{bright:?}");
    page.telephone(390);
    page.draw(&strokes(2), Pointer::Touch);
    page.says("I see a 2.");
    std::fs::write(folder.join("phone.png"), page.browser.picture()).unwrap();
}
