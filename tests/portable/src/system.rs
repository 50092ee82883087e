//! What the program asks of the world: to write a text, and to end.

/// Standard output.
pub struct Console;

impl core::fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            // A write may take fewer bytes than it is given; an error is negative.
            let written = usize::try_from(write(rest)).map_err(|_| core::fmt::Error)?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Ends the program, with success or with failure.
pub fn exit(success: bool) -> ! {
    end(usize::from(!success));
    loop {
        core::hint::spin_loop();
    }
}

#[cfg(target_os = "linux")]
fn write(bytes: &[u8]) -> isize {
    const STANDARD_OUTPUT: usize = 1;
    call(WRITE, [STANDARD_OUTPUT, bytes.as_ptr().addr(), bytes.len()])
}

#[cfg(target_os = "linux")]
fn end(code: usize) {
    call(EXIT, [code, 0, 0]);
}

#[cfg(any(target_arch = "x86", target_arch = "s390x"))]
const WRITE: usize = 4;
#[cfg(any(target_arch = "x86", target_arch = "s390x"))]
const EXIT: usize = 1;
#[cfg(target_arch = "x86_64")]
const WRITE: usize = 1;
#[cfg(target_arch = "x86_64")]
const EXIT: usize = 60;
#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
const WRITE: usize = 64;
#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
const EXIT: usize = 93;

/// Calls the kernel: the number of what it shall do, and what it needs for that.
#[cfg(target_os = "linux")]
fn call(number: usize, [a, b, c]: [usize; 3]) -> isize {
    let result;
    // SAFETY: the kernel keeps all registers but those that are named. It reads memory for `WRITE` alone, and that is
    // a slice's.
    unsafe {
        #[cfg(target_arch = "x86")]
        core::arch::asm!(
            "int 0x80",
            inlateout("eax") number => result,
            in("ebx") a,
            in("ecx") b,
            in("edx") c,
        );
        #[cfg(target_arch = "x86_64")]
        core::arch::asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") a,
            in("rsi") b,
            in("rdx") c,
            out("rcx") _,
            out("r11") _,
        );
        #[cfg(target_arch = "aarch64")]
        core::arch::asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") a => result,
            in("x1") b,
            in("x2") c,
        );
        #[cfg(target_arch = "riscv64")]
        core::arch::asm!(
            "ecall",
            in("a7") number,
            inlateout("a0") a => result,
            in("a1") b,
            in("a2") c,
        );
        #[cfg(target_arch = "s390x")]
        core::arch::asm!(
            "svc 0",
            in("r1") number,
            inlateout("r2") a => result,
            in("r3") b,
            in("r4") c,
        );
    }
    result
}

#[cfg(target_arch = "wasm32")]
fn write(bytes: &[u8]) -> isize {
    // SAFETY: the caller reads the bytes of a slice.
    unsafe { host::write(bytes.as_ptr(), bytes.len()) }
}

#[cfg(target_arch = "wasm32")]
fn end(code: usize) {
    // SAFETY: it takes a number.
    unsafe { host::exit(code) }
}

/// What `run.mjs` gives the module.
#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        pub fn write(bytes: *const u8, length: usize) -> isize;
        pub fn exit(code: usize);
    }
}
