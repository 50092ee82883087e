//! Writing a checkpoint.

use rand_xorshift::XorShiftRng;
use serde::{Deserialize, Serialize};
use smidgen_core::crc::Crc32;

use super::super::schedule::Progress;
use super::state::{Checkpoint, Kept, MAGIC, VERSION};

/// The bytes of a checkpoint of a training with `settings`.
#[must_use]
pub fn encode(settings: &[(String, String)], checkpoint: &Checkpoint) -> Vec<u8> {
    let Checkpoint {
        epochs,
        ended,
        snapshot,
        progress,
        kept,
        history,
    } = checkpoint;
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    block(&mut file, lines.collect::<String>().as_bytes());
    file.extend((*epochs as u64).to_le_bytes());
    file.push(u8::from(*ended));
    file.extend(state(&snapshot.rng));
    put_progress(&mut file, progress);
    put_parameters(&mut file, &snapshot.parameters);
    file.push(u8::from(snapshot.velocity.is_some()));
    if let Some(velocity) = &snapshot.velocity {
        put_parameters(&mut file, velocity);
    }
    put_kept(&mut file, kept.as_ref());
    file.extend((history.len() as u32).to_le_bytes());
    file.extend(
        history
            .iter()
            .flatten()
            .flatten()
            .flat_map(|value| value.to_le_bytes()),
    );
    file.extend(Crc32::START.with(&file).value().to_le_bytes());
    file
}

fn put_progress(file: &mut Vec<u8>, progress: &Progress) {
    let best = progress.best.map_or(0, |best| best as u64 + 1);
    file.extend((progress.waited as u64).to_le_bytes());
    file.extend(best.to_le_bytes());
    file.extend(progress.halvings.to_le_bytes());
}

fn put_kept(file: &mut Vec<u8>, kept: Option<&Kept>) {
    file.push(u8::from(kept.is_some()));
    if let Some(kept) = kept {
        file.extend((kept.accuracy.correct as u64).to_le_bytes());
        file.extend((kept.accuracy.total as u64).to_le_bytes());
        block(file, &kept.file);
    }
}

/// Bytes with their length before them; both blocks of a checkpoint are far below 4 GiB.
fn block(file: &mut Vec<u8>, bytes: &[u8]) {
    file.extend((bytes.len() as u32).to_le_bytes());
    file.extend_from_slice(bytes);
}

fn put_parameters(file: &mut Vec<u8>, parameters: &[f32]) {
    file.extend(
        parameters
            .iter()
            .flat_map(|parameter| parameter.to_le_bytes()),
    );
}

/// The state of the generator, by the names that it has where it is serialised.
#[derive(Deserialize, Serialize)]
struct State {
    x: u32,
    y: u32,
    z: u32,
    w: u32,
}

/// x, y, z, w of a generator, as its seed has them.
pub(super) fn state(rng: &XorShiftRng) -> [u8; 16] {
    let state = serde_json::to_value(rng).and_then(serde_json::from_value);
    // A unit test sees that the names are these.
    let State { x, y, z, w } = state.unwrap_or(State {
        x: 0,
        y: 0,
        z: 0,
        w: 0,
    });
    bytemuck::cast([x, y, z, w].map(u32::to_le_bytes))
}
