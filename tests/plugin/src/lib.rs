//! A plugin of QEMU's that counts, while one function of a program runs, how often each instruction came after which, and
//! how often it went to memory.
//!
//! ```text
//! -plugin libsmidgen_plugin.so,start=0x4A0,calls=100,out=counts
//! ```
//!
//! | argument | meaning                                                                    |
//! |----------|----------------------------------------------------------------------------|
//! | `start`  | the address of the function                                                |
//! | `calls`  | calls of it that are counted, the first ones; all without it               |
//! | `out`    | the file that is written when the program ends                             |
//!
//! The file has a line for each fact, addresses in hexadecimal, numbers in decimal:
//!
//! | line                    | meaning                                                             |
//! |-------------------------|---------------------------------------------------------------------|
//! | `calls N`               | calls that were counted                                             |
//! | `insn PC SIZE TEXT`     | an instruction, its bytes, and what QEMU's disassembler says        |
//! | `edge FROM PC N`        | N times it was executed right after the one at `FROM`               |
//! | `memory PC N`           | N times it went to memory                                           |
//!
//! The functions are those of QEMU's `qemu-plugin.h`, version 1 of its interface, which QEMU has had since 4.2.
#![allow(non_upper_case_globals, reason = "QEMU's name")]

mod count;
mod qemu;

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::{Mutex, PoisonError};

use count::Counts;
use qemu::{Block, Instruction};

/// The version of the interface.
#[unsafe(no_mangle)]
pub static qemu_plugin_version: c_int = 1;

/// There is one processor, so nobody waits for it.
static COUNTS: Mutex<Option<Counts>> = Mutex::new(None);

fn with_counts(work: impl FnOnce(&mut Counts)) {
    if let Some(counts) = &mut *COUNTS.lock().unwrap_or_else(PoisonError::into_inner) {
        work(counts);
    }
}

/// QEMU calls it once, before the program starts; anything but 0 ends it.
///
/// # Safety
///
/// `arguments` are `count` strings that end with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qemu_plugin_install(
    id: u64,
    _info: *const c_void,
    count: c_int,
    arguments: *const *const c_char,
) -> c_int {
    let count = usize::try_from(count).unwrap_or_default();
    let arguments = (0..count).map(|i| {
        // SAFETY: the caller's.
        let text = unsafe { CStr::from_ptr(*arguments.add(i)) };
        text.to_string_lossy().into_owned()
    });
    match Counts::new(arguments) {
        Ok(counts) => *COUNTS.lock().unwrap_or_else(PoisonError::into_inner) = Some(counts),
        Err(error) => {
            eprintln!("smidgen-plugin: {error}");
            return 1;
        }
    }
    // SAFETY: the functions are as QEMU calls them, and stay as long as the plugin does.
    unsafe {
        qemu::qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        qemu::qemu_plugin_register_atexit_cb(id, ended, std::ptr::null_mut());
    }
    0
}

/// QEMU has translated a block: from now on its instructions are heard of.
extern "C" fn translated(_id: u64, block: *mut Block) {
    // SAFETY: the block and its instructions are QEMU's, for as long as this call lasts.
    unsafe {
        for index in 0..qemu::qemu_plugin_tb_n_insns(block) {
            let instruction = qemu::qemu_plugin_tb_get_insn(block, index);
            listen(instruction);
        }
    }
}

/// Asks QEMU to tell of an instruction.
///
/// # Safety
///
/// It is one of a block that is being translated.
unsafe fn listen(instruction: *mut Instruction) {
    // SAFETY: the caller's; the text is freed by nobody, which QEMU's own plugins do as well.
    unsafe {
        let address = qemu::qemu_plugin_insn_vaddr(instruction);
        let size = qemu::qemu_plugin_insn_size(instruction);
        let text = CStr::from_ptr(qemu::qemu_plugin_insn_disas(instruction));
        let text = text.to_string_lossy();
        with_counts(|counts| {
            let number = counts.number(address, size, &text) as *mut c_void;
            qemu::qemu_plugin_register_vcpu_insn_exec_cb(
                instruction,
                executed,
                qemu::NO_REGISTERS,
                number,
            );
            qemu::qemu_plugin_register_vcpu_mem_cb(
                instruction,
                accessed,
                qemu::NO_REGISTERS,
                qemu::READS_AND_WRITES,
                number,
            );
        });
    }
}

/// An instruction is about to be executed.
extern "C" fn executed(_processor: c_uint, number: *mut c_void) {
    with_counts(|counts| counts.executed(number as usize));
}

/// An instruction went to memory.
extern "C" fn accessed(_processor: c_uint, _info: u32, _address: u64, number: *mut c_void) {
    with_counts(|counts| counts.accessed(number as usize));
}

/// The program has ended.
extern "C" fn ended(_id: u64, _data: *mut c_void) {
    with_counts(|counts| {
        if let Err(error) = counts.write() {
            eprintln!("smidgen-plugin: {error}");
        }
    });
}
