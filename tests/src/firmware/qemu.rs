//! Runs a program in QEMU with a clock that counts instructions.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::target::Target;
use super::toolchain::SETUP;

/// Runs a program in a folder, perhaps with more arguments for QEMU, and gives what it wrote to its console.
///
/// # Errors
///
/// In words: no QEMU, an exit code other than 0, or no end within `timeout`.
pub fn run(
    target: &Target,
    elf: &Path,
    folder: &Path,
    timeout: Duration,
    more: &[String],
) -> Result<Vec<u8>, String> {
    let io = |error: std::io::Error| error.to_string();
    let (console, messages) = (folder.join("console"), folder.join("messages"));
    let mut child = Command::new(target.qemu)
        .args(target.board)
        .args(["-icount", "shift=0", "-display", "none"])
        .args(["-serial", "none", "-monitor", "none"])
        .args(["-chardev", "stdio,id=console"])
        .args([
            "-semihosting-config",
            "enable=on,target=native,chardev=console",
        ])
        .args(more)
        .arg("-kernel")
        .arg(elf)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(File::create(&console).map_err(io)?)
        .stderr(File::create(&messages).map_err(io)?)
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}; type {SETUP}", target.qemu))?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(io)? {
            break status;
        }
        if start.elapsed() > timeout {
            child.kill().and_then(|()| child.wait()).map_err(io)?;
            return Err(format!(
                "no end after {} s: {}",
                timeout.as_secs(),
                elf.display()
            ));
        }
        thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        return Err(format!(
            "{} on {} failed, {status}: {}",
            elf.display(),
            target.triple,
            std::fs::read_to_string(&messages).unwrap_or_default(),
        ));
    }
    std::fs::read(&console).map_err(io)
}
