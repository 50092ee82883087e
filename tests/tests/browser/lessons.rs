//! Lessons, what they cost, and what outlives a reload.

use serde_json::json;

use super::Page;

#[test]
fn a_lesson_is_judged_by_the_test_digits_and_taken_back() {
    let mut page = Page::open();
    page.wait("[...document.querySelectorAll('#teach button')].every((button) => button.ariaDisabled === 'true')");
    page.wait("exams[0] !== undefined");
    let right = page.number("right(exams[0])");
    assert!(right > 950.0, "{right}");
    page.draw_one();
    let before = page.value("Array.from(network.activations(network.last))");
    for lesson in 1..50 {
        page.teach(7);
        page.wait(&format!("exams[{lesson}] !== undefined"));
        if page.value("said.best === 7 && said.sure") == true {
            break;
        }
    }
    page.says("I see a 7.");
    page.announces("Learned: I see a 7 now.");
    let words = page.browser.text("#exam-words");
    assert!(
        words.contains("of 1000 test digits were right before"),
        "{words}"
    );
    page.wait("document.querySelectorAll('#curve circle').length === lessons.length + 1");
    let changed = "Array.from(exams.at(-1).classes).filter((label, i) => label !== exams.at(-2).classes[i]).length";
    page.wait(&format!(
        "document.querySelectorAll('#changed canvas').length === Math.min(12, {changed})"
    ));
    page.browser.click("#forget");
    page.says("I see a 1.");
    assert_eq!(
        page.value("Array.from(network.activations(network.last))"),
        before
    );
    page.wait("document.getElementById('taught').hidden && exams.length === 1");
}

#[test]
fn without_one_lesson_it_is_as_if_that_had_never_been() {
    let mut page = Page::open();
    page.draw_one();
    page.teach(7);
    page.teach(2);
    let answer = "Array.from(network.activations(network.last))";
    page.browser.click("#forget");
    page.teach(2);
    let wanted = page.value(answer);
    page.browser.click("#forget");
    page.teach(7);
    page.teach(2);
    assert_ne!(page.value(answer), wanted);
    page.browser.click("#lessons li:first-child button");
    page.wait("lessons.length === 1");
    assert_eq!(page.value(answer), wanted);
    // And its exam is that of the one that stayed.
    page.wait("exams[1] !== undefined && exams.length === 2");
}

/// Lessons faster than their exams, and one forgotten while an exam is taken: there is one for each in the end, and it is
/// that of a page which has had those lessons from the start.
#[test]
fn quick_lessons_leave_no_hole_in_the_curve() {
    let mut page = Page::open();
    page.draw_one();
    page.browser
        .run("[7, 2, 3, 7, 8].forEach((label) => teach(label))");
    let whole = |lessons: usize| {
        format!(
            "lessons.length === {lessons} && exams.length === {lessons} + 1 && Array.from(exams).every(Boolean)"
        )
    };
    page.wait(&whole(5));
    page.wait("document.querySelectorAll('#curve circle').length === 6");
    page.browser.run("teach(4); teach(5); forget(2); teach(6)");
    page.wait(&whole(7));
    let classes = "exams.map((exam) => Array.from(exam.classes))";
    let before = page.value(classes);
    page.reload();
    page.wait(&whole(7));
    assert_eq!(page.value(classes), before);
}

#[test]
fn what_a_lesson_costs_is_announced() {
    let mut page = Page::open();
    page.wait("exams[0] !== undefined");
    page.draw_one();
    for lesson in 1..=2 {
        page.teach(7);
        page.announces("1000 test digits were right before the last lesson, ");
        page.wait("/(One step nearer to a 7. I still see a|Learned: I see a 7 now)/.test(document.getElementById('announce').textContent)");
        page.wait(&format!("announce && exams.length === {lesson} + 1"));
        page.browser.run("announce('')");
        page.wait("document.getElementById('announce').textContent === ''");
    }
}

#[test]
fn drawing_and_lessons_outlive_a_reload_together_and_are_of_their_page_alone() {
    let mut page = Page::open();
    page.draw_one();
    page.teach(7);
    page.teach(7);
    let answer = "Array.from(network.activations(network.last))";
    let before = page.value(answer);
    page.reload();
    assert_eq!(
        (page.strokes(), page.value("lessons.length")),
        (1, json!(2))
    );
    assert_eq!(page.value(answer), before);
    let mut other = Page::open();
    assert_eq!(
        (other.strokes(), other.value("lessons.length")),
        (0, json!(0))
    );
    drop(other);
    page.browser.click("#forget");
    page.browser.click("#clear");
    page.reload();
    assert_eq!(
        (page.strokes(), page.value("lessons.length")),
        (0, json!(0))
    );
}

#[test]
fn without_a_worker_the_page_says_so_and_teaches_all_the_same() {
    let mut page = Page::open();
    let script = "window.Worker = class { constructor() { throw new Error('none here'); } };";
    page.browser.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": script }),
    );
    page.reload();
    page.wait(
        "document.getElementById('exam-words').textContent.includes('does not let the page count')",
    );
    page.draw_one();
    page.teach(7);
    page.wait("lessons.length === 1");
    page.announces("a 7");
}
