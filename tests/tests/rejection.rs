//! When a model leaves an answer open: chosen on the validation part, stored in the file, told by every verb.

use std::path::Path;

use serde_json::Value;
use smidgen::data::load_test;
use smidgen::network::ModelFile;
use smidgen_tests::folder::Folder;

fn fixture(folder: &Folder, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    std::fs::copy(
        path,
        folder.path(Path::new(name).file_name().unwrap().to_str().unwrap()),
    )
    .unwrap();
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// A folder for the program of other sizes, with a table in it.
fn wine() -> Folder {
    let folder = Folder::of(env!("CARGO_BIN_EXE_own_sizes"));
    fixture(&folder, "tables/wine.csv");
    folder
}

/// Each kind of network has a loop of its own over a data set.
#[test]
fn a_data_set_gets_the_certainties_of_single_answers() {
    let test = load_test(None).unwrap();
    for name in ["digits.model", "digits.q8.model", "digits.f16.model"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name);
        let model = ModelFile::parse(std::fs::read(path).unwrap()).unwrap();
        let networks = smidgen::networks![[784, 30, 10]];
        let network = model.network(&networks).unwrap();
        let certainties = network.certainties(&test);
        assert_eq!(certainties.len(), test.len());
        for (i, certainty) in certainties.iter().enumerate().step_by(41) {
            let answer = test.with(i, |input| network.infer(input));
            assert_eq!(certainty.class, answer.class, "{name}, {i}");
            let [found, wanted] = [certainty.confidence, answer.confidence].map(f64::to_bits);
            assert_eq!(found, wanted, "{name}, {i}");
        }
    }
}

#[test]
fn what_is_left_open_is_chosen_on_the_validation_part_and_the_rest_is_more_often_right() {
    for name in ["digits.model", "digits.q8.model", "digits.f16.model"] {
        let folder = Folder::new();
        fixture(&folder, name);
        let chosen = json(&folder.stdout(&format!("evaluate {name} --reject 5% --json")));
        let (rejection, correct) = (&chosen["rejection"], count(&chosen["correct"]));
        let [validation, test] = ["validation", "test"].map(|part| &rejection[part]);
        assert_eq!(count(&validation["total"]), 10_000, "{name}");
        assert!(
            (450..=500).contains(&count(&validation["unsure"])),
            "{name}: {rejection}"
        );
        assert_eq!(count(&validation["unlike"]), 0, "{name}");
        let open = count(&test["unsure"]) + count(&test["unlike"]);
        let (right, answered) = (count(&test["right"]), 10_000 - open);
        assert!((300..=700).contains(&open), "{name}: {rejection}");
        assert!(
            right * 10_000 > (correct + 150) * answered,
            "{name}: {rejection}"
        );
        // Now it stands in the file, and nothing else has changed.
        let stored = json(&folder.stdout(&format!("evaluate {name} --json")));
        assert_eq!(stored["rejection"]["test"], *test, "{name}");
        assert_eq!(
            stored["rejection"]["confidence"], rejection["confidence"],
            "{name}"
        );
        assert_eq!(
            (&stored["confusion"], &stored["cost"]),
            (&chosen["confusion"], &chosen["cost"])
        );
        assert!(
            folder
                .stdout(&format!("info {name}"))
                .contains("left open   answers below")
        );
    }
}

#[test]
fn a_prediction_says_that_it_is_left_open() {
    let folder = Folder::new();
    fixture(&folder, "digits.model");
    // The ninth test image is a 5 that looks like a 6.
    assert!(
        !folder
            .stdout("predict digits.model --index 8")
            .contains("not sure")
    );
    folder.stdout("evaluate digits.model --reject 0.05");
    assert!(
        folder
            .stdout("predict digits.model --index 8")
            .ends_with("\nnot sure\n")
    );
    let line = json(&folder.stdout("predict digits.model --index 8 --json"));
    assert_eq!(line["doubt"], "not sure");
    assert!(
        !folder
            .stdout("predict digits.model --index 0")
            .contains("sure")
    );
}

#[test]
fn a_share_of_none_leaves_nothing_of_the_validation_part_open() {
    let folder = Folder::new();
    fixture(&folder, "digits.model");
    let line = json(&folder.stdout("evaluate digits.model --reject 0 --out open.model --json"));
    assert_eq!(count(&line["rejection"]["validation"]["unsure"]), 0);
    // With --out the model stays as it was.
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model");
    assert_eq!(folder.read("digits.model"), std::fs::read(fixture).unwrap());
}

#[test]
fn smaller_numbers_do_not_take_over_what_was_chosen_for_other_outputs() {
    let folder = Folder::new();
    fixture(&folder, "digits.model");
    folder.stdout("evaluate digits.model --reject 5%");
    for kind in ["i8", "f16"] {
        folder.stdout(&format!(
            "quantize digits.model --to {kind} --out small.model"
        ));
        assert!(
            !folder.stdout("info small.model").contains("left open"),
            "{kind}"
        );
    }
}

#[test]
fn rows_beyond_what_was_seen_in_training_are_told_apart() {
    let folder = wine();
    folder.stdout("train --data wine.csv --layers 13,8,3 --epochs 20 --out wine.model");
    let line = json(&folder.stdout("evaluate wine.model --reject 10% --json"));
    assert_eq!(
        count(&line["rejection"]["validation"]["unlike"]),
        0,
        "{line}"
    );
    let table = String::from_utf8(folder.read("wine.csv")).unwrap();
    let mut lines = table.lines();
    let (head, row) = (lines.next().unwrap(), lines.next().unwrap());
    // The same wine, every reading a hundredfold but the class.
    let strange: Vec<_> = row
        .split(',')
        .map(|cell| {
            cell.parse::<f64>()
                .map_or(cell.into(), |value| (100.0 * value).to_string())
        })
        .collect();
    let class = row.rsplit(',').next().unwrap();
    let strange = [&strange[..strange.len() - 1], &[class.into()]]
        .concat()
        .join(",");
    folder.write("rows.csv", format!("{head}\n{row}\n{strange}\n"));
    let rows = folder.stdout("predict wine.model rows.csv");
    let rows: Vec<_> = rows.lines().collect();
    assert!(!rows[0].contains("unlike"), "{rows:?}");
    assert!(
        rows[1].ends_with("unlike all that it was trained on"),
        "{rows:?}"
    );
    let rows = folder.stdout("predict wine.model rows.csv --json");
    assert_eq!(json(&rows)["doubt"], "unlike all that it was trained on");
}

#[test]
fn what_cannot_be_chosen_is_refused_and_the_model_stays() {
    let folder = wine();
    folder.stdout(
        "train --data wine.csv --split 80,0,20 --layers 13,8,3 --epochs 1 --out wine.model",
    );
    let before = folder.read("wine.model");
    let error = folder.error("evaluate wine.model --reject 1%");
    assert!(
        error.contains("validation part") && error.contains("--split"),
        "{error}"
    );
    assert_eq!(folder.read("wine.model"), before);
    for share in ["100%", "1", "-1%", "many"] {
        let error = folder.error(&format!("evaluate wine.model --reject={share}"));
        assert!(error.contains("such as 1% or 0.01"), "{error}");
    }
    let error = folder.error("evaluate wine.model --out b.model");
    assert!(error.contains("--reject"), "{error}");
}
