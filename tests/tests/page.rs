//! The page's module of wasm32, as it is checked in and as it is built now: the bits of the host, in Node.
//!
//! With the feature `qemu`, a missing toolchain or Node is a failure that names the line to type; without it only the
//! sources are compared with those that the module was made of.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn assets() -> PathBuf {
    root().join("host/assets")
}

/// All files under a path of the project, the path itself if it is one, by their names from there.
fn files(path: &str) -> Vec<String> {
    let Ok(entries) = root().join(path).read_dir() else {
        return vec![path.into()];
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .flat_map(|name| files(&format!("{path}/{name}")))
        .collect()
}

fn hex(sum: Sha256) -> String {
    let sum = sum.finalize();
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As `host/page/build` sums them up.
#[test]
fn the_module_is_that_of_the_sources() {
    let mut names: Vec<String> = [
        "core/src",
        "core/Cargo.toml",
        "core/build.rs",
        "host/page/src",
        "host/page/Cargo.toml",
        "host/page/Cargo.lock",
        "host/src/page/limits.rs",
    ]
    .into_iter()
    .flat_map(files)
    .collect();
    names.sort();
    let mut sum = Sha256::new();
    for name in names {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        let code = text
            .lines()
            .filter(|line| !line.trim_start_matches(' ').starts_with("//"));
        code.for_each(|line| sum.update(format!("{line}\n")));
    }
    let known = std::fs::read_to_string(assets().join("page.txt")).unwrap();
    let module = std::fs::read(assets().join("page.wasm")).unwrap();
    assert_eq!(
        known.lines().collect::<Vec<_>>(),
        [hex(sum), hex(Sha256::new_with_prefix(module))],
        "the sources or the module have changed: run host/page/build"
    );
}

#[cfg(feature = "qemu")]
mod qemu {
    use std::path::Path;
    use std::process::Command;

    use rand_core::SeedableRng;
    use rand_xorshift::XorShiftRng;
    use smidgen::Start;
    use smidgen::network::{ModelFile, Networks};
    use smidgen::quantize::Original;
    use smidgen_tests::binary;
    use smidgen_tests::mnist::mnist;
    use smidgen_tests::page::{cache, drawings};
    use smidgen_tests::page_bits::Work;

    use super::{assets, root};

    /// The sizes that the program has.
    fn networks() -> Networks {
        smidgen::networks![
            [784, 10, 10],
            [784, 15, 10],
            [784, 20, 10],
            [784, 30, 10],
            [784, 50, 10],
            [784, 64, 10],
            [784, 100, 10],
            [784, 128, 10],
            [784, 200, 10],
            [784, 300, 10],
            [784, 30, 30, 10],
            [784, 100, 30, 10],
        ]
    }

    #[track_caller]
    fn same_bits(work: &Work<'_>, module: &Path, model: &ModelFile) {
        let here = work.here(model, &networks());
        let there = work
            .there(module, model)
            .unwrap_or_else(|error| panic!("{error}"));
        let differs = here.iter().zip(&there).position(|(a, b)| a != b);
        assert_eq!(
            differs,
            None,
            "the first byte that differs, of {:?}",
            model.sizes()
        );
        assert_eq!(here.len(), there.len(), "{:?}", model.sizes());
    }

    /// A thousand images, a hundred lessons and all drawings: with the module as it is checked in, and as it is built now.
    #[test]
    fn the_module_as_it_is_and_as_it_is_built_now_has_the_bits_of_the_host() {
        let built = tempfile::tempdir().unwrap();
        let status = Command::new(root().join("host/page/build"))
            .arg(built.path())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "host/page/build fails; if a tool is missing, type tests/firmware/setup"
        );
        let file = std::fs::read(cache().join("smidgen/draw.model")).unwrap();
        let model = ModelFile::parse(file).unwrap();
        let drawings = drawings();
        let work = Work {
            drawings: &drawings,
            pictures: 1000,
            lessons: 100,
        };
        for folder in [assets().as_path(), built.path()] {
            same_bits(&work, &folder.join("page.wasm"), &model);
        }
    }

    #[test]
    fn all_sizes_of_the_list_have_the_bits_of_the_host_in_floats_and_in_integers() {
        let (networks, drawings) = (networks(), drawings());
        let sizes: Vec<Vec<usize>> = networks.sizes().map(<[usize]>::to_vec).collect();
        assert_eq!(sizes, binary::sizes(), "the list of the program");
        let work = Work {
            drawings: &drawings,
            pictures: 30,
            lessons: 20,
        };
        for sizes in sizes {
            let mut network = networks.float(&sizes).unwrap();
            network.start(Start::Scaled, &mut XorShiftRng::seed_from_u64(7));
            let floats = ModelFile::parse(network.encode("")).unwrap();
            same_bits(&work, &assets().join("page.wasm"), &floats);
            let mut few = smidgen::Dataset::new(784, 10);
            (0..200).for_each(|i| assert!(few.add(&mnist().test.image(i), mnist().test.label(i))));
            let mut integers = networks.integer(&sizes).unwrap();
            let original = Original::measure(&*network, &few);
            original.quantize(&few, &mut *integers).unwrap();
            let integers = ModelFile::parse(integers.encode("")).unwrap();
            same_bits(&work, &assets().join("page.wasm"), &integers);
        }
    }
}
