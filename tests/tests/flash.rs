//! A model that arrives later: `export --format flash`, what it refuses, and firmware that runs the newer whole image.

use std::path::Path;

use smidgen_core::flash::{FlashError, MAGIC, VERSION};
use smidgen_core::{Model, half_network, network, quantized_network};
use smidgen_tests::folder::Folder;

/// A folder with the book's model of every kind.
fn folder() -> Folder {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = Folder::new();
    for name in ["digits.model", "digits.q8.model", "digits.f16.model"] {
        folder.write(name, std::fs::read(fixtures.join(name)).unwrap());
    }
    folder
}

/// Bytes as flash has them, at a multiple of 4.
fn words(bytes: &[u8]) -> Vec<u32> {
    let words = bytes.as_chunks::<4>().0.iter();
    words.map(|word| u32::from_ne_bytes(*word)).collect()
}

#[test]
fn an_image_of_each_kind_is_what_its_model_takes() {
    let folder = folder();
    let image = |name: &str| {
        folder.stdout(&format!(
            "export {name} --format flash --sequence 258 --out slot.bin --force"
        ));
        let bytes = folder.read("slot.bin");
        assert_eq!(bytes[..5], [&MAGIC[..], &[VERSION]].concat());
        assert_eq!(bytes[8..12], [2, 1, 0, 0]);
        bytes
    };
    let integers = image("digits.q8.model");
    assert_eq!(
        integers.len(),
        Model::<quantized_network![784, 30, 10]>::IMAGE
    );
    let integers = words(&integers);
    let bytes = bytemuck::cast_slice(&integers);
    let model = Model::<quantized_network![784, 30, 10]>::from_flash(bytes).unwrap();
    let file = folder.read("digits.q8.model");
    assert_eq!(model.crc32().to_le_bytes(), file[file.len() - 4..]);
    let other = Model::<quantized_network![784, 10]>::from_flash(bytes);
    assert!(matches!(other, Err(FlashError::Depth { .. })));
    let halves = Model::<half_network![784, 30, 10]>::from_flash(bytes);
    assert!(matches!(halves, Err(FlashError::Element { .. })));
    assert_eq!(
        image("digits.f16.model").len(),
        Model::<half_network![784, 30, 10]>::IMAGE
    );
    assert_eq!(
        image("digits.model").len(),
        Model::<network![784, 30, 10]>::IMAGE
    );
}

#[test]
fn what_was_written_is_said_for_people_and_for_programs() {
    let folder = folder();
    let line = folder.stdout("export digits.q8.model --format flash --out slot.bin --json");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["sequence"], 1);
    assert_eq!(line["element"], "i8");
    assert_eq!(line["bytes"], folder.read("slot.bin").len());
    assert_eq!(line["layers"], serde_json::json!([784, 30, 10]));
    assert_eq!(line["crc32"], "d308e540");
    let text = folder.stdout("export digits.q8.model --format flash --sequence 2 --out b.bin");
    assert!(
        text.contains("Model::<quantized_network![784, 30, 10]>::from_flash"),
        "{text}"
    );
    assert!(text.contains("number 2"), "{text}");
}

#[test]
fn what_belongs_to_other_formats_is_refused() {
    let folder = folder();
    for (arguments, words) in [
        (
            "--format flash --out a --vectors 3",
            "--vectors belongs to --format firmware",
        ),
        (
            "--format flash --out a --integers",
            "--integers belongs to --format firmware",
        ),
        (
            "--format npz --out a --sequence 3",
            "--sequence belongs to --format flash",
        ),
        (
            "--out a --sequence 3",
            "--sequence belongs to --format flash",
        ),
    ] {
        let error = folder.error(&format!("export digits.model {arguments}"));
        assert!(error.contains(words), "{error}");
    }
    for number in ["4294967296", "-1", "two"] {
        let output = folder.run(&format!(
            "export digits.model --format flash --out a --sequence={number}"
        ));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("--sequence"), "{error}");
    }
    folder.stdout("export digits.model --format flash --out a --sequence 4294967295");
}

