//! Fuzzes the JSON of `network2.py`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::network2(bytes));
