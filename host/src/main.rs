//! The program `smidgen`: all verbs, for the sizes of the book and some around them.

use std::process::ExitCode;

fn main() -> ExitCode {
    // To train another size, add it here.
    smidgen::main(smidgen::networks![
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
    ])
}
