//! Finds the memory of the board that a target runs on, and hands the linker its scripts.

use std::path::Path;
use std::{env, fs};

fn main() {
    let target = env::var("TARGET").unwrap();
    let board = match target.as_str() {
        "thumbv7em-none-eabihf" => "mps2-an386",
        "thumbv6m-none-eabi" => "microbit",
        "thumbv7m-none-eabi" => "lm3s6965evb",
        "thumbv8m.main-none-eabihf" => "mps2-an505",
        "riscv32imac-unknown-none-elf" => "virt",
        _ => panic!("no board for {target}"),
    };
    let out = env::var("OUT_DIR").unwrap();
    let memory = format!("boards/{board}/memory.x");
    fs::copy(&memory, Path::new(&out).join("memory.x")).unwrap();
    println!("cargo:rerun-if-changed={memory}");
    println!("cargo:rerun-if-changed=link.x");
    println!("cargo:rustc-link-search={out}");
    println!(
        "cargo:rustc-link-search={}",
        env::var("CARGO_MANIFEST_DIR").unwrap()
    );
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    if env::var_os("CARGO_FEATURE_INSTRUMENTS").is_some() {
        println!("cargo:rustc-link-arg-bins=-Tdefmt.x");
    }
    println!("cargo:rustc-cfg=board=\"{board}\"");
    println!(
        "cargo:rustc-check-cfg=cfg(board, values(\"mps2-an386\", \"microbit\", \"lm3s6965evb\", \"mps2-an505\", \"virt\"))"
    );
}
