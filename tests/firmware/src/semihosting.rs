//! Calls to the emulator or the debugger (Arm semihosting, which RISC-V has too): text, files, the end of the program.

use core::arch::asm;

const SYS_OPEN: usize = 0x01;
const SYS_WRITE: usize = 0x05;
const SYS_READ: usize = 0x06;
const SYS_EXIT_EXTENDED: usize = 0x20;

/// The reason for which a program ends by itself, ADP_Stopped_ApplicationExit.
const APPLICATION_EXIT: usize = 0x2_0026;

/// Mode `rb` of `fopen`.
pub const READ: usize = 1;
/// Mode `wb` of `fopen`.
pub const WRITE: usize = 5;

fn call(operation: usize, parameters: *const usize) -> usize {
    let result;
    // SAFETY: the host of the semihosting call reads and writes nothing but what the parameters point to, which the
    // functions below take care of.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("bkpt 0xAB", inout("r0") operation => result, in("r1") parameters);
        // The three instructions must not be compressed and must lie in one page.
        #[cfg(target_arch = "riscv32")]
        asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => result,
            in("a1") parameters,
        );
    }
    result
}

/// Opens a file of the host's, relative to where it was started; `:tt` is its console. The name ends with a zero byte.
pub fn open(name: &core::ffi::CStr, mode: usize) -> Option<usize> {
    let parameters = [name.as_ptr() as usize, mode, name.count_bytes()];
    match call(SYS_OPEN, parameters.as_ptr()) {
        usize::MAX => None,
        handle => Some(handle),
    }
}

/// Writes bytes to a file.
pub fn write(handle: usize, bytes: &[u8]) {
    let parameters = [handle, bytes.as_ptr() as usize, bytes.len()];
    call(SYS_WRITE, parameters.as_ptr());
}

/// Fills a buffer from a file; false if the file ends before.
pub fn read(handle: usize, bytes: &mut [u8]) -> bool {
    let parameters = [handle, bytes.as_mut_ptr() as usize, bytes.len()];
    call(SYS_READ, parameters.as_ptr()) == 0
}

/// Ends the program; the exit code is 0 for success and 1 for failure.
pub fn exit(success: bool) -> ! {
    let parameters = [APPLICATION_EXIT, usize::from(!success)];
    loop {
        call(SYS_EXIT_EXTENDED, parameters.as_ptr());
    }
}
