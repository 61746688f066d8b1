//! The tasks that use the rooms themselves.

pub mod bench;
pub mod generated;
pub mod manual;

use std::path::{Path, PathBuf};

use xtask::practice::{self, Material};

/// `cargo xtask practice`.
///
/// # Errors
/// A file cannot be read, or as [`practice::make_of`].
pub fn practise(
    out: &Path,
    subjects: u32,
    seed: u64,
    study: Option<PathBuf>,
    chart: Option<PathBuf>,
) -> crate::steps::Outcome {
    let Some(file) = study else { return practice::make(out, subjects, seed) };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let (study, chart) = (std::fs::read(&file)?, chart.map(std::fs::read).transpose()?.unwrap_or_default());
    practice::make_of(out, &Material { name: &name, study: &study, chart: &chart }, subjects, seed)
}
