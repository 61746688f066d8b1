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
