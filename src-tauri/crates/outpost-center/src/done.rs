//! What a command comes to, and what several of them print.

use center::CenterError;
use std::path::Path;
use std::process::ExitCode;
use study::StudyIssue;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Center(#[from] CenterError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0}")]
    Said(String),
}

impl CommandError {
    /// What failed at a file, with its name.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let name = path.display().to_string();
        move |error| Self::File(name, error)
    }
}

/// What a command comes to.
pub type Done = Result<ExitCode, CommandError>;

/// All is well.
pub const GOOD: Done = Ok(ExitCode::SUCCESS);

/// Prints what a program is to read.
pub fn print_json<T: serde::Serialize>(value: &T) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(value).map_err(|error| CommandError::Said(error.to_string()))?;
    println!("{json}");
    Ok(())
}

/// Lists the faults of a study.
pub fn refused(faults: &[StudyIssue]) -> ExitCode {
    faults.iter().for_each(|fault| println!("{fault}"));
    println!("{} faults", faults.len());
    ExitCode::FAILURE
}
