//! Start-up: the vector table, RAM as the linker wants it, the floating-point unit switched on, then `main`.

use core::arch::global_asm;

// Arm: the processor loads the stack pointer and the address of `reset` from the first two words.
#[cfg(target_arch = "arm")]
global_asm!(
    ".section .start, \"a\"",
    ".word __stack_top",
    ".word reset",
    ".rept 14",
    ".word fault",
    ".endr",
);

#[cfg(target_arch = "arm")]
global_asm!(
    ".section .text.reset, \"ax\"",
    ".global reset",
    ".type reset, %function",
    ".thumb_func",
    "reset:",
    "ldr r0, =__bss_start",
    "ldr r1, =__bss_end",
    "movs r2, #0",
    "b 2f",
    "1: stm r0!, {{r2}}",
    "2: cmp r0, r1",
    "bne 1b",
    "ldr r0, =__data_start",
    "ldr r1, =__data_end",
    "ldr r2, =__data_source",
    "b 4f",
    "3: ldm r2!, {{r3}}",
    "stm r0!, {{r3}}",
    "4: cmp r0, r1",
    "bne 3b",
    // Coprocessors 10 and 11, the floating-point unit, in CPACR.
    ".if {fpu}",
    "ldr r0, =0xE000ED88",
    "ldr r1, [r0]",
    "movs r2, #0xF",
    "lsls r2, r2, #20",
    "orrs r1, r2",
    "str r1, [r0]",
    "dsb",
    "isb",
    ".endif",
    "bl main",
    "5: b 5b",
    ".ltorg",
    fpu = const cfg!(target_abi = "eabihf") as u32,
);

// RISC-V: the processor starts at the first byte.
#[cfg(target_arch = "riscv32")]
global_asm!(
    ".section .start, \"ax\"",
    ".global reset",
    "reset:",
    "la sp, __stack_top",
    "la t0, 9f",
    "csrw mtvec, t0",
    "la t0, __bss_start",
    "la t1, __bss_end",
    "j 2f",
    "1: sw zero, 0(t0)",
    "addi t0, t0, 4",
    "2: bne t0, t1, 1b",
    "la t0, __data_start",
    "la t1, __data_end",
    "la t2, __data_source",
    "j 4f",
    "3: lw t3, 0(t2)",
    "sw t3, 0(t0)",
    "addi t0, t0, 4",
    "addi t2, t2, 4",
    "4: bne t0, t1, 3b",
    "call main",
    ".balign 4",
    "9: call fault",
);
