//! The keyboard, and the order in which all is found by it.

use serde_json::json;
use smidgen_tests::browser::{Key, Pointer};

use super::{Page, strokes};

#[test]
fn the_paper_is_drawn_on_by_keys_and_says_where_the_pen_is() {
    let mut page = Page::open();
    page.tab_to("Paper");
    page.browser.press_key(Key::Space);
    page.announces("Pen down");
    for _ in 0..18 {
        page.browser.press_key(Key::Down);
    }
    page.announces("Drawing, 50 % across, 86 % down");
    // While the pen is down, too, the neuron that is shown is the one that adds most.
    page.says("I see a 1.");
    page.wait("pen.id === 'keys' && neuron() === strongest");
    let most = "(() => { const terms = Array.from(network.terms(network.last, said.best)); return strongest.j === terms.indexOf(Math.max(...terms)); })()";
    page.wait(most);
    page.browser.press_key(Key::Space);
    page.announces("Pen up. I see a 1.");
    assert_eq!(page.strokes(), 1);
    page.browser.press_key(Key::Right);
    page.announces("54 % across, 86 % down");
    assert_eq!(page.strokes(), 1);
    page.browser.press_key(Key::Space);
    page.announces("Pen down");
    page.browser.press_key(Key::Escape);
    page.announces("Pen up. ");
    assert_eq!(page.strokes(), 2, "Escape lifts the pen and clears nothing");
    page.browser.press(&["3"], false);
    page.wait("truth(drawing.sample) === 3");
}

#[test]
fn the_keyboard_alone_is_enough() {
    let mut page = Page::open();
    page.tab_to("A real 3");
    page.browser.press_key(Key::Space);
    page.shows_answer(true);
    page.wait("truth(drawing.sample) === 3");
    let first = page.number("drawing.sample");
    page.browser.press_key(Key::Space);
    page.wait(&format!(
        "drawing.sample !== {first} && truth(drawing.sample) === 3"
    ));
    page.announces("that is right");
    let neuron = page
        .value("document.querySelector('.neurons > [tabindex=\"0\"]').getAttribute('aria-label')");
    page.tab_to(neuron.as_str().unwrap());
    page.browser.press_key(Key::Right);
    page.wait("chosen?.layer === 0 && chosen.j === 1");
    page.announces("Neuron 1.");
    page.tab_to("It is an 8");
    page.browser.press_key(Key::Space);
    page.wait("lessons.length === 1");
    page.announces("an 8");
    page.browser.press_key(Key::Escape);
    page.says("Draw a digit");
}

/// No button loses the focus when there is nothing more for it to do.
#[test]
fn a_button_that_does_nothing_more_keeps_the_focus() {
    let mut page = Page::open();
    page.draw_one();
    page.tab_to("Undo");
    page.browser.press_key(Key::Space);
    page.says("Draw a digit");
    page.wait(
        "document.activeElement.id === 'undo' && document.activeElement.ariaDisabled === 'true'",
    );
    page.browser.press_key(Key::Space);
    page.tab_to("Redo");
    page.browser.press_key(Key::Space);
    page.says("I see a 1.");
    page.wait("document.activeElement.id === 'redo' && drawing.strokes.length === 1");
    page.wait("document.querySelectorAll(':disabled').length === 0");
}

#[test]
fn a_neuron_is_chosen_and_let_go_by_keys() {
    let mut page = Page::open();
    page.draw(&strokes(3), Pointer::Mouse);
    page.says("I see a 3.");
    let first = page
        .value("document.querySelector('.neurons > [tabindex=\"0\"]').getAttribute('aria-label')");
    page.tab_to(first.as_str().unwrap());
    page.wait("chosen?.j === 0");
    page.browser.press_key(Key::Down);
    page.wait("chosen.j > 1 && cells[0][chosen.j].offsetLeft === cells[0][0].offsetLeft");
    page.browser.press_key(Key::Space);
    page.announces("No neuron is chosen.");
    page.wait("chosen === null && neuron() === strongest");
    page.browser.press_key(Key::Space);
    page.wait("chosen !== null");
}

#[test]
fn digit_keys_work_after_a_stroke_of_the_mouse_and_not_among_the_answers() {
    let mut page = Page::open();
    page.draw_one();
    page.wait("document.activeElement.id === 'paper'");
    page.browser.press(&["4"], false);
    page.wait("truth(drawing.sample) === 4");
    page.browser.click("#samples button:nth-child(3)");
    page.browser.press(&["5"], false);
    page.wait("truth(drawing.sample) === 5");
    page.browser.click("#bars [role=option]:nth-child(9)");
    page.browser
        .run("document.querySelector('#bars [tabindex=\"0\"]').focus()");
    page.browser.press(&["6"], false);
    page.browser.press_key(Key::Down);
    page.wait("truth(drawing.sample) === 5 && isAnswer(chosen)");
}

/// Who listens hears what the page says right after the paper, and the numbers of the steps are those that are seen.
#[test]
fn what_the_page_says_comes_second() {
    let mut page = Page::open();
    assert_eq!(
        page.value("[...document.querySelectorAll('main > section')].map((section) => section.id)"),
        json!([
            "step-draw",
            "step-say",
            "step-see",
            "step-look",
            "step-teach",
            "step-exam"
        ])
    );
    page.screen(1280, 800);
    let seen = "[...document.querySelectorAll('main > section')].sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left).map((section) => getComputedStyle(section.querySelector(':scope > h2'), '::before').content).filter((content) => content !== 'none')";
    assert_eq!(
        page.value(seen),
        json!(["\"1\"", "\"2\"", "\"3\"", "\"4\""])
    );
}
