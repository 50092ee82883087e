//! Fuzzes checkpoints.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::checkpoint(bytes));
