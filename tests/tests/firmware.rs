//! The core on other processors: the same bits as here, and images that hold what they should and nothing else.
//!
//! With the feature `qemu` a missing emulator or target is a failure that names the line to type; without it the tests
//! of this file that need one are not compiled, and the rest compares the scenario with the textbook.

use smidgen_tests::firmware::log::{Fact, results};
use smidgen_tests::firmware::{host, scenario};

#[test]
fn the_vectors_agree_with_the_model_here() {
    let facts = host::run("selftest", true);
    let lines = results(&facts);
    assert!(lines.contains(&"value verify 0"), "{lines:?}");
    assert!(lines.contains(&"value vectors-equal 10"), "{lines:?}");
}

#[test]
fn a_flipped_bit_and_a_strangers_vectors_are_found() {
    faults_are_found("selftest");
}

#[test]
fn and_those_of_the_integer_model() {
    faults_are_found("selftest_q8");
}

#[test]
fn and_those_of_the_model_of_16_bit_weights() {
    faults_are_found("selftest_f16");
}

/// Runs a self-test and looks for what it must find.
fn faults_are_found(program: &str) {
    let facts = host::run(program, true);
    assert!(results(&facts).contains(&"value verify 0"));
    assert!(results(&facts).contains(&"value vectors-equal 10"));
    let found = |step: &str| {
        let line = results(&facts).into_iter().find_map(|line| {
            line.strip_prefix("value ")?
                .strip_prefix(step)?
                .strip_prefix(' ')
                .map(str::to_owned)
        });
        line.expect("the step is there")
            .parse::<u32>()
            .expect("a number")
    };
    assert_ne!(found("verify-broken"), 0);
    assert!(found("vectors-broken") < 10);
    // What is found is the checksum of the model whose the vectors are: always that of the float model.
    assert_eq!(found("vectors-stranger"), scenario::MODEL.crc32());
}

#[test]
fn the_committed_vectors_are_what_export_writes() {
    use smidgen_tests::binary::smidgen;
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = tempfile::tempdir().unwrap();
    for (count, name) in [
        ("10", "digits"),
        ("100", "digits"),
        ("10", "digits.q8"),
        ("10", "digits.f16"),
    ] {
        let status = smidgen(folder.path())
            .args(["export", "--out", "out", "--force", "--vectors", count])
            .arg(fixtures.join(format!("{name}.model")))
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        let read = |path: std::path::PathBuf| std::fs::read(path).unwrap();
        let written = read(folder.path().join(format!("out/{name}.vectors")));
        let fixture = name.replacen("digits", &format!("digits-{count}"), 1);
        assert!(
            written == read(fixtures.join(format!("{fixture}.vectors"))),
            "{fixture}"
        );
        let model = read(folder.path().join(format!("out/{name}.model")));
        assert!(model == read(fixtures.join(format!("{name}.model"))));
    }
}

/// The learned lessons of a number that is not finite are none, and the network stays as it was.
#[test]
fn nothing_is_learned_from_what_is_not_finite() {
    let facts = host::run("any_bits", true);
    let lines = results(&facts);
    let of = |name: &str| -> Vec<&str> {
        let lines = lines.iter().filter_map(|line| line.strip_prefix(name));
        lines.collect()
    };
    assert_eq!(of("value lessons "), ["0"; 4]);
    assert_eq!(of("weights before "), of("weights after "));
    assert_eq!(of("value a good lesson "), ["1"]);
    assert_ne!(of("weights after "), of("weights taught "));
    let outputs = of("output bad input ");
    let all_nan = format!("[{}]", ["00000000"; 10].join(", "));
    assert!(outputs[..2].iter().all(|output| *output == all_nan));
    assert_eq!(of("value answer ")[..2], ["0"; 2]);
    assert_eq!(of("value order ").len(), 30);
}

/// A digest hides what differs, but the weights behind it are there.
#[test]
fn the_host_keeps_every_weight_behind_a_digest() {
    let facts = host::run("learn_output", true);
    let weights = facts
        .iter()
        .filter(|fact| matches!(fact, Fact::Dump { .. }));
    assert_eq!(weights.count(), 310);
}

#[cfg(feature = "qemu")]
mod qemu {
    use std::fmt::Write as _;

    use smidgen_tests::firmware::cycles::cycles;
    use smidgen_tests::firmware::image::Image;
    use smidgen_tests::firmware::log::{Fact, costs, instructions_per_tick, results};
    use smidgen_tests::firmware::target::{TARGETS, Target};
    use smidgen_tests::firmware::toolchain::{Build, build};
    use smidgen_tests::firmware::{folder, host, images, run, scenario};

