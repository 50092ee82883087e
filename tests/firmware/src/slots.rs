//! Two slots at the end of flash, for models that arrive after the program.

/// Bytes of a slot.
const SLOT: usize = 32 * 1024;

unsafe extern "C" {
    static __slots: [[u8; SLOT]; 2];
}

/// What stands in the slots, an image or not.
pub fn slots() -> [&'static [u8]; 2] {
    // SAFETY: by the linker's script there are as many bytes of flash from there on, and nobody writes to them while the
    // program runs.
    let [first, second] = unsafe { &__slots };
    [first, second]
}
