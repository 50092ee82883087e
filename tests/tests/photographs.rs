//! Photographs of digits through the real binary: 400 made from a seed are read as the plain digits are.

use image::{GrayImage, Luma};
use smidgen_tests::folder::Folder;
use smidgen_tests::mnist::mnist;
use smidgen_tests::random::{rng, unit};

const PHOTOGRAPHS: usize = 400;
/// Of 100 photographs so many must be read as the plain digit is.
const LEAST: usize = 95;

/// Test images whose ink fills so much of the box around them that they were taken for the paper, or for a sheet on it.
const HEAVY: [usize; 4] = [200, 222, 311, 353];

/// How a photograph was taken.
struct Camera {
    side: u32,
    /// Degrees.
    turn: f32,
    /// Where the light falls from.
    light: f32,
    frame: bool,
    seed: u64,
}

impl Camera {
    fn new(seed: u64) -> Self {
        let mut rng = rng(seed);
        Self {
            side: 60 + (unit(&mut rng) * 541.0) as u32,
            turn: 10.0 * unit(&mut rng) - 5.0,
            light: std::f32::consts::TAU * unit(&mut rng),
            frame: unit(&mut rng) < 0.5,
            seed: seed + 1_000_000,
        }
    }

    /// Ink on paper of grey 200, less light to one side down to a half, noise of σ = 10.
    fn photograph(&self, digit: &[u8]) -> GrayImage {
        let mut rng = rng(self.seed);
        let (side, (sin, cos)) = (self.side as f32, self.turn.to_radians().sin_cos());
        GrayImage::from_fn(self.side, self.side, |x, y| {
            let (u, v) = (x as f32 / side - 0.5, y as f32 / side - 0.5);
            let (turned_u, turned_v) = (cos * u + sin * v, cos * v - sin * u);
            let ink = sample(
                digit,
                28.0 * (turned_u + 0.5) - 0.5,
                28.0 * (turned_v + 0.5) - 0.5,
            );
            let edge = x.min(y).min(self.side - 1 - x).min(self.side - 1 - y);
            let ink = if self.frame && edge < (self.side / 100).max(1) {
                1.0
            } else {
                ink
            };
            let along = (u * self.light.cos() + v * self.light.sin()) / std::f32::consts::SQRT_2;
            let light = 0.75 - 0.5 * along;
            let noise: f32 = (0..12).map(|_| unit(&mut rng)).sum::<f32>() - 6.0;
            Luma([((200.0 - 160.0 * ink) * light + 10.0 * noise)
                .round()
                .clamp(0.0, 255.0) as u8])
        })
    }
}

/// The ink between pixels, 0 to 1.
fn sample(digit: &[u8], x: f32, y: f32) -> f32 {
    let at = |x: f32, y: f32| {
        let inside = (0.0..28.0).contains(&x) && (0.0..28.0).contains(&y);
        if inside {
            f32::from(digit[y as usize * 28 + x as usize]) / 255.0
        } else {
            0.0
        }
    };
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = (x - left, y - top);
    let row = |y: f32| at(left, y) * (1.0 - right_share) + at(left + 1.0, y) * right_share;
    row(top) * (1.0 - lower_share) + row(top + 1.0) * lower_share
}

#[test]
fn photographs_are_read_as_the_plain_digits_are() {
    let folder = Folder::new();
    let model = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digits.model");
    let test = &mnist().test;
    for i in 0..PHOTOGRAPHS {
        let digit = test.image(i);
        let plain = GrayImage::from_fn(28, 28, |x, y| Luma([255 - digit[(y * 28 + x) as usize]]));
        plain.save(folder.path(&format!("{i}-plain.png"))).unwrap();
        let photograph = Camera::new(i as u64).photograph(&digit);
        photograph
            .save(folder.path(&format!("{i}-photograph.png")))
            .unwrap();
    }
    let predicted = |kind: &str| -> Vec<Option<u64>> {
        let mut command = folder.command("predict");
        command.arg(&model).arg("--json");
        command.args((0..PHOTOGRAPHS).map(|i| format!("{i}-{kind}.png")));
        let output = command.output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let line = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["predicted"].as_u64()
        };
        lines.lines().map(line).collect()
    };
    let (plain, photographs) = (predicted("plain"), predicted("photograph"));
    assert_eq!((plain.len(), photographs.len()), (PHOTOGRAPHS, PHOTOGRAPHS));
    for i in HEAVY {
        let label = Some(test.label(i) as u64);
        assert_eq!([plain[i], photographs[i]], [label; 2], "image {i}");
    }
    let same = |&i: &usize| plain[i].is_some() && plain[i] == photographs[i];
    let (alike, others): (Vec<usize>, Vec<usize>) = (0..PHOTOGRAPHS).partition(same);
    println!("{} of {PHOTOGRAPHS} alike; others: {others:?}", alike.len());
    assert!(
        100 * alike.len() >= LEAST * PHOTOGRAPHS,
        "{}: {others:?}",
        alike.len()
    );
}
