//! What a command comes to, and what several of them print.

use center::{CenterError, Omission, Printable};
use std::fmt::Arguments;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use study::StudyIssue;

/// Why standard output took a line no more.
static UNSAID: OnceLock<io::Error> = OnceLock::new();

/// Prints a line, as `println!` does. Where nobody takes it, on a full disk or behind a closed pipe, the command is done to its
/// end all the same; then [`unsaid`] tells.
macro_rules! say {
    ($($words:tt)*) => { $crate::done::say_line(format_args!($($words)*)) };
}
pub(crate) use say;

/// Says a line on standard error, as `eprintln!` does.
macro_rules! complain {
    ($($words:tt)*) => { $crate::done::complain_line(format_args!($($words)*)) };
}
pub(crate) use complain;

/// What [`complain`] does. Nothing in the words is obeyed by a terminal.
pub fn complain_line(words: Arguments<'_>) {
    // Who can't be told that can't be told why either.
    let _ = writeln!(io::stderr().lock(), "{}", Printable(words).lines());
}

/// What [`say`] does. Nothing in the words is obeyed by a terminal; a name that must not begin a line or a column of its own
/// comes as a [`Printable`].
pub fn say_line(words: Arguments<'_>) {
    if let Err(error) = writeln!(io::stdout().lock(), "{}", Printable(words).lines()) {
        // The first says why; the others follow from it.
        let _ = UNSAID.set(error);
    }
}

/// Why something could not be said, if so.
pub fn unsaid() -> Option<&'static io::Error> {
    UNSAID.get()
}

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
        let name = Printable(path.display()).to_string();
        move |error| Self::File(name, error)
    }
}

/// What a command comes to.
pub type Done = Result<ExitCode, CommandError>;

/// All is well.
pub const GOOD: Done = Ok(ExitCode::SUCCESS);

/// Says what was left out, and that it is not all well then.
pub fn whole(omitted: &[Omission]) -> Done {
    omitted.iter().for_each(|omission| say!("left out: {omission}"));
    Ok(if omitted.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what a program is to read.
pub fn print_json<T: serde::Serialize>(value: &T) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(value).map_err(|error| CommandError::Said(error.to_string()))?;
    say!("{json}");
    Ok(())
}

/// Lists the faults of a study.
pub fn refused(faults: &[StudyIssue]) -> ExitCode {
    faults.iter().for_each(|fault| say!("{fault}"));
    say!("{} faults", faults.len());
    ExitCode::FAILURE
}
