//! Fuzzes files of test vectors.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::vectors(bytes));
