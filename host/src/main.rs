//! The program `smidgen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    smidgen::commands::main()
}
