//! Vectors of sixteen floats, by AVX-512.

use core::arch::x86_64::{
    __m512, _mm512_add_epi16, _mm512_add_ps, _mm512_loadu_ps, _mm512_loadu_si512,
    _mm512_mask_storeu_ps, _mm512_maskz_compress_epi16, _mm512_maskz_loadu_ps, _mm512_mul_ps,
    _mm512_set1_epi16, _mm512_set1_ps, _mm512_storeu_ps, _mm512_storeu_si512, _mm512_sub_ps,
    _mm512_test_epi8_mask, _mm512_test_epi16_mask,
};

use smidgen_core::Row;

use super::job::Job;
use super::lanes::{LISTED, Lanes};

/// The proof that the processor has AVX-512 with its instructions on bytes, and those on bits.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    #[inline(always)]
    pub fn available() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        has.then_some(Self(()))
    }

    /// Does a job that is compiled for these vectors.
    #[inline(always)]
    pub fn run<J: Job>(self, job: J) -> J::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi1,bmi2,popcnt")]
        fn wide<J: Job>(lanes: Avx512, job: J) -> J::Output {
            job.run(lanes)
        }
        // SAFETY: `self` is the proof that the processor has these features.
        unsafe { wide(self, job) }
    }
}

/// A bit for each float that there is, of sixteen.
#[inline(always)]
const fn mask(length: usize) -> u16 {
    (1 << length) - 1
}

impl Lanes for Avx512 {
    type Vector = __m512;

    const LANES: usize = 16;
    const SUMS: usize = 16;

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        // SAFETY: `self` proves AVX-512; the same for every block here that says no more.
        unsafe { _mm512_set1_ps(x) }
    }

    #[inline(always)]
    fn load<const N: usize>(self, row: &Row<N>, first: usize) -> __m512 {
        let tail = row.get(first..).unwrap_or_default();
        // SAFETY: AVX-512 as above; sixteen floats are read only where there are as many, and else those that there are.
        unsafe {
            if tail.len() >= Self::LANES {
                _mm512_loadu_ps(tail.as_ptr())
            } else {
                _mm512_maskz_loadu_ps(mask(tail.len()), tail.as_ptr())
            }
        }
    }

    #[inline(always)]
    fn store<const N: usize>(self, vector: __m512, row: &mut Row<N>, first: usize) {
        let tail = row.get_mut(first..).unwrap_or_default();
        // SAFETY: as in `load`.
        unsafe {
            if tail.len() >= Self::LANES {
                _mm512_storeu_ps(tail.as_mut_ptr(), vector);
            } else {
                _mm512_mask_storeu_ps(tail.as_mut_ptr(), mask(tail.len()), vector);
            }
        }
    }

    #[inline(always)]
    fn add_product(self, sum: __m512, x: __m512, y: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_add_ps(sum, _mm512_mul_ps(x, y)) }
    }

    #[inline(always)]
    fn product(self, x: __m512, y: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_mul_ps(x, y) }
    }

    #[inline(always)]
    fn sub_product(self, from: __m512, x: __m512, y: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_sub_ps(from, _mm512_mul_ps(x, y)) }
    }

    #[inline(always)]
    fn inked(self, bytes: &[u8; 64]) -> u64 {
        // SAFETY: as in `splat`; 64 bytes are read of 64.
        unsafe {
            let bytes = _mm512_loadu_si512(bytes.as_ptr().cast());
            _mm512_test_epi8_mask(bytes, bytes)
        }
    }

    #[inline(always)]
    fn list(self, masks: &[u16; LISTED], first: u16, list: &mut [u16; LISTED]) -> usize {
        // SAFETY: as in `splat`; 32 numbers are read of 32, and written.
        unsafe {
            let masks = _mm512_loadu_si512(masks.as_ptr().cast());
            let inked = _mm512_test_epi16_mask(masks, masks);
            let counting = _mm512_loadu_si512(COUNTING.as_ptr().cast());
            let places = _mm512_add_epi16(counting, _mm512_set1_epi16(first.cast_signed()));
            let inked_places = _mm512_maskz_compress_epi16(inked, places);
            _mm512_storeu_si512(list.as_mut_ptr().cast(), inked_places);
            inked.count_ones() as usize
        }
    }
}

/// 0, 1, 2, …
static COUNTING: [u16; LISTED] = {
    let mut counting = [0; LISTED];
    let mut i = 0;
    while i < LISTED {
        counting[i] = i as u16;
        i += 1;
    }
    counting
};
