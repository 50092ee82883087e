//! Fuzzes files of images and of labels.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::idx(bytes));
