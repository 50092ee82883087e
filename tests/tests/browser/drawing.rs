//! Drawing with mouse, finger and pen, and what the page says to it.

use serde_json::json;
use smidgen_tests::browser::{Key, Pointer};
use smidgen_tests::page::drawings;

use super::{ONE, Page, strokes};

#[test]
fn a_one_a_seven_and_a_zero_are_read_while_they_are_drawn() {
    let mut page = Page::open();
    page.shows_answer(false);
    for digit in [1, 7, 0] {
        page.draw(&strokes(digit), Pointer::Mouse);
        page.says(&format!("I see a {digit}."));
        page.shows_answer(true);
        assert_eq!(page.browser.text("#digit"), digit.to_string());
        assert_eq!(page.browser.text("#bars .best .name"), digit.to_string());
        page.wait("[...document.querySelectorAll('.neurons > *')].some((cell) => cell.style.getPropertyValue('--a') > 0.5)");
        page.browser.click("#clear");
        page.says("Draw a digit");
        page.shows_answer(false);
    }
}

#[test]
fn all_twenty_fixtures_drawn_with_the_mouse_are_read_right() {
    let mut page = Page::open();
    for drawing in drawings() {
        page.draw(&drawing.strokes, Pointer::Mouse);
        let best = page.number("said.best") as usize;
        assert_eq!(best, drawing.digit, "{}", drawing.how);
        assert_eq!(page.value("said.parts"), 1, "{}", drawing.how);
        page.browser.press_key(Key::Escape);
        page.says("Draw a digit");
    }
}

#[test]
fn strokes_are_undone_and_done_again() {
    let mut page = Page::open();
    page.wait(
        "[...document.querySelectorAll('#undo, #redo, #clear')].every((button) => button.ariaDisabled === 'true')",
    );
    page.draw(&strokes(4), Pointer::Mouse);
    page.says("I see a 4.");
    assert_eq!(page.strokes(), 2);
    page.browser.click("#undo");
    assert_eq!(page.strokes(), 1);
    page.browser.click("#redo");
    assert_eq!(page.strokes(), 2);
    page.browser.click("#clear");
    page.says("Draw a digit");
    page.browser.press(&["z"], true);
    assert_eq!(page.strokes(), 2);
    page.shows_answer(true);
    page.browser.press(&["z", "z"], true);
    assert_eq!(page.strokes(), 0);
    page.browser.press(&["y"], true);
    assert_eq!(page.strokes(), 1);
    page.draw(&[ONE.to_vec()], Pointer::Mouse);
    page.wait("document.getElementById('redo').ariaDisabled === 'true'");
    page.browser.press_key(Key::Escape);
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
    assert_eq!(page.value(action), "none");
}

#[test]
fn what_is_no_digit_is_said_so() {
    let mut page = Page::open();
    let line = |from: [f32; 2], to: [f32; 2]| {
        let at = |share: f32| [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        vec![at(0.0), at(0.3), at(0.7), at(1.0)]
    };
    page.draw(&[line([40., 140.], [240., 140.])], Pointer::Mouse);
    page.says("Not sure: ");
    assert!(page.browser.text("#digit").contains('/'));
    assert_eq!(
        page.value("document.getElementById('digit').className"),
        "unsure"
    );
    page.browser.press_key(Key::Escape);
    page.says("Draw a digit");
    page.draw(&[vec![[100., 100.], [101., 101.]]], Pointer::Mouse);
    page.says("That is a dot.");
    page.shows_answer(false);
    page.browser.press_key(Key::Escape);
    let two = [
        line([60., 50.], [60., 230.]),
        line([200., 50.], [200., 230.]),
    ];
    page.draw(&two, Pointer::Mouse);
    page.says("More than one digit? I read one at a time; together they look like");
    page.wait("document.getElementById('digit').textContent === '?' && !said.sure");
    page.browser.press_key(Key::Escape);
    // Two strokes one above the other, and a small one beside a tall one, are parts of one digit.
    for parts in [
        [
            line([60., 60.], [200., 60.]),
            line([60., 200.], [200., 200.]),
        ],
        [
            line([60., 40.], [60., 240.]),
            line([110., 220.], [110., 240.]),
        ],
    ] {
        page.draw(&parts, Pointer::Mouse);
        page.wait("said?.parts === 1");
        page.browser.press_key(Key::Escape);
        page.says("Draw a digit");
    }
    page.draw(&strokes(8), Pointer::Mouse);
    page.says("I see an 8.");
}

/// A screen reader is not told of every move of the pen.
#[test]
fn what_is_said_while_drawing_is_said_once() {
    let mut page = Page::open();
    page.announces("Draw a digit");
    page.browser.run("window.told = []; new MutationObserver(() => told.push(document.getElementById('announce').textContent)).observe(document.getElementById('announce'), { childList: true });");
    page.draw(&strokes(3), Pointer::Mouse);
    page.announces("I see a 3.");
    assert_eq!(page.value("told"), json!(["I see a 3."]));
    assert_eq!(
        page.value("document.querySelectorAll('[aria-live]').length"),
        json!(1)
    );
}

/// What is said twice is another text each time, or a screen reader would say it once.
#[test]
fn what_is_said_again_is_heard_again() {
    let mut page = Page::open();
    page.draw_one();
    page.announces("I see a 1.");
    let first = page
        .browser
        .value("document.getElementById('announce').textContent");
    page.browser.run("window.told = []; new MutationObserver(() => told.push(document.getElementById('announce').textContent)).observe(document.getElementById('announce'), { childList: true });");
    page.draw(&[vec![[139., 230.], [139., 236.]]], Pointer::Mouse);
    page.wait("told.length === 1");
    let again = page.value("told[0]");
    assert_ne!(again, first);
    assert_eq!(again.as_str().map(str::trim), Some("I see a 1."));
}

/// What others, or an older page, left in the storage is not believed.
#[test]
fn what_is_kept_is_looked_at_before_it_is_drawn() {
    let mut page = Page::open();
    page.draw_one();
    page.teach(7);
    page.wait("sessionStorage.getItem(KEY).includes('\"label\":7')");
    let whole = page.value("sessionStorage.getItem(KEY)");
    let whole = whole.as_str().unwrap();
    for (from, to) in [
        ("\"label\":7", "\"label\":70"),
        ("\"pixels\":\"", "\"pixels\":\"AAAA"),
        ("{\"strokes\":[[", "{\"strokes\":[[[null,3],"),
        ("{\"strokes\":[[", "{\"strokes\":[[],["),
        ("\"strokes\":", "\"sample\":1000,\"strokes\":"),
        ("\"drawing\":", "\"drawn\":"),
    ] {
        let broken = whole.replacen(from, to, 1);
        assert_ne!(broken, whole);
        page.browser
            .run(&format!("sessionStorage.setItem(KEY, {})", json!(broken)));
        page.reload();
        assert_eq!(
            (page.strokes(), page.value("lessons.length")),
            (0, json!(0)),
            "{to}"
        );
        page.draw_one();
        page.browser.press_key(Key::Escape);
    }
}
