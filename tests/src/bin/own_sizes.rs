//! A program of someone's own: all verbs of smidgen, for other sizes.

fn main() -> std::process::ExitCode {
    smidgen::main(smidgen::networks![
        [784, 40, 10],
        [6, 10, 4],
        [24, 12, 4],
        [600, 16, 4],
        [13, 8, 3],
        [2, 4, 3]
    ])
}
