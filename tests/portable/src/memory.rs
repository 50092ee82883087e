//! The functions that compiled code calls by name and that a C library has elsewhere.
//!
//! Their reads and writes are volatile: a plain loop over bytes is what a compiler makes a call of, and here the call
//! would be to the very function.

use core::ffi::{c_int, c_void};

/// Copies `length` bytes between places that do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void {
    for i in 0..length {
        // SAFETY: the caller has `length` bytes at both places.
        unsafe { copy_byte(to, from, i) };
    }
    to
}

/// Copies `length` bytes between places that may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void {
    if to.addr() <= from.addr() {
        // SAFETY: as here; a byte is read before it is overwritten.
        return unsafe { memcpy(to, from, length) };
    }
    for i in (0..length).rev() {
        // SAFETY: as in `memcpy`.
        unsafe { copy_byte(to, from, i) };
    }
    to
}

unsafe fn copy_byte(to: *mut c_void, from: *const c_void, i: usize) {
    // SAFETY: the caller has byte `i` at both places.
    unsafe {
        let byte = from.cast::<u8>().add(i).read_volatile();
        to.cast::<u8>().add(i).write_volatile(byte);
    }
}

/// Sets `length` bytes to the lowest byte of `value`.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut c_void, value: c_int, length: usize) -> *mut c_void {
    for i in 0..length {
        // SAFETY: the caller has `length` bytes there.
        unsafe { to.cast::<u8>().add(i).write_volatile(value as u8) };
    }
    to
}

/// The difference of the first bytes that differ, or 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const c_void, b: *const c_void, length: usize) -> c_int {
    for i in 0..length {
        // SAFETY: the caller has `length` bytes at both places.
        let (a, b) = unsafe {
            let a = a.cast::<u8>().add(i).read_volatile();
            (a, b.cast::<u8>().add(i).read_volatile())
        };
        if a != b {
            return c_int::from(a) - c_int::from(b);
        }
    }
    0
}

/// 0 if no byte differs.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const c_void, b: *const c_void, length: usize) -> c_int {
    // SAFETY: as here.
    unsafe { memcmp(a, b, length) }
}
