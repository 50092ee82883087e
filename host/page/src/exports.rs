//! What the page calls: functions over one state, for a module of wasm32 has one caller at a time.
//!
//! | function | does |
//! |----------|------|
//! | `file(length)` | gives room for a model file |
//! | `load()` | makes a network of it; what it gives is 0, or why not |
//! | `forget()` | takes all lessons back |
//! | `sizes()`, `depth()`, `element()` | what the network is |
//! | `most_points()`, `most_strokes()`, `pen()`, `smallest()` | what the page must know of drawings, so that it stands here alone |
//! | `points()`, `ends()` | room for the points of strokes, and for where each stroke ends among them |
//! | `draw(strokes, width)` | makes the input of them; how many digits they may be, 0 if there is nothing |
//! | `input()` | the bytes of the input |
//! | `ask()` | what the network says to the input: the best class |
//! | `activations(layer)`, `sums()` | and what led to it |
//! | `teach(class)` | one step of learning |
//! | `weights(layer, j)`, `terms(layer, j)` | the weights into a neuron; each times what comes in |
//! | `bias(layer, j)`, `sum(layer, j)` | what a neuron adds to them; its z |
#![allow(unsafe_code, reason = "the state is one, and so is the caller")]

use core::arch::wasm32::memory_grow;

use smidgen_core::image::{PIXELS, intensity};
use smidgen_core::model::{ELEMENT_F16, ELEMENT_F32, Header};

use super::pad;
use super::raster::{self, Point};
use super::room::{self, INPUTS, LAYERS, NEURONS, Picture, Room, Values};
use super::weights::Layer;

/// Points that a drawing may have; a minute of scribbling has some 4,000.
const MOST_POINTS: usize = 20_000;
/// Strokes that a drawing may have.
const MOST_STROKES: usize = 2_000;
/// Bytes of a page of memory.
const PAGE: usize = 1 << 16;

struct State {
    points: [Point; MOST_POINTS],
    ends: [u32; MOST_STROKES],
    picture: Picture,
    values: Values,
    /// Weights or products of a neuron.
    row: [f32; INPUTS],
    sizes: [u32; LAYERS + 1],
    depth: usize,
    element: u8,
    file: Option<&'static mut [u8]>,
    /// Where the numbers begin in it.
    start: usize,
    padded: Option<&'static mut [u8]>,
    room: Option<&'static mut dyn Room>,
}

/// All of it is zeros, so that none of it stands in the module.
static mut STATE: State = State {
    points: [[0.0; 2]; MOST_POINTS],
    ends: [0; MOST_STROKES],
    picture: [0; INPUTS],
    values: Values::ZERO,
    row: [0.0; INPUTS],
    sizes: [0; LAYERS + 1],
    depth: 0,
    element: 0,
    file: None,
    start: 0,
    padded: None,
    room: None,
};

fn state() -> &'static mut State {
    let state = &raw mut STATE;
    // SAFETY: every export takes the state once and calls no other export, and there is one thread.
    unsafe { &mut *state }
}

/// Bytes of 0 that nobody has; none if the memory is full.
fn bytes(length: usize) -> Option<&'static mut [u8]> {
    let before = memory_grow(0, length.div_ceil(PAGE));
    (before != usize::MAX).then(|| {
        let start = core::ptr::with_exposed_provenance_mut(before * PAGE);
        // SAFETY: the pages are new, so they are 0, and nobody else's.
        unsafe { core::slice::from_raw_parts_mut(start, length) }
    })
}

/// Why there is no network, as `load` says it.
#[repr(u32)]
enum Fault {
    None = 0,
    /// The file is not whole.
    File = 1,
    /// The network is too large for this page, or too deep.
    Sizes = 2,
    /// The memory is full.
    Memory = 3,
    /// A number that may not be.
    Number = 4,
    /// Weights of 16 bits, for which there is no network here.
    Kind = 5,
}

