//! What a practice site lays down is this account's alone: it holds keys, and looks like what a real one looks like.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::{BEGIN, computer};

/// Where the process below makes its practice site.
const PLACE: &str = "OUTPOST_PRACTICE_PLACE";

/// A low finding: what others may read must not depend on the umask.
#[test]
fn a_practice_site_is_private_whatever_the_umask_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = std::env::current_exe().expect("this program");
    let made = Command::new("sh")
        .args(["-c", "umask 0; exec \"$0\" --ignored --exact private::made_under_the_umask_of_its_process"])
        .arg(own)
        .env(PLACE, folder.path())
        .output()
        .expect("a shell");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    let mut seen = Vec::new();
    open_to_others(folder.path(), folder.path(), &mut seen);
    assert_eq!(seen, [""; 0], "these can be read or written by others");
}

#[test]
#[ignore = "runs only in the process that the test above starts"]
fn made_under_the_umask_of_its_process() {
    let Ok(folder) = std::env::var(PLACE) else { return };
    practice::practise(&mut computer(Path::new(&folder)), BEGIN).expect("a practice site");
    assert!(Path::new(&folder).join("data/practice").is_dir(), "its center's keys");
}

/// Names what others get at: a folder that is closed closes what is in it.
fn open_to_others(top: &Path, folder: &Path, seen: &mut Vec<String>) {
    for inside in std::fs::read_dir(folder).expect("a folder").flatten() {
        let known = inside.metadata().expect("there");
        if known.permissions().mode() & 0o077 == 0 {
            continue;
        }
        let path = inside.path();
        seen.push(path.strip_prefix(top).expect("within").display().to_string());
        if known.is_dir() {
            open_to_others(top, &path, seen);
        }
    }
}
