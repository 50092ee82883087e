//! What of `qemu-plugin.h` is needed.

use std::ffi::{c_char, c_int, c_uint, c_void};

/// A block of instructions that QEMU translates at once.
#[repr(C)]
pub struct Block {
    _hidden: [u8; 0],
}

/// An instruction of a block.
#[repr(C)]
pub struct Instruction {
    _hidden: [u8; 0],
}

/// `QEMU_PLUGIN_CB_NO_REGS`: a callback reads no register.
pub const NO_REGISTERS: c_int = 0;
/// `QEMU_PLUGIN_MEM_RW`.
pub const READS_AND_WRITES: c_int = 3;

type Translated = extern "C" fn(u64, *mut Block);
type Executed = extern "C" fn(c_uint, *mut c_void);
type Accessed = extern "C" fn(c_uint, u32, u64, *mut c_void);
type Ended = extern "C" fn(u64, *mut c_void);

unsafe extern "C" {
    pub fn qemu_plugin_register_vcpu_tb_trans_cb(id: u64, callback: Translated);
    pub fn qemu_plugin_register_atexit_cb(id: u64, callback: Ended, data: *mut c_void);
    pub fn qemu_plugin_tb_n_insns(block: *const Block) -> usize;
    pub fn qemu_plugin_tb_get_insn(block: *const Block, index: usize) -> *mut Instruction;
    pub fn qemu_plugin_insn_vaddr(instruction: *const Instruction) -> u64;
    pub fn qemu_plugin_insn_size(instruction: *const Instruction) -> usize;
    pub fn qemu_plugin_insn_disas(instruction: *const Instruction) -> *mut c_char;
    pub fn qemu_plugin_register_vcpu_insn_exec_cb(
        instruction: *mut Instruction,
        callback: Executed,
        registers: c_int,
        data: *mut c_void,
    );
    pub fn qemu_plugin_register_vcpu_mem_cb(
        instruction: *mut Instruction,
        callback: Accessed,
        registers: c_int,
        accesses: c_int,
        data: *mut c_void,
    );
}
