//! The first instructions: a stack as the calling convention wants it, then `main`.

#[cfg(not(target_arch = "wasm32"))]
use core::arch::global_asm;

use crate::main;

// The kernel gives a stack on 16 bytes, and the call puts a return address on it, as it should.
#[cfg(target_arch = "x86")]
global_asm!(
    ".global _start",
    "_start:",
    "and esp, -16",
    "call {main}",
    main = sym main,
);

#[cfg(target_arch = "x86_64")]
global_asm!(
    ".global _start",
    "_start:",
    "and rsp, -16",
    "call {main}",
    main = sym main,
);

#[cfg(target_arch = "aarch64")]
global_asm!(".global _start", "_start:", "bl {main}", main = sym main);

#[cfg(target_arch = "riscv64")]
global_asm!(".global _start", "_start:", "call {main}", main = sym main);

// Whoever calls leaves 160 bytes in which the callee keeps registers.
#[cfg(target_arch = "s390x")]
global_asm!(
    ".global _start",
    "_start:",
    "aghi %r15, -160",
    "brasl %r14, {main}",
    main = sym main,
);

/// What the caller of a module of wasm32 calls.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
extern "C" fn _start() {
    main()
}
