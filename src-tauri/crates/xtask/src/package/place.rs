//! Where the packages lie, and of which commit they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::{self, Outcome, root, target};

/// The file beside the packages that says of which commit they are.
pub const COMMIT: &str = "commit";

/// The folder `target/packages`.
pub fn folder() -> PathBuf {
    target().join("packages")
}

/// The commit in the work tree, and whether anything differs from it.
pub fn commit() -> Outcome<String> {
    let git = ["describe", "--always", "--abbrev=12", "--dirty=, changed since"];
    Ok(steps::output(Command::new("git").args(git).current_dir(root()))?.trim().to_owned())
}

/// What a folder holds.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect()
}

/// Removes a folder, if there is one.
pub fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_all_that_it_holds_and_may_be_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("packages/deb");
        fs::create_dir_all(&inside).expect("a folder");
        fs::write(inside.join("old.deb"), "old").expect("a file");
        assert_eq!(files(&inside).expect("what it holds"), [inside.join("old.deb")]);
        remove(&folder.path().join("packages")).expect("it goes");
        assert!(!inside.exists() && files(&inside).is_err());
        remove(&folder.path().join("packages")).expect("it was gone");
        // A file is no folder: what lies there is somebody's.
        let file = folder.path().join("packages");
        fs::write(&file, "mine").expect("a file");
        assert!(remove(&file).is_err() && file.exists());
    }
}
