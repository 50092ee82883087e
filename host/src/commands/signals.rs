//! Being asked to stop: Ctrl-C, the end of a job's time, a terminal that is closed.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The signals that mean: stop.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
/// The signals that mean: stop.
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// What is watched from [`Signals::watch`] on: the first signal asks to stop, the second ends the program at once.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// The number of the signal that came; 0 before.
    number: Arc<AtomicUsize>,
}

impl Signals {
    /// Watches for all of them.
    ///
    /// # Errors
    ///
    /// What the system says if it cannot be done.
    pub fn watch() -> io::Result<Self> {
        let signals = Self::default();
        let came = Arc::new(AtomicBool::new(false));
        for signal in SIGNALS {
            // In this order: the second signal finds what the first has set.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&came))?;
            flag::register(signal, Arc::clone(&came))?;
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&signals.number), number)?;
        }
        Ok(signals)
    }

    /// Whether one has come.
    pub fn came(&self) -> bool {
        self.number.load(Ordering::Relaxed) != 0
    }

    /// The exit code of a program that the signal ended, 128 + its number.
    pub fn exit_code(&self) -> ExitCode {
        let number = self.number.load(Ordering::Relaxed);
        ExitCode::from(u8::try_from(128 + number).unwrap_or(u8::MAX))
    }
}
