//! The loops that a host runs by its widest vectors: the first layer of a network forward, and its step.
//!
//! They are the loops of `kernels` in the core over again, for the two places where an epoch spends its time, and the
//! core's are their oracle: the sums have the same order, so the bits are the same, whatever the processor.
//!
//! | file | holds |
//! |------|-------|
//! | `lanes` | vectors of floats, as wide as the processor has them: portable, `avx2`, `avx512` |
//! | `job`, `choice` | work that is compiled for each of these, and the choice among them when the program runs |
//! | `columns` | the active pixels of a mini-batch, turned, and what steps by them |
//! | `readings` | rows of readings, as they are and turned, and what sums and steps by them |
//! | `step` | the step of rows of weights |
//! | `pixels` | the active pixels of an image, and what sums by them |

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512;
mod choice;
mod columns;
mod job;
mod lanes;
mod pixels;
mod readings;
mod step;

pub use choice::{prefetch, run};
pub use columns::{PixelColumns, Turned};
pub use job::Job;
pub use lanes::Lanes;
pub use pixels::Pixels;
pub use readings::{ReadingColumns, Readings, TurnedReadings};

#[cfg(test)]
mod tests {
    use rand_core::{Rng, SeedableRng};
    use rand_xorshift::XorShiftRng;
    use smidgen_core::kernels::{descend, weighted_input};
    use smidgen_core::{ActivePixel, Batch, Row, active_pixels};

    use super::lanes::Portable;
    use super::{
        Job, Lanes, PixelColumns, Pixels, ReadingColumns, Readings, Turned, TurnedReadings,
    };

    const INPUTS: usize = 70;

    /// The loops of a layer of `OUT` neurons, with some vectors, against the core's portable ones.
    struct Compare<const OUT: usize>;

    impl<const OUT: usize> Job for Compare<OUT> {
        type Output = ();

        fn run<L: Lanes>(self, lanes: L) {
            let mut rng = XorShiftRng::seed_from_u64(OUT as u64);
            for examples in [1, 2, 3, 9, 16, 17, 40] {
                images::<L, OUT>(lanes, &mut rng, examples);
                rows::<L, OUT>(lanes, &mut rng, examples);
            }
        }
    }

    fn float(rng: &mut XorShiftRng) -> f32 {
        (rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0
    }

    fn layer<const N: usize, const OUT: usize>(rng: &mut XorShiftRng) -> [Row<OUT>; N] {
        core::array::from_fn(|_| Row(core::array::from_fn(|_| float(rng))))
    }

    fn expect_equal<const N: usize, const OUT: usize>(a: &[Row<OUT>; N], b: &[Row<OUT>; N]) {
        let bits = |rows: &[Row<OUT>; N]| rows.map(|row| row.map(f32::to_bits));
        assert_eq!(bits(a), bits(b), "{OUT} neurons");
    }

    /// A step by a batch's own loop, and by the core's over the same columns.
    fn step<const OUT: usize>(
        rng: &mut XorShiftRng,
        examples: usize,
        batch: &impl Batch<INPUTS>,
        portable: &impl Batch<INPUTS>,
    ) {
        let deltas: Vec<Row<OUT>> = (0..examples).flat_map(|_| layer::<1, OUT>(rng)).collect();
        for decay in [1.0, 0.9] {
            let mut found = layer::<INPUTS, OUT>(rng);
            let mut wanted = found;
            assert!(batch.descend(&mut found, decay, |i| deltas.get(i), 0.3));
            for weight in wanted.iter_mut().flat_map(|row| &mut row.0) {
                *weight *= decay;
            }
            descend(&mut wanted, portable, |i| deltas.get(i), 0.3);
            expect_equal(&found, &wanted);
        }
    }

    fn images<L: Lanes, const OUT: usize>(lanes: L, rng: &mut XorShiftRng, examples: usize) {
        let mut columns = PixelColumns::new(INPUTS, 40);
        if examples == 1 {
            columns = PixelColumns::new(INPUTS, 1);
        }
        let mut images = Vec::new();
        // Twice, so that what is left of the first mini-batch would show in the second.
        for _ in 0..2 {
            images.clear();
            columns.clear(examples);
            for i in 0..examples {
                let ink = |_| rng.next_u32().to_le_bytes();
                let ink: [_; INPUTS] = core::array::from_fn(ink);
                let image = ink.map(|[byte, choice, ..]| if choice < 80 { byte } else { 0 });
                let pixels: Vec<ActivePixel> = active_pixels(&image).collect();
                columns.keep(&pixels);
                let weights = layer::<INPUTS, OUT>(rng);
                let (mut found, mut wanted) = (Row::ZERO, Row::ZERO);
                let entering = Pixels {
                    lanes,
                    pixels: &pixels,
                    visit: columns.enter(i),
                };
                weighted_input(&weights, &weights[0], &entering, &mut found);
                weighted_input(&weights, &weights[0], &image, &mut wanted);
                expect_equal(&[found], &[wanted]);
                images.push(image);
            }
            columns.close(lanes);
        }
        let portable = smidgen_core::batch::Examples::new(examples, |i| images.get(i));
        let turned = Turned {
            lanes,
            columns: &columns,
        };
        step::<OUT>(rng, examples, &turned, &portable);
        let of = |columns: Vec<(usize, Vec<(usize, f32)>)>| {
            let inked = columns.into_iter().filter(|(_, column)| !column.is_empty());
            inked.collect::<Vec<_>>()
        };
        let own = Batch::<INPUTS>::columns(&turned).map(|(k, c)| (k, c.collect()));
        let core = Batch::<INPUTS>::columns(&portable).map(|(k, c)| (k, c.collect()));
        assert_eq!(of(own.collect()), of(core.collect()));
    }

    fn rows<L: Lanes, const OUT: usize>(lanes: L, rng: &mut XorShiftRng, examples: usize) {
        let mut columns = ReadingColumns::new(INPUTS, 40);
        columns.clear(examples);
        let mut rows = Vec::new();
        for i in 0..examples {
            let row: [f32; INPUTS] = core::array::from_fn(|_| float(rng).max(0.0));
            columns.enter(i, &row);
            let weights = layer::<INPUTS, OUT>(rng);
            let (mut found, mut wanted) = (Row::ZERO, Row::ZERO);
            weighted_input(
                &weights,
                &weights[0],
                &Readings::new(lanes, &row),
                &mut found,
            );
            weighted_input(&weights, &weights[0], &row, &mut wanted);
            expect_equal(&[found], &[wanted]);
            rows.push(row);
        }
        let portable = smidgen_core::batch::Examples::new(examples, |i| rows.get(i));
        let columns = &columns;
        step::<OUT>(rng, examples, &TurnedReadings { lanes, columns }, &portable);
    }

    /// Every width that there is on this processor.
    fn compare<const OUT: usize>() {
        Compare::<OUT>.run(Portable);
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(lanes) = super::avx2::Avx2::available() {
                lanes.run(Compare::<OUT>);
            }
            if let Some(lanes) = super::avx512::Avx512::available() {
                lanes.run(Compare::<OUT>);
            }
        }
    }

    #[test]
    fn every_width_has_the_bits_of_the_portable_loops_for_every_rest_of_a_vector() {
        compare::<1>();
        compare::<2>();
        compare::<3>();
        compare::<5>();
        compare::<7>();
        compare::<8>();
        compare::<10>();
        compare::<14>();
        compare::<16>();
        compare::<30>();
        compare::<100>();
        compare::<131>();
        compare::<300>();
    }
}
