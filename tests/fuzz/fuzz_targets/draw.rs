//! Fuzzes requests to the page for drawing.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| smidgen_fuzz::draw(bytes));
