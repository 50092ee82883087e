//! `PixelColumns`: the active pixels of a mini-batch, turned from image by image to pixel by pixel, and the step by them.

use std::cell::Cell;

use smidgen_core::image::INTENSITIES;
use smidgen_core::{ActivePixel, Batch, Row};

use super::lanes::{LISTED, Lanes};
use super::step::{Gradient, Rows, Stepping, TILE, side_by_side};

/// Columns that are looked at together.
const BLOCK: usize = 4;

/// Entries of a column that are added without asking whether there is another.
const ENTRIES: usize = 3;

/// For each pixel the bytes of the examples of a mini-batch there, 0 where an example has no ink.
///
/// The examples are in tiles of 16, so that a pixel of a tile is a column of 16 bytes, and a tile of [784, …] fits into the
/// nearest cache. To enter a pixel is to store its byte.
#[derive(Debug)]
pub struct PixelColumns {
    /// Columns of a tile: the inputs, and some that stay empty.
    columns: usize,
    /// By tile and pixel.
    bytes: Vec<[u8; TILE]>,
    /// By tile and pixel, which of its bytes are not 0.
    masks: Vec<u16>,
    /// By pixel, whether a byte of any tile is not 0.
    united: Vec<u16>,
    /// The pixels with ink in some example, ascending, and what is left of others.
    list: Vec<u16>,
    /// How many have.
    inked: usize,
    /// The pixels of a mini-batch of one, which needs no turning.
    single: Vec<ActivePixel>,
    /// How many examples there are.
    examples: usize,
}

impl PixelColumns {
    /// Room for `capacity` examples of `inputs` pixels.
    #[must_use]
    pub fn new(inputs: usize, capacity: usize) -> Self {
        let columns = inputs.max(1).next_multiple_of(LISTED);
        let tiles = if capacity > 1 {
            capacity.div_ceil(TILE)
        } else {
            0
        };
        Self {
            columns,
            bytes: vec![[0; TILE]; tiles * columns],
            masks: vec![0; tiles * columns],
            united: vec![0; columns],
            list: vec![0; columns + LISTED],
            inked: 0,
            single: Vec::new(),
            examples: 0,
        }
    }

    /// Takes all examples out, for the next `examples` of them, at most as many as there is room for.
    #[inline(always)]
    pub fn clear(&mut self, examples: usize) {
        self.examples = examples;
        self.single.clear();
        let tiles = examples.div_ceil(TILE);
        let bytes = self.bytes.get_mut(..tiles * self.columns);
        bytes.unwrap_or_default().fill([0; TILE]);
    }

    /// What enters the pixels of an example, one by one.
    #[inline(always)]
    pub fn enter(&mut self, example: usize) -> impl Fn(ActivePixel) {
        let start = example / TILE * self.columns * TILE + example % TILE;
        let bytes = self.bytes.as_flattened_mut().get_mut(start..);
        let cells = Cell::from_mut(bytes.unwrap_or_default()).as_slice_of_cells();
        move |pixel| {
            if let Some(cell) = cells.get(TILE * usize::from(pixel.index)) {
                cell.set(pixel.value);
            }
        }
    }

    /// To be called after an example was entered: keeps its pixels if it is the only one.
    #[inline(always)]
    pub fn keep(&mut self, pixels: &[ActivePixel]) {
        if self.examples == 1 {
            self.single.extend_from_slice(pixels);
        }
    }

    /// To be called after the last example.
    #[inline(always)]
    pub fn close(&mut self, lanes: impl Lanes) {
        let tiles = self.examples.div_ceil(TILE);
        let blocks = self.bytes.as_flattened().as_chunks().0;
        let masks = self.masks.as_chunks_mut().0;
        for (masks, block) in masks
            .iter_mut()
            .zip(blocks)
            .take(tiles * self.columns / BLOCK)
        {
            let mask: u64 = lanes.inked(block);
            *masks = core::array::from_fn::<_, BLOCK, _>(|column| (mask >> (TILE * column)) as u16);
        }
        let mut first = self.masks.chunks_exact(self.columns).take(tiles);
        let mut united = first.next().unwrap_or_default();
        if tiles > 1 {
            self.united.copy_from_slice(united);
            for masks in first {
                let pairs = self.united.iter_mut().zip(masks);
                pairs.for_each(|(any, mask)| *any |= mask);
            }
            united = &self.united;
        }
        let mut inked = 0;
        for (first, masks) in (0..).step_by(LISTED).zip(united.as_chunks().0) {
            let place = self
                .list
                .get_mut(inked..)
                .and_then(<[u16]>::first_chunk_mut);
            if let Some(place) = place {
                // There are at most 2¹⁶ inputs.
                inked += lanes.list(masks, first as u16, place);
            }
        }
        self.inked = inked;
    }
}

