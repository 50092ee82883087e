//! The host's readers of foreign bytes, IDX and PNG: any bytes give a value or a named error, and no header is
//! believed before its bytes are there.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use proptest::prelude::*;
use smidgen::data::idx::{IdxError, Images, read_labels};
use smidgen::data::picture::{self, Drawing, PictureError};
use smidgen_tests::small_set;

fn read_images(bytes: &[u8]) -> Result<Vec<Vec<u8>>, IdxError> {
    let mut images = Vec::new();
    Images::open(bytes)?.for_each(|_, image| images.push(image.to_vec()))?;
    Ok(images)
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A thick stroke, upright, dark on light.
fn one() -> GrayImage {
    GrayImage::from_fn(40, 60, |x, y| {
        let ink = (17..23).contains(&x) && (8..52).contains(&y);
        Luma([if ink { 20 } else { 240 }])
    })
}

#[test]
fn whole_files_give_their_images_and_labels_raw_and_packed() {
    let (images, labels) = (small_set::images(300), small_set::labels(300));
    let images_of = |i| small_set::image(i).to_vec();
    let expected: Vec<Vec<u8>> = (0..300).map(images_of).collect();
    assert!(read_images(&images).unwrap() == expected);
    assert!(read_images(&small_set::gzip(&images)).unwrap() == expected);
    let expected: Vec<u8> = (0..300).map(small_set::label).collect();
    assert_eq!(read_labels(labels.as_slice()).unwrap(), expected);
    assert_eq!(
        read_labels(small_set::gzip(&labels).as_slice()).unwrap(),
        expected
    );
}

#[test]
fn no_memory_is_taken_on_the_word_of_a_header() {
    for count in [4_000_000_000, 5_000_000] {
        let images = small_set::header(&[0x0803, count, 28, 28]);
        assert!(matches!(
            read_images(&images),
            Err(IdxError::TooMany { .. } | IdxError::Truncated { .. })
        ));
        let labels = small_set::header(&[0x0801, count]);
        assert!(matches!(
            read_labels(labels.as_slice()),
            Err(IdxError::TooMany { .. } | IdxError::Truncated { .. })
        ));
    }
}

#[test]
fn a_digit_is_read_alike_dark_on_light_and_light_on_dark() {
    let mut other = one();
    other
        .pixels_mut()
        .for_each(|pixel| pixel.0[0] = 255 - pixel.0[0]);
    let drawing = picture::decode(&png(&one())).unwrap();
    assert!(drawing.image.iter().any(|&pixel| pixel > 200));
    assert!(drawing == picture::decode(&png(&other)).unwrap());
}

#[test]
fn a_blank_picture_is_named_so() {
    for grey in [0, 128, 255] {
        let blank = png(&GrayImage::from_pixel(30, 20, Luma([grey])));
        let error = picture::decode(&blank).unwrap_err();
        assert!(matches!(error, PictureError::Blank), "{error}");
    }
}

#[test]
fn a_picture_of_one_pixel_is_blank() {
    let dot = png(&GrayImage::from_pixel(1, 1, Luma([0])));
    let error = picture::decode(&dot).unwrap_err();
    assert!(matches!(error, PictureError::Blank), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_into_the_idx_readers(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _: Result<Vec<Vec<u8>>, IdxError> = read_images(&bytes);
        let _: Result<Vec<u8>, IdxError> = read_labels(bytes.as_slice());
    }

    #[test]
    fn any_numbers_in_the_header_of_an_idx_file(
        numbers in proptest::collection::vec(
            prop_oneof![Just(0x0803), Just(0x0801), Just(28), 0_u32..3, any::<u32>()], 0..5),
        rest in proptest::collection::vec(any::<u8>(), 0..1600),
    ) {
        let mut file = small_set::header(&numbers);
        file.extend(rest);
        if let Ok(images) = read_images(&file) {
            prop_assert_eq!(file.len(), 16 + 784 * images.len());
        }
        if let Ok(labels) = read_labels(file.as_slice()) {
            prop_assert_eq!(file.len(), 8 + labels.len());
            prop_assert!(labels.iter().all(|&label| label < 10));
        }
    }

    #[test]
    fn a_damaged_idx_file(
        packed in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        for whole in [small_set::images(3), small_set::labels(30)] {
            let mut file = if packed { small_set::gzip(&whole) } else { whole };
            for (position, value) in &changes {
                let position = position.index(file.len());
                file[position] = *value;
            }
            file.truncate(cut.index(2 * file.len()).max(1));
            let _: Result<Vec<Vec<u8>>, IdxError> = read_images(&file);
            let _: Result<Vec<u8>, IdxError> = read_labels(file.as_slice());
        }
    }

    #[test]
    fn any_bytes_into_the_picture_reader(
        signature in prop::sample::select(vec![&b""[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut file = signature.to_vec();
        file.extend(bytes);
        let _: Result<Drawing, PictureError> = picture::decode(&file);
    }

    #[test]
    fn a_damaged_picture(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = png(&one());
        for (position, value) in changes {
            let position = position.index(file.len());
            file[position] = value;
        }
        file.truncate(cut.index(2 * file.len()));
        let _: Result<Drawing, PictureError> = picture::decode(&file);
    }

    #[test]
    fn any_picture_gives_an_image_or_a_named_error(
        width in 1_u32..70,
        height in 1_u32..70,
        seed in any::<u64>(),
        levels in 1_u8..=255,
    ) {
        let mut rng = smidgen_tests::random::rng(seed);
        let picture = GrayImage::from_fn(width, height, |_, _| {
            Luma([(smidgen_tests::random::unit(&mut rng) * f32::from(levels)) as u8])
        });
        let result: Result<Drawing, PictureError> = picture::decode(&png(&picture));
        if let Ok(drawing) = result {
            prop_assert!(drawing.image.iter().any(|&pixel| pixel > 0));
        }
    }
}
