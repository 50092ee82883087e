//! The choice of the widest vectors, made when the program runs.
//!
//! The default build of a program for x86-64 may use only SSE2. The loops of the core give the same bits at any
//! vector width, so the host compiles its hot jobs three times and picks the widest that the processor has. Fused
//! multiplication and addition is not among the features: it would round once where the contract rounds twice.

#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
use super::job::Job;
use super::lanes::Portable;

/// Does a job with the widest vectors there are.
#[inline(always)]
pub fn run<J: Job>(job: J) -> J::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(lanes) = Avx512::available() {
        return lanes.run(job);
    } else if let Some(lanes) = Avx2::available() {
        return lanes.run(job);
    }
    job.run(Portable)
}

/// Bytes of a cache line.
#[cfg(target_arch = "x86_64")]
const LINE: usize = 64;

/// Asks the processor to fetch memory that is needed soon: the first `LINES` cache lines of a slice.
#[inline(always)]
#[allow(unsafe_code)]
pub fn prefetch<const LINES: usize, T>(slice: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in 0..LINES {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start = slice.as_ptr().cast::<i8>();
        // SAFETY: a prefetch reads nothing and never faults, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line * LINE)) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = slice;
}
