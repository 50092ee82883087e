//! The widest vector instructions the processor has, chosen when the program runs.
//!
//! The default build of a program for x86-64 may use only SSE2. The loops of the core give the same bits at any
//! vector width, so the host compiles its hot jobs twice and picks the wider one where the processor has AVX2. Fused
//! multiplication and addition is not among the features: it would round once where the contract rounds twice.

/// A piece of work worth compiling for wide vectors. `run` must be `#[inline(always)]`, and so must what it calls.
pub trait Job {
    /// What the work results in.
    type Output;

    /// Does the work.
    fn run(self) -> Self::Output;
}

/// Does a job with the widest vectors there are.
#[inline(always)]
pub fn run<J: Job>(job: J) -> J::Output {
    #[cfg(target_arch = "x86_64")]
    if x86_64::available() {
        return x86_64::run(job);
    }
    job.run()
}

/// Asks the processor to fetch memory that is needed soon: the first `LINES` cache lines of a slice.
#[inline(always)]
pub fn prefetch<const LINES: usize, T>(slice: &[T]) {
    #[cfg(target_arch = "x86_64")]
    x86_64::prefetch::<LINES, T>(slice);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = slice;
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86_64 {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    use crate::network::simd::Job;

    /// Bytes of a cache line.
    const LINE: usize = 64;

    #[inline(always)]
    pub fn available() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
    }

    /// Call it only where [`available`] says so.
    #[inline(always)]
    pub fn run<J: Job>(job: J) -> J::Output {
        #[target_feature(enable = "avx2,bmi1,bmi2")]
        fn wide<J: Job>(job: J) -> J::Output {
            job.run()
        }
        debug_assert!(available());
        // SAFETY: `super::run` has asked the processor for these features.
        unsafe { wide(job) }
    }

    #[inline(always)]
    pub fn prefetch<const LINES: usize, T>(slice: &[T]) {
        let start = slice.as_ptr().cast::<i8>();
        for line in 0..LINES {
            // SAFETY: a prefetch reads nothing and never faults, whatever the address.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line * LINE)) };
        }
    }
}
