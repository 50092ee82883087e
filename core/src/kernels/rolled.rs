//! What keeps loops small on a microcontroller, where flash is dear.

/// Keeps the loop in which it stands from being unrolled on a microcontroller, where flash is dear.
#[inline(always)]
pub(crate) fn keep_rolled() {
    // Compilers leave loops alone that hold something they cannot look into.
    #[cfg(target_os = "none")]
    core::hint::black_box(());
}

/// The same reference, of which a compiler for a microcontroller knows nothing: so it makes no copy of the code behind it
/// for each length, and unrolls nothing.
#[inline(always)]
pub(crate) fn opaque<T>(reference: T) -> T {
    #[cfg(target_os = "none")]
    return core::hint::black_box(reference);
    #[cfg(not(target_os = "none"))]
    reference
}
