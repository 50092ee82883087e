//! Disks with faults, made for real: a small file system in memory that is full, or that cannot be written to.
//!
//! It is mounted in a namespace of its own, which root may do, and others where the system lets them
//! (`unshare --user`); it is gone when the program ends. Where neither may, limits and permissions stand in.

use std::path::Path;
use std::process::{Command, Output};

use crate::binary;
use crate::folder::Folder;

/// What is wrong with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No byte is free.
    Full,
    /// Nothing can be written.
    ReadOnly,
    /// No file can be larger than a kilobyte; needs no rights at all.
    Limit,
}

/// What came of a run on a disk.
pub struct Outcome {
    /// What the program said.
    pub output: Output,
    /// A copy of the files that were on the disk at the end.
    pub files: Folder,
}

/// Mounts the disk at `$1`, puts the file `$2` on it under the name `$3`, runs the rest, and copies all to `$4`.
const MOUNTED: &str = r#"
set -e
disk=$1 old=$2 name=$3 copy=$4 fault=$5; shift 5
mount -t tmpfs -o size=256k tmpfs "$disk"
cp "$old" "$disk/$name"
cd "$disk"
case $fault in
    Full) cat /dev/zero > filler 2> /dev/null || true ;;
    ReadOnly) mount -o remount,ro "$disk" ;;
esac
code=0; "$@" || code=$?
[ "$fault" = ReadOnly ] || rm filler
cp -a . "$copy"
exit $code
"#;

/// The same without a mount.
const UNMOUNTED: &str = r#"
set -e
disk=$1 old=$2 name=$3 copy=$4 fault=$5; shift 5
cp "$old" "$disk/$name"
cd "$disk"
case $fault in
    ReadOnly) chmod 444 "$name"; chmod 555 . ;;
    *) trap '' XFSZ; ulimit -f 1 ;;
esac
code=0; "$@" || code=$?
ulimit -f unlimited 2> /dev/null || true
chmod 755 .
exit $code
"#;

/// Runs the binary on a disk that has a copy of `old` under `name`; the current folder is the disk.
///
/// `None` if nothing on this system makes such a disk: root, for whom permissions do not count, without the right to
/// mount.
///
/// # Panics
///
/// If the shell cannot be started.
#[must_use]
pub fn run(fault: Fault, old: &Path, name: &str, arguments: &str) -> Option<Outcome> {
    let root = is_root();
    let mount = fault != Fault::Limit && may_mount(root);
    if !mount && fault == Fault::ReadOnly && root {
        return None;
    }
    let (disk, copy) = (Folder::new(), Folder::new());
    let (mut command, script) = if mount {
        (unshare(root), MOUNTED)
    } else {
        (Command::new("sh"), UNMOUNTED)
    };
    command.args(["-c", script, "sh"]).arg(disk.root()).arg(old);
    command.arg(name).arg(copy.root()).arg(format!("{fault:?}"));
    command
        .arg(binary::path())
        .args(arguments.split_whitespace());
    let output = command.output().expect("a shell");
    let files = if mount { copy } else { disk };
    Some(Outcome { output, files })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

/// A shell in a mount namespace of its own.
fn unshare(root: bool) -> Command {
    let mut command = Command::new("unshare");
    if !root {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "sh"]);
    command
}

fn may_mount(root: bool) -> bool {
    let mount = "mount -t tmpfs tmpfs /tmp";
    let output = unshare(root).args(["-c", mount]).output();
    output.is_ok_and(|output| output.status.success())
}
