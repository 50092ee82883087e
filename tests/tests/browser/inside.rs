//! What the network is made of, in view, and the tour through it.

use serde_json::json;
use smidgen_tests::binary;
use smidgen_tests::browser::{Key, Pointer};
use smidgen_tests::page::of_model;

use super::{Page, strokes};

#[test]
fn a_neuron_shows_what_it_looks_for_and_what_it_adds() {
    let mut page = Page::open();
    page.draw(&strokes(3), Pointer::Mouse);
    page.wait(
        "document.getElementById('neuron').textContent.includes('It adds most to the answer 3.')",
    );
    // The one that adds most is found by adding up.
    let adds = "bars.map((_, j) => network.terms(network.last, j)[strongest.j])";
    page.wait(&format!(
        "({adds})[3] === Math.max(...network.terms(network.last, 3))"
    ));
    let cell = page.value("cells[0][37].getBoundingClientRect()");
    let middle = |start: &str, length: &str| {
        cell[start].as_f64().unwrap() + cell[length].as_f64().unwrap() / 2.0
    };
    page.browser
        .point([middle("left", "width"), middle("top", "height")]);
    page.wait("hovered?.j === 37 && document.getElementById('looks-words').textContent.includes('neuron 37 looks for')");
    let heads = page.browser.text("#adds-head");
    assert_eq!(heads, "neuron 37 adds");
    let sum = "Math.abs(network.sum(0, 37) - network.bias(0, 37) - network.terms(0, 37).reduce((sum, x) => sum + x, 0)) < 1e-3";
    page.wait(sum);
    page.wait(
        "Math.abs(1 / (1 + Math.exp(-network.sum(0, 37))) - network.activations(0)[37]) < 1e-5",
    );
    let painted = "document.getElementById('looks-for').getContext('2d').getImageData(0, 0, 28, 28).data.some((x) => x)";
    page.wait(painted);
    page.browser.click("#bars [role=option]:nth-child(9)");
    page.wait("document.getElementById('neuron').textContent.startsWith('The answer 8.')");
    page.wait("cells[0].some((cell) => cell.style.getPropertyValue('--ring').startsWith('rgb'))");
}

/// Of every size that the program has; the neurons are never too small for a finger, and the one that is shown is in view.
#[test]
fn all_of_the_network_is_in_view_without_scrolling() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("a.model");
    for sizes in binary::sizes() {
        let layers: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let mut train = binary::smidgen(folder.path());
        train.args(["train", "--epochs", "1", "--init", "scaled", "--force"]);
        train.args(["--cost", "cross-entropy", "--learning-rate", "0.3"]);
        train.args(["--layers", &layers.join(","), "--out", "a.model"]);
        assert!(train.output().unwrap().status.success(), "{sizes:?}");
        let _ = std::fs::remove_file(folder.path().join("page.html"));
        let mut page = Page::of(&of_model(folder.path(), &model));
        page.screen(1280, 800);
        page.draw(&strokes(3), Pointer::Mouse);
        in_view(&mut page, &sizes);
    }
}

#[track_caller]
fn in_view(page: &mut Page, sizes: &[usize]) {
    page.browser.run("scrollTo(0, 0)");
    page.wait("!pen && said !== null");
    let below = "['paper', 'seen', 'looks-for', 'hidden', 'neuron', 'bars', 'squeeze-words', 'samples'].filter((id) => document.getElementById(id).getBoundingClientRect().bottom > innerHeight)";
    assert_eq!(page.value(below), json!([]), "{sizes:?}");
    page.wait("document.documentElement.scrollWidth <= innerWidth");
    let smallest =
        "Math.min(...cells.slice(0, network.last).flat().map((cell) => cell.offsetWidth))";
    let smallest = page.number(smallest);
    assert!(smallest >= 24.0, "{sizes:?}: {smallest}");
    page.wait("(() => { const cell = cells[strongest.layer][strongest.j]; const [box, at] = [cell.parentElement, cell].map((one) => one.getBoundingClientRect()); return at.top >= box.top && at.bottom <= box.bottom + 1; })()");
}

#[test]
fn the_tour_has_five_steps_and_can_be_left_at_any_time() {
    let mut page = Page::open();
    page.browser.click("#start-tour");
    for step in 1..=5 {
        page.wait(&format!(
            "document.getElementById('tour-count').textContent === 'Step {step} of 5'"
        ));
        page.wait(
            "document.activeElement.id === 'tour' || document.activeElement.id === 'tour-next'",
        );
        assert_eq!(
            page.value("document.querySelectorAll('section.shown').length"),
            json!(1)
        );
        page.browser.click("#tour-next");
    }
    page.wait(
        "document.getElementById('tour').hidden && document.activeElement.id === 'start-tour'",
    );
    // A 3 was drawn for want of a drawing.
    page.says("I see a 3.");
    page.browser.click("#start-tour");
    page.browser.click("#tour-next");
    page.browser.press_key(Key::Escape);
    page.wait("document.getElementById('tour').hidden");
    page.says("I see a 3.");
}

/// On a small telephone the tour stands in the section that it speaks of, and above all else in it.
#[test]
fn the_tour_covers_nothing_of_a_small_screen() {
    let mut page = Page::open();
    let phone = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true });
    page.browser
        .devtools("Emulation.setDeviceMetricsOverride", &phone);
    page.wait("innerWidth === 320");
    page.browser.click("#start-tour");
    for step in 1..=5 {
        page.wait(&format!("step === {step} - 1"));
        page.wait("(() => { const tour = document.getElementById('tour'); const box = tour.getBoundingClientRect(); const rest = [...tour.parentElement.children].filter((one) => one !== tour && one.offsetParent && !one.classList.contains('hidden')); return tour.parentElement.classList.contains('shown') && rest.every((one) => one.getBoundingClientRect().top >= box.bottom); })()");
        page.wait("(() => { const box = document.getElementById('tour').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })()");
        page.browser.click("#tour-next");
    }
}