#[test]
fn an_image_is_replaced_by_force_and_never_taken_for_something_else() {
    let folder = folder();
    let export = "export digits.q8.model --format flash --out slot.bin";
    folder.stdout(export);
    let first = folder.read("slot.bin");
    // An image over an image is what `--out` is for; over anything else it needs `--force`.
    folder.stdout(&format!("{export} --sequence 2"));
    assert_ne!(folder.read("slot.bin"), first);
    folder.write("notes", "mine");
    let error = folder.error("export digits.q8.model --format flash --out notes");
    assert!(error.contains("notes is there already"), "{error}");
    assert_eq!(folder.read("notes"), b"mine");
    let error = folder.error("export digits.q8.model --format flash --out digits.model");
    assert!(error.contains("digits.model is there already"), "{error}");
    for verb in ["info", "evaluate", "quantize --out b", "export --out b"] {
        let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
        let error = folder.error(&format!("{verb} slot.bin {rest}"));
        assert!(error.contains("an image for flash"), "{verb}: {error}");
    }
    let error = folder.error("export digits.q8.model --format flash --out gone/slot.bin");
    assert!(error.contains("there is no folder gone"), "{error}");
}

#[cfg(feature = "qemu")]
mod qemu {
    use std::sync::LazyLock;

    use smidgen_tests::firmware::log::{costs, results};
    use smidgen_tests::firmware::target::{TARGETS, Target};
    use smidgen_tests::firmware::{boot, host};

    use super::folder;

    /// Bytes of stack that the choice may take, below the frame of the program.
    const STACK: usize = 512;

    /// Images of two models, the second one newer.
    static IMAGES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
        let folder = folder();
        folder.stdout("train --epochs 1 --seed 7 --out new.model");
        folder.stdout("quantize new.model --out new.q8.model");
        [(1, "digits"), (2, "new")].map(|(sequence, name)| {
            folder.stdout(&format!(
                "export {name}.q8.model --format flash --sequence {sequence} --out {name}.bin"
            ));
            folder.read(&format!("{name}.bin"))
        })
    });

    /// An image of which only the first bytes were written to erased flash.
    fn half(image: &[u8], end: usize) -> Vec<u8> {
        let mut half = image.to_vec();
        half[end..].fill(u8::MAX);
        half
    }

    /// An image with one bit turned.
    fn flipped(image: &[u8], bit: usize) -> Vec<u8> {
        let mut flipped = image.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    }

    /// Boots with these slots there and here, compares every bit, and gives what ran.
    #[track_caller]
    fn sequence(target: &Target, slots: [&[u8]; 2]) -> Option<u32> {
        let here = host::boot(slots);
        let there = boot(target, slots).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(results(&here), results(&there), "{}", target.triple);
        for (_, stack) in costs(&there, "boot").unwrap() {
            assert!(stack < STACK, "{}: {stack}", target.triple);
        }
        let lines = results(&there);
        let mut numbers = lines
            .iter()
            .filter_map(|line| line.strip_prefix("value sequence "));
        numbers.next().map(|number| number.parse().unwrap())
    }

    fn boots_the_newer_whole_one(target: &Target) {
        let [old, new] = &*IMAGES;
        assert_eq!(sequence(target, [old, new]), Some(2));
        assert_eq!(sequence(target, [new, old]), Some(2));
        assert_eq!(sequence(target, [old, &[]]), Some(1));
        assert_eq!(sequence(target, [&[], &[]]), None);
        let length = new.len();
        // All but the last byte, all but the last word; a page, a word and a byte of it; all but the checksum's start.
        for end in [1, 4, 12, 1024, length / 2, length - 4, length - 1] {
            assert_eq!(sequence(target, [old, &half(new, end)]), Some(1), "{end}");
        }
        for bit in [3, 37, 64, 100, 8 * length / 2 + 5, 8 * length - 1] {
            assert_eq!(
                sequence(target, [&flipped(new, bit), old]),
                Some(1),
                "{bit}"
            );
        }
        assert_eq!(
            sequence(target, [&flipped(old, 999), &half(new, 20_000)]),
            None
        );
    }

    #[test]
    fn a_cortex_m4f_boots_the_newer_whole_model() {
        boots_the_newer_whole_one(&TARGETS[0]);
    }

    #[test]
    fn a_cortex_m33_boots_the_newer_whole_model() {
        boots_the_newer_whole_one(&TARGETS[1]);
    }

    #[test]
    fn a_cortex_m3_boots_the_newer_whole_model() {
        boots_the_newer_whole_one(&TARGETS[2]);
    }

    #[test]
    fn a_cortex_m0_boots_the_newer_whole_model() {
        boots_the_newer_whole_one(&TARGETS[3]);
    }

    #[test]
    fn riscv_boots_the_newer_whole_model() {
        boots_the_newer_whole_one(&TARGETS[4]);
    }
}
