//! The core where there is an operating system or a browser: the same bits as here, or a refusal.
//!
//! With the feature `qemu` a missing emulator or target is a failure that names the line to type; without it only the
//! host's part runs.

use std::collections::BTreeSet;

use smidgen_tests::portable::here;

#[test]
fn every_line_is_of_other_bits() {
    let lines = here();
    let names: BTreeSet<_> = lines
        .iter()
        .map(|line| line.rsplit_once(": ").expect("a name and a checksum"))
        .collect();
    assert!(lines.len() > 30, "{lines:?}");
    assert_eq!(names.len(), lines.len(), "{lines:?}");
    assert!(
        names.iter().all(|&(_, checksum)| checksum != "00000000"),
        "nothing came of something: {lines:?}"
    );
    assert_eq!(lines, here(), "two runs differ");
}

#[cfg(feature = "qemu")]
mod qemu {
    use super::here;
    use smidgen_tests::portable::build::check;
    use smidgen_tests::portable::target::{
        AARCH64, I586, I686, RISCV64, S390X, Target, WASM32, WASM32_SIMD, X86_64,
    };
    use smidgen_tests::portable::there;

    /// All lines that differ, for what they have in common says where to look.
    fn same_bits(target: &Target) {
        let here = here();
        let there = there(target).unwrap_or_else(|error| panic!("{error}"));
        let differ: Vec<_> = here.iter().zip(&there).filter(|(a, b)| a != b).collect();
        let triple = target.triple;
        assert!(differ.is_empty(), "(here, {triple}): {differ:#?}");
        assert_eq!(here.len(), there.len(), "lines here and on {triple}");
    }

    #[test]
    fn the_same_bits_on_x86_64() {
        same_bits(&X86_64);
    }

    #[test]
    fn the_same_bits_on_i686() {
        same_bits(&I686);
    }

    #[test]
    fn the_same_bits_on_aarch64() {
        same_bits(&AARCH64);
    }

    #[test]
    fn the_same_bits_on_riscv64() {
        same_bits(&RISCV64);
    }

    #[test]
    fn the_same_bits_on_s390x_which_is_big_endian() {
        same_bits(&S390X);
    }

    #[test]
    fn the_same_bits_on_wasm32() {
        same_bits(&WASM32);
    }

    #[test]
    fn the_same_bits_on_wasm32_with_vectors() {
        same_bits(&WASM32_SIMD);
    }

    #[test]
    fn x87_is_refused_and_told_why() {
        let error = check(&I586).expect_err("the core compiles for x87");
        let reason =
            "smidgen-core does not compile for x87: its registers round every result twice";
        assert!(error.contains(reason), "{error}");
        let alone = "could not compile `smidgen-core` (lib) due to 1 previous error";
        assert!(error.contains(alone), "there is more: {error}");
    }
}
