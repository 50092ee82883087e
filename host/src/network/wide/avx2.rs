//! Vectors of eight floats, by AVX2.

use core::arch::x86_64::{
    __m256, _mm_castps_pd, _mm_movehl_ps, _mm_store_ss, _mm_storel_pd, _mm_storeu_ps,
    _mm256_add_ps, _mm256_castps256_ps128, _mm256_cmpeq_epi8, _mm256_extractf128_ps,
    _mm256_loadu_ps, _mm256_loadu_si256, _mm256_maskload_ps, _mm256_movemask_epi8, _mm256_mul_ps,
    _mm256_set1_ps, _mm256_setr_epi32, _mm256_setzero_si256, _mm256_storeu_ps, _mm256_sub_ps,
};

use smidgen_core::Row;

use super::job::Job;
use super::lanes::Lanes;

/// The proof that the processor has AVX2, and the instructions on bits that came with it.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// Asks the processor.
    #[inline(always)]
    pub fn available() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        has.then_some(Self(()))
    }

    /// Does a job that is compiled for these vectors.
    #[inline(always)]
    pub fn run<J: Job>(self, job: J) -> J::Output {
        #[target_feature(enable = "avx2,bmi1,bmi2")]
        fn wide<J: Job>(lanes: Avx2, job: J) -> J::Output {
            job.run(lanes)
        }
        // SAFETY: `self` is the proof that the processor has these features.
        unsafe { wide(self, job) }
    }
}

impl Lanes for Avx2 {
    type Vector = __m256;

    const LANES: usize = 8;
    // Of sixteen registers one holds the factor and one a product.
    const SUMS: usize = 13;

    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        // SAFETY: `self` proves AVX2; the same for every block here that says no more.
        unsafe { _mm256_set1_ps(x) }
    }

    #[inline(always)]
    fn load<const N: usize>(self, row: &Row<N>, first: usize) -> __m256 {
        let tail = row.get(first..).unwrap_or_default();
        // SAFETY: AVX2 as above; eight floats are read only where there are as many, and else those that the mask names,
        // which are those that there are.
        unsafe {
            if tail.len() >= Self::LANES {
                return _mm256_loadu_ps(tail.as_ptr());
            }
            let lane = |i: usize| if i < tail.len() { -1 } else { 0 };
            let mask = _mm256_setr_epi32(
                lane(0),
                lane(1),
                lane(2),
                lane(3),
                lane(4),
                lane(5),
                lane(6),
                lane(7),
            );
            _mm256_maskload_ps(tail.as_ptr(), mask)
        }
    }

    #[inline(always)]
    fn store<const N: usize>(self, vector: __m256, row: &mut Row<N>, first: usize) {
        let tail = row.get_mut(first..).unwrap_or_default();
        let (length, mut to) = (tail.len(), tail.as_mut_ptr());
        // SAFETY: AVX2 as above; four, two and one floats are written where `length` has that many more. A store by a mask
        // takes many times as long on some processors.
        unsafe {
            if length >= Self::LANES {
                return _mm256_storeu_ps(to, vector);
            }
            let mut part = _mm256_castps256_ps128(vector);
            if length & 4 != 0 {
                _mm_storeu_ps(to, part);
                to = to.add(4);
                part = _mm256_extractf128_ps::<1>(vector);
            }
            if length & 2 != 0 {
                _mm_storel_pd(to.cast(), _mm_castps_pd(part));
                to = to.add(2);
                part = _mm_movehl_ps(part, part);
            }
            if length & 1 != 0 {
                _mm_store_ss(to, part);
            }
        }
    }

    #[inline(always)]
    fn add_product(self, sum: __m256, x: __m256, y: __m256) -> __m256 {
        // SAFETY: as in `splat`.
        unsafe { _mm256_add_ps(sum, _mm256_mul_ps(x, y)) }
    }

    #[inline(always)]
    fn product(self, x: __m256, y: __m256) -> __m256 {
        // SAFETY: as in `splat`.
        unsafe { _mm256_mul_ps(x, y) }
    }

    #[inline(always)]
    fn sub_product(self, from: __m256, x: __m256, y: __m256) -> __m256 {
        // SAFETY: as in `splat`.
        unsafe { _mm256_sub_ps(from, _mm256_mul_ps(x, y)) }
    }

    #[inline(always)]
    fn inked(self, bytes: &[u8; 64]) -> u64 {
        let halves = bytes.as_chunks::<32>().0.iter().rev();
        halves.fold(0, |mask, half| {
            // SAFETY: as in `splat`; 32 bytes are read of 32.
            let blank = unsafe {
                let half = _mm256_loadu_si256(half.as_ptr().cast());
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(half, _mm256_setzero_si256()))
            };
            mask << 32 | u64::from(!blank.cast_unsigned())
        })
    }
}
