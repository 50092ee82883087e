//! Fuzzes models of 16-bit weights.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::halves(bytes));