    /// Every program there is, by its file: one that has no steps on the host fails.
    fn programs() -> Vec<String> {
        let files =
            std::fs::read_dir(folder().join("src/bin")).expect("the folder of the programs");
        let mut names: Vec<_> = files
            .map(|file| {
                file.expect("a file")
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .into()
            })
            .collect();
        names.sort();
        names
    }

    /// The first weight that differs, for a failure; the program is run again and asked for all of them.
    fn first_difference(target: &Target, program: &str, here: &[Fact]) -> String {
        let there = run(target, program, &[("dump", b"")]).expect("the program runs again");
        let weights = |facts: &[Fact]| -> Vec<Fact> {
            let dumps = facts
                .iter()
                .filter(|fact| matches!(fact, Fact::Dump { .. }));
            dumps.cloned().collect()
        };
        let (here, there) = (weights(here), weights(&there));
        let mut text = format!("{} weights here, {} there", here.len(), there.len());
        if let Some(index) = here.iter().zip(&there).position(|(a, b)| a != b) {
            let _ = write!(
                text,
                "; number {index}: {:x?} here, {:x?} there",
                here[index], there[index]
            );
        }
        text
    }

    fn same_bits(target: &Target) {
        for program in programs() {
            let here = host::run(&program, target.learns_digits);
            let there = run(target, &program, &[]).unwrap_or_else(|error| panic!("{error}"));
            for (a, b) in results(&here).iter().zip(results(&there)) {
                assert!(
                    *a == b,
                    "{program} on {}: {a} here, {b} there; {}",
                    target.triple,
                    first_difference(target, &program, &here)
                );
            }
            assert_eq!(results(&here).len(), results(&there).len(), "{program}");
        }
    }

    #[test]
    fn the_same_bits_on_a_cortex_m4f() {
        same_bits(&TARGETS[0]);
    }

    #[test]
    fn the_same_bits_on_a_cortex_m33() {
        same_bits(&TARGETS[1]);
    }

    #[test]
    fn the_same_bits_on_a_cortex_m3() {
        same_bits(&TARGETS[2]);
    }

    #[test]
    fn the_same_bits_on_a_cortex_m0() {
        same_bits(&TARGETS[3]);
    }

    #[test]
    fn the_same_bits_on_riscv() {
        same_bits(&TARGETS[4]);
    }

    #[test]
    fn a_program_reads_more_images_than_its_flash_holds() {
        let facts = run(&TARGETS[0], "classify", &[("images", &images(1_000))]).unwrap();
        let Some(&Fact::Accuracy { correct, total }) = facts.last() else {
            panic!("no accuracy in the log");
        };
        let right = (0..1_000).filter(|&i| answer(i) == label(i)).count();
        assert_eq!((correct as usize, total), (right, 1_000));
    }

