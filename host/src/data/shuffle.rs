//! Shuffling by a named algorithm, so that a seed means the same order everywhere.

use rand_core::Rng;

/// Puts a slice into random order: Fisher and Yates, from the back (Knuth, *The Art of Computer Programming*, vol. 2,
/// algorithm P).
///
/// An index below n is the upper half of `n · u` for a random 32-bit word u; no index is off its fair share by more
/// than one part in 2³² / n.
pub fn shuffle<T>(slice: &mut [T], rng: &mut impl Rng) {
    for last in (1..slice.len()).rev() {
        let other = (u64::from(rng.next_u32()) * (last as u64 + 1)) >> 32;
        slice.swap(last, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::shuffle;
    use rand_core::SeedableRng;
    use rand_xorshift::XorShiftRng;

    #[test]
    fn keeps_every_element_and_the_order_of_a_seed() {
        let mut a: Vec<u32> = (0..1000).collect();
        let mut b = a.clone();
        shuffle(&mut a, &mut XorShiftRng::seed_from_u64(3));
        shuffle(&mut b, &mut XorShiftRng::seed_from_u64(3));
        assert_eq!(a, b);
        assert_ne!(a, (0..1000).collect::<Vec<u32>>());
        a.sort_unstable();
        assert_eq!(a, (0..1000).collect::<Vec<u32>>());
    }

    #[test]
    fn every_order_of_three_is_about_as_frequent() {
        let mut rng = XorShiftRng::seed_from_u64(1);
        let mut counts = std::collections::HashMap::new();
        for _ in 0..6000 {
            let mut order = [0, 1, 2];
            shuffle(&mut order, &mut rng);
            *counts.entry(order).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|&count| (850..1150).contains(&count)),
            "{counts:?}"
        );
    }
}
