//! CRC-32 as in gzip, PNG and Ethernet: polynomial 0xEDB88320 (reflected), start and final value inverted.

/// The remainders of all half bytes; a table of 64 bytes instead of 1,024 suits small flash.
const TABLE: [u32; 16] = {
    let mut table = [0; 16];
    let mut nibble = 0;
    while nibble < 16 {
        let mut remainder = nibble as u32;
        let mut bit = 0;
        while bit < 4 {
            remainder = if remainder & 1 == 1 {
                (remainder >> 1) ^ 0xEDB8_8320
            } else {
                remainder >> 1
            };
            bit += 1;
        }
        table[nibble] = remainder;
        nibble += 1;
    }
    table
};

/// A checksum on its way; [`Crc32::value`] at any point is that of the bytes so far.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Crc32(u32);

impl Crc32 {
    /// The checksum of no bytes.
    pub const START: Self = Self(u32::MAX);

    /// The checksum with more bytes behind.
    ///
    /// ```
    /// use smidgen_core::crc::Crc32;
    /// assert_eq!(Crc32::START.with(b"123456789").value(), 0xCBF4_3926);
    /// ```
    #[must_use]
    pub const fn with(self, bytes: &[u8]) -> Self {
        let mut crc = self.0;
        let mut rest = bytes;
        while let Some((&byte, tail)) = rest.split_first() {
            crc ^= byte as u32;
            crc = TABLE[(crc & 15) as usize] ^ (crc >> 4);
            crc = TABLE[(crc & 15) as usize] ^ (crc >> 4);
            rest = tail;
        }
        Self(crc)
    }

    /// [`with`](Self::with) for many bytes at run time: on a microcontroller the loop is not written out a dozen times.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn with_rolled(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |crc, byte| {
            // Compilers leave loops alone that hold something they cannot look into.
            #[cfg(target_os = "none")]
            core::hint::black_box(());
            crc.with(core::slice::from_ref(byte))
        })
    }

    /// What [`with`](Self::with) goes on from, for an image that is to hold it.
    pub(crate) const fn state(self) -> u32 {
        self.0
    }

    /// The checksum as files hold it.
    #[must_use]
    pub const fn value(self) -> u32 {
        !self.0
    }
}