/// The columns of a mini-batch, to be walked with vectors of a width.
#[derive(Clone, Copy, Debug)]
pub struct Turned<'a, L> {
    /// The vectors.
    pub lanes: L,
    /// The columns.
    pub columns: &'a PixelColumns,
}

impl<L: Lanes, const N: usize> Batch<N> for Turned<'_, L> {
    #[inline(always)]
    fn columns(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, f32)> + Clone)> {
        let columns = self.columns;
        (0..N).map(move |k| {
            let tiles = columns.bytes.iter().skip(k).step_by(columns.columns);
            let bytes = tiles.flatten().take(columns.examples).enumerate();
            let single = columns
                .single
                .iter()
                .filter(move |pixel| usize::from(pixel.index) == k);
            let inked = bytes.chain(single.map(|pixel| (0, &pixel.value)));
            let column = inked.filter(|&(_, &byte)| byte != 0);
            (
                k,
                column.map(|(i, &byte)| (i, INTENSITIES[usize::from(byte)])),
            )
        })
    }

    #[inline(always)]
    fn descend<'d, const OUT: usize>(
        &self,
        weights: &mut [Row<OUT>; N],
        decay: f32,
        deltas: impl Fn(usize) -> Option<&'d Row<OUT>> + Copy,
        step: f32,
    ) -> bool {
        let Self { lanes, columns } = *self;
        let stepping = Stepping { lanes, decay, step };
        if let (1, Some(delta)) = (columns.examples, deltas(0)) {
            let entries = columns.single.iter().map(|&pixel| {
                let single = Single { pixel, delta };
                (usize::from(pixel.index), single)
            });
            stepping.rows(weights, entries);
            return true;
        }
        let (mut near, mut far) = ([[Row::ZERO; TILE + 1]], Vec::new());
        let rows = side_by_side(&mut near, &mut far, columns.examples, deltas);
        let inked = columns.list.get(..columns.inked).unwrap_or_default();
        let entries = inked.iter().map(|&k| {
            let k = usize::from(k);
            let column = Column {
                bytes: &columns.bytes,
                masks: &columns.masks,
                columns: columns.columns,
                rows,
                k,
            };
            (k, column)
        });
        stepping.rows(weights, entries);
        true
    }
}

/// The one entry of a pixel in a mini-batch of one.
struct Single<'a, const OUT: usize> {
    pixel: ActivePixel,
    delta: &'a Row<OUT>,
}

impl<const OUT: usize> Gradient<OUT> for Single<'_, OUT> {
    #[inline(always)]
    fn add<L: Lanes>(&self, lanes: L, sums: &mut [L::Vector], first: usize, width: usize) {
        let x = lanes.splat(INTENSITIES[usize::from(self.pixel.value)]);
        for (c, sum) in sums.iter_mut().enumerate().take(width) {
            *sum = lanes.add_product(*sum, x, lanes.load(self.delta, (first + c) * L::LANES));
        }
    }
}

/// The entries of a pixel.
struct Column<'a, const OUT: usize> {
    /// The bytes of all pixels and their masks, by tile.
    bytes: &'a [[u8; TILE]],
    masks: &'a [u16],
    /// Columns of a tile.
    columns: usize,
    /// The deltas, by tile.
    rows: &'a [Rows<OUT>],
    /// The pixel.
    k: usize,
}

impl<const OUT: usize> Gradient<OUT> for Column<'_, OUT> {
    #[inline(always)]
    fn add<L: Lanes>(&self, lanes: L, sums: &mut [L::Vector], first: usize, width: usize) {
        let mut at = self.k;
        for rows in self.rows {
            let (Some(bytes), Some(&mask)) = (self.bytes.get(at), self.masks.get(at)) else {
                return;
            };
            at += self.columns;
            let mut mask = u32::from(mask);
            while mask != 0 {
                for _ in 0..ENTRIES {
                    // Beyond the last entry stands the row of zeros, whatever the byte.
                    let i = (mask | 1 << TILE).trailing_zeros() as usize;
                    mask &= mask.wrapping_sub(1);
                    let x = lanes.splat(INTENSITIES[usize::from(bytes[i % TILE])]);
                    for (c, sum) in sums.iter_mut().enumerate().take(width) {
                        *sum = lanes.add_product(
                            *sum,
                            x,
                            lanes.load(&rows[i], (first + c) * L::LANES),
                        );
                    }
                }
            }
        }
    }
}