    fn test_set() -> &'static smidgen::data::Dataset {
        &smidgen_tests::mnist::mnist().test
    }

    fn label(i: usize) -> usize {
        test_set().label(i)
    }

    fn answer(i: usize) -> usize {
        use smidgen_core::{Network, classify};
        classify(&scenario::MODEL.feedforward(test_set().pixels(i)))
    }

    /// What a release program without instruments must not hold.
    #[test]
    fn the_image_of_a_product_holds_no_panic_and_no_heap() {
        for target in &TARGETS {
            let folder = build(target, Build::Bare).unwrap_or_else(|error| panic!("{error}"));
            for program in programs() {
                let image = Image::read(&folder.join(&program)).unwrap();
                assert!(!image.symbols.is_empty(), "a stripped image proves nothing");
                let panics =
                    image.symbols_with(&["core::panicking", "rust_begin_unwind", "core::fmt"]);
                assert!(
                    panics.is_empty(),
                    "{program}, {}: {panics:?}",
                    target.triple
                );
                let heap = image.symbols_with(&["__rust_alloc", "__rg_alloc", "malloc", "alloc::"]);
                assert!(heap.is_empty(), "{program}, {}: {heap:?}", target.triple);
            }
        }
    }

    /// With instruments, too, the way of an image through the network panics nowhere.
    #[test]
    fn the_image_with_instruments_holds_no_panic() {
        for target in &TARGETS {
            let folder =
                build(target, Build::Instruments).unwrap_or_else(|error| panic!("{error}"));
            let image = Image::read(&folder.join("classify")).unwrap();
            let panics = image.symbols_with(&["core::panicking", "rust_begin_unwind"]);
            assert!(panics.is_empty(), "{}: {panics:?}", target.triple);
        }
    }

    #[test]
    fn the_weights_are_in_flash_and_not_in_ram() {
        for target in &TARGETS {
            let folder = build(target, Build::Bare).unwrap_or_else(|error| panic!("{error}"));
            let image = Image::read(&folder.join("classify")).unwrap();
            assert_eq!((image.data, image.zeroed), (0, 0), "{}", target.triple);
            assert_eq!(image.model, 95_448, "{}", target.triple);
            let image = Image::read(&folder.join("classify_q8")).unwrap();
            assert_eq!((image.data, image.zeroed), (0, 0), "{}", target.triple);
            assert_eq!(image.model, 24_248, "{}", target.triple);
            let image = Image::read(&folder.join("classify_f16")).unwrap();
            assert_eq!((image.data, image.zeroed), (0, 0), "{}", target.triple);
            assert_eq!(image.model, 47_728, "{}", target.triple);
        }
    }

    /// Bytes of stack that inference may take on any target, below the frame of the program.
    const STACK: usize = 1024;

    #[test]
    fn inference_stays_within_its_stack() {
        for target in &TARGETS {
            for program in [
                "classify",
                "classify_f16",
                "classify_q8",
                "classify_q8_constant_time",
            ] {
                let facts = run(target, program, &[]).unwrap_or_else(|error| panic!("{error}"));
                let costs = costs(&facts, "classify").unwrap();
                assert_eq!(costs.len(), 100);
                let stack = costs.iter().map(|&(_, stack)| stack).max().unwrap();
                // 24 KiB is what is painted: so much would say that the paint is not seen.
                assert!((64..STACK).contains(&stack), "{}: {stack}", target.triple);
            }
        }
    }

    /// Instructions differ by no more than the clock's grain, whatever the image; with zeros left out they differ much.
    #[test]
    fn constant_time_is_constant() {
        for target in &TARGETS {
            let spread = |program| {
                let facts = run(target, program, &[]).unwrap_or_else(|error| panic!("{error}"));
                let grain = instructions_per_tick(&facts).unwrap();
                let costs = costs(&facts, "classify").unwrap();
                let instructions = costs.iter().map(|&(instructions, _)| instructions);
                let most = instructions.clone().fold(0.0, f64::max);
                (most - instructions.fold(f64::INFINITY, f64::min)) / grain
            };
            let (constant, skipping) = (spread("classify_q8_constant_time"), spread("classify_q8"));
            assert!(constant <= 1.0, "{}: {constant} ticks", target.triple);
            assert!(skipping > 50.0, "{}: {skipping} ticks", target.triple);
        }
    }

    /// Two ways to count, which know nothing of each other: the board's clock, and a plugin that hears of each instruction.
    #[test]
    fn the_clock_and_the_plugin_count_the_same_instructions() {
        for target in TARGETS.iter().filter(|target| target.core.is_some()) {
            let (program, function) = ("classify_q8", "scenario::infer_quantized");
            let facts = run(target, program, &[]).unwrap_or_else(|error| panic!("{error}"));
            let costs = costs(&facts, "classify").unwrap();
            let clock = costs
                .iter()
                .map(|&(instructions, _)| instructions)
                .sum::<f64>();
            let clock = clock / costs.len() as f64;
            let cycles = cycles(target, program, function, costs.len() as u64)
                .unwrap_or_else(|error| panic!("{error}"))
                .expect("a table");
            let difference = (clock - cycles.instructions).abs();
            assert!(
                difference <= instructions_per_tick(&facts).unwrap(),
                "{cycles:?}"
            );
            assert!(cycles.instructions < cycles.least && cycles.least <= cycles.most);
        }
    }

    /// The way of an image through the integer network has no float: no function of a soft-float library is linked.
    #[test]
    fn the_integer_network_links_no_float() {
        let float = ["__aeabi_f", "__addsf3", "__mulsf3", "__divsf3", "float::"];
        for triple in [
            "thumbv6m-none-eabi",
            "thumbv7m-none-eabi",
            "riscv32imac-unknown-none-elf",
        ] {
            let target = TARGETS
                .iter()
                .find(|target| target.triple == triple)
                .unwrap();
            let folder = build(target, Build::Bare).unwrap_or_else(|error| panic!("{error}"));
            let image = |program| Image::read(&folder.join(program)).unwrap();
            for program in ["classify_q8", "classify_q8_constant_time"] {
                let image = image(program);
                let found = image.symbols_with(&float);
                assert!(found.is_empty(), "{triple}: {found:?}");
            }
            let found = image("classify");
            assert!(
                !found.symbols_with(&float).is_empty(),
                "{triple}: the names are others"
            );
        }
    }
}
