//! Memory in large pages, for what is read in no order.
//!
//! An epoch goes from one image to the next by chance. The training images of MNIST are 7,000 pages of 4 KB, more than a
//! processor knows the places of, so that each image would have to wait for its place to be looked up; in pages of 2 MB
//! they are 15.

/// Bytes of a large page.
#[cfg(target_os = "linux")]
const LARGE: usize = 1 << 21;

/// Room for `capacity` items, in large pages where the system has them. What stays unused of it takes no memory.
pub fn with_capacity<T>(capacity: usize) -> Vec<T> {
    let mut items = Vec::with_capacity(capacity);
    #[cfg(target_os = "linux")]
    enlarge(items.spare_capacity_mut());
    items
}

/// Asks for large pages; where there are none the small ones do.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn enlarge<T>(memory: &mut [core::mem::MaybeUninit<T>]) {
    let start = memory.as_mut_ptr().cast::<u8>();
    let skip = start.align_offset(LARGE);
    let Some(rest) = size_of_val(memory).checked_sub(skip) else {
        return;
    };
    let length = rest / LARGE * LARGE;
    if length > 0 {
        // SAFETY: the range is within `memory`, which is borrowed for writing; the advice changes nothing of what is read
        // from it or written to it.
        unsafe { libc::madvise(start.wrapping_add(skip).cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn memory_of_any_size_is_as_any_other() {
        for capacity in [0, 1, 1000, 1 << 20, 3 << 20] {
            let mut items = super::with_capacity::<u32>(capacity);
            items.extend(0..capacity as u32);
            assert!((0..).zip(&items).all(|(i, &item)| i == item));
            assert!(items.capacity() >= capacity);
        }
    }
}