#[unsafe(no_mangle)]
extern "C" fn file(length: usize) -> *mut u8 {
    let state = state();
    state.room = None;
    state.file = bytes(length);
    let file = state.file.as_mut();
    file.map_or(core::ptr::null_mut(), |file| file.as_mut_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn load() -> u32 {
    match make(state()) {
        Ok(()) => Fault::None as u32,
        Err(fault) => fault as u32,
    }
}

fn make(state: &mut State) -> Result<(), Fault> {
    let file: &[u8] = state.file.as_deref().ok_or(Fault::Memory)?;
    let header = Header::parse(file).map_err(|_| Fault::File)?;
    (state.element, state.depth) = (header.element(), header.depth());
    if state.element == ELEMENT_F16 {
        return Err(Fault::Kind);
    }
    state.start = header.parameters();
    if state.depth > LAYERS + 1 {
        return Err(Fault::Sizes);
    }
    let mut sizes = [0; LAYERS + 1];
    for ((size, known), found) in sizes.iter_mut().zip(&mut state.sizes).zip(header.sizes()) {
        (*size, *known) = (found, found as u32);
    }
    let sizes = sizes.get(..state.depth).unwrap_or_default();
    let floats = state.element == ELEMENT_F32;
    let kind = room::find(floats, sizes).ok_or(Fault::Sizes)?;
    let padded = bytes(pad::length(state.element, kind.sizes)).ok_or(Fault::Memory)?;
    let numbers = file.get(state.start..).unwrap_or_default();
    pad::pad(state.element, sizes, kind.sizes, numbers, padded);
    let place = bytes(kind.bytes).ok_or(Fault::Memory)?;
    // SAFETY: they are as many, new and 0, and a page begins where any number may.
    let room = unsafe { (kind.make)(place.as_mut_ptr()) };
    room.read(padded).map_err(|_| Fault::Number)?;
    state.padded = Some(padded);
    state.room = Some(room);
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn forget() {
    let State { room, padded, .. } = state();
    if let (Some(room), Some(padded)) = (room, padded) {
        // They were read before.
        let _ = room.read(padded);
    }
}

#[unsafe(no_mangle)]
extern "C" fn sizes() -> *const u32 {
    state().sizes.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn depth() -> usize {
    state().depth
}

#[unsafe(no_mangle)]
extern "C" fn element() -> u32 {
    u32::from(state().element)
}

#[unsafe(no_mangle)]
extern "C" fn most_points() -> usize {
    MOST_POINTS
}

#[unsafe(no_mangle)]
extern "C" fn most_strokes() -> usize {
    MOST_STROKES
}

#[unsafe(no_mangle)]
extern "C" fn pen() -> f32 {
    raster::PEN
}

#[unsafe(no_mangle)]
extern "C" fn smallest() -> f32 {
    raster::SMALLEST
}

#[unsafe(no_mangle)]
extern "C" fn points() -> *mut Point {
    state().points.as_mut_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn ends() -> *mut u32 {
    state().ends.as_mut_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn draw(strokes: usize, width: usize) -> usize {
    let state = state();
    let ends = state.ends.get(..strokes).unwrap_or_default();
    let mut start = 0;
    // Strokes whose points are not all there are none.
    let strokes = ends.iter().map(|&end| {
        let stroke = state.points.get(start..end as usize).unwrap_or_default();
        start = end as usize;
        stroke
    });
    let mut list = [&[][..]; MOST_STROKES];
    let length = strokes.len();
    list.iter_mut()
        .zip(strokes)
        .for_each(|(to, from)| *to = from);
    let strokes = list.get(..length).unwrap_or_default().iter().copied();
    state.picture = [0; INPUTS];
    let inputs = state.sizes.first().map_or(0, |&inputs| inputs as usize);
    let input = state.picture.get_mut(..inputs).unwrap_or_default();
    match raster::image(strokes.clone()) {
        None => 0,
        Some(image) => {
            raster::resize(&image, width, input);
            raster::side_by_side(strokes)
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn input() -> *mut u8 {
    state().picture.as_mut_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn ask() -> usize {
    let State {
        room,
        picture,
        values,
        sizes,
        depth,
        ..
    } = state();
    let Some(room) = room else { return 0 };
    room.ask(picture, values);
    // The sums and not the activations, of which two may be equal where the sums are not: so integers rank.
    let classes = depth.checked_sub(1).and_then(|last| sizes.get(last));
    let answers = values
        .sums
        .get(..classes.map_or(0, |&classes| classes as usize));
    let mut best = (0, f32::NEG_INFINITY);
    for (class, &sum) in answers.unwrap_or_default().iter().enumerate() {
        if sum > best.1 {
            best = (class, sum);
        }
    }
    best.0
}

#[unsafe(no_mangle)]
extern "C" fn activations(layer: usize) -> *const f32 {
    let row = state().values.activations.get(layer);
    row.map_or(core::ptr::null(), |row| row.as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn sums() -> *const f32 {
    state().values.sums.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn teach(class: usize) {
    let State { room, picture, .. } = state();
    if let Some(room) = room {
        room.teach(picture, class);
    }
}

#[unsafe(no_mangle)]
extern "C" fn weights(layer: usize, j: usize) -> *const f32 {
    let state = state();
    let inputs = state.sizes.get(layer).map_or(0, |&inputs| inputs as usize);
    for k in 0..inputs {
        let weight = weight(state, layer, j, k);
        if let Some(place) = state.row.get_mut(k) {
            *place = weight;
        }
    }
    state.row.as_ptr()
}

fn weight(state: &State, layer: usize, j: usize, k: usize) -> f32 {
    let own = state
        .room
        .as_ref()
        .and_then(|room| room.weight(layer, j, k));
    own.unwrap_or_else(|| integers(state, layer).map_or(0.0, |layer| layer.weight(j, k)))
}

/// A layer of the model's own integers.
fn integers(state: &State, layer: usize) -> Option<Layer<'_>> {
    let sizes = state.sizes.map(|size| size as usize);
    Layer::find(
        state.file.as_deref()?.get(state.start..)?,
        sizes.get(..state.depth)?,
        layer,
    )
}

#[unsafe(no_mangle)]
extern "C" fn terms(layer: usize, j: usize) -> *const f32 {
    weights(layer, j);
    let State {
        row,
        picture,
        values,
        ..
    } = state();
    match layer.checked_sub(1) {
        None => row
            .iter_mut()
            .zip(picture)
            .for_each(|(term, pixel)| *term *= intensity(*pixel)),
        Some(before) => {
            let before = values.activations.get(before).unwrap_or(&[0.0; NEURONS]);
            row.iter_mut().zip(before).for_each(|(term, a)| *term *= a);
        }
    }
    row.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn bias(layer: usize, j: usize) -> f32 {
    let state = state();
    let own = state.room.as_ref().and_then(|room| room.bias(layer, j));
    own.unwrap_or_else(|| integers(state, layer).map_or(0.0, |layer| layer.bias(j)))
}

#[unsafe(no_mangle)]
extern "C" fn sum(layer: usize, j: usize) -> f32 {
    terms(layer, j);
    let inputs = state()
        .sizes
        .get(layer)
        .map_or(0, |&inputs| inputs as usize);
    let terms = state().row.iter().take(inputs);
    // As the core's loop over all inputs, which has the bits of the one that leaves zeros out.
    terms.fold(0.0, |sum, term| sum + term) + bias(layer, j)
}

const _: () = assert!(PIXELS <= INPUTS);
