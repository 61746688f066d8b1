//! Files that are written beside their place and then take it. What a program that died left of them is removed by a later one: a
//! file that is being written is locked, one that was left is not.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// How the name begins of such a file.
const PREFIX: &str = ".outpost-part-";
/// How it began in earlier versions, and begins with other programs: removed from the center's own folders alone.
const EARLIER: &str = ".tmp";
/// How often a name is tried that others remove under our hands.
const TRIES: u32 = 16;

/// Makes such a file in a folder, for us alone, and locks it.
///
/// # Errors
/// What the system says.
pub fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    for _ in 0..TRIES {
        let made = Builder::new().prefix(PREFIX).tempfile_in(folder)?;
        // Who sweeps may have come between the two; a file system without locks can't tell, and nobody sweeps there.
        let is_swept = matches!(made.as_file().try_lock(), Err(TryLockError::WouldBlock)) || !made.path().exists();
        if !is_swept {
            return Ok(made);
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Whether a name is that of such a file.
pub fn is_beside(name: &str) -> bool {
    name.starts_with(PREFIX) || name.starts_with(EARLIER)
}

/// Removes from one of the center's own folders what was left of such files. What can't be removed stays: it is in nobody's way.
pub fn sweep(folder: &Path) {
    sweep_if(folder, is_beside);
}

/// Removes from anybody's folder what is certain to have been such a file.
pub fn sweep_named(folder: &Path) {
    sweep_if(folder, |name| name.starts_with(PREFIX));
}

fn sweep_if(folder: &Path, is_left: impl Fn(&str) -> bool) {
    let Ok(inside) = fs::read_dir(folder) else { return };
    for entry in inside.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !is_left(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let Ok(left) = File::options().write(true).open(entry.path()) else { continue };
        if left.try_lock().is_ok() {
            // Windows removes no file that is open.
            #[cfg(windows)]
            drop(left);
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{new_in, sweep, sweep_named};
    use std::fs;

    /// A5: what a program that died was writing lay there for ever.
    #[test]
    fn what_is_being_written_stays_and_what_was_left_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = new_in(folder.path()).expect("made");
        let [left, earlier, mine] =
            [".outpost-part-AbCdEf", ".tmpAbCdEf", "letter.txt"].map(|name| folder.path().join(name));
        for file in [&left, &earlier, &mine] {
            fs::write(file, "half a bundle (sample)").expect("written");
        }
        sweep_named(folder.path());
        assert!(written.path().exists() && earlier.exists() && mine.exists() && !left.exists());
        sweep(folder.path());
        assert!(written.path().exists() && mine.exists() && !earlier.exists());
        let place = folder.path().join("a.bundle");
        written.persist(&place).expect("it takes its place");
        sweep(folder.path());
        assert!(place.exists());
    }
}
